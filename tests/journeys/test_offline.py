"""The tablet without a network: nothing lost, nothing twice."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import text

from tenants.database import db
from tests.factories.visits import visits
from tests.journeys.browsers import ARTEFACTS
from tests.journeys.tablets import (
    PATIENCE,
    Pad,
    kept,
    open_tablet,
    ready,
    record,
    sent,
    waiting,
)

ADD_VISITS = (
    "async ([members, from, to]) => { for (let i = from; i < to; i++)"
    " await WanggeOutbox.add('visit', { member: members[i % members.length],"
    " happened_on: new Date().toISOString().slice(0, 10), outcome: 'reached', way: 'visit',"
    " kind: 'contact', topics: [], next_step: '', next_on: null, note: '', wish: '' }); }"
)
"""([members, from, to]) => visits into the tablet's queue, as fast as it takes them."""
LOSE_AN_ANSWER = (
    "() => { const real = window.fetch; let lost = 0; window.fetch = async (...asked) => {"
    " const answer = await real(...asked);"
    " if (String(asked[0]).endsWith('/operations') && lost++ < 1) throw new TypeError('lost');"
    " window.__lost = lost; return answer; }; }"
)
"""The first delivery of a tab arrives, and its answer gets lost on the way back."""


def test_a_day_without_a_network(pad: Pad, leader, people):
    community = leader.office
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    expect(page.locator(".call")).to_have_count(6)
    pad.away()
    # Whatever page is asked for, the kept one opens.
    page.goto(f"{community.pages}/today")
    ready(page)
    expect(page.get_by_role("heading", name="离线工作")).to_be_visible()
    expect(page.locator(".call")).to_have_count(6)
    record(page, 0)
    expect(page.locator(".call").first.locator(".saved")).to_contain_text("已存在平板上")
    expect(page.locator("#unsent")).to_have_text("1 条未送出")
    record(page, 1, "missed")
    record(page, 2)
    page.locator(".call").nth(2).get_by_role("button", name="撤销").click()
    expect(page.locator("#unsent")).to_have_text("2 条未送出")
    page.locator("#tablet-map summary").click()
    expect(page.locator(".tablet-number").first).to_be_visible()
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / "offline.png", full_page=True)
    assert page.evaluate("() => window.__refused") == []
    pad.away(False)
    expect(page.locator("html[data-unsent='0']")).to_be_attached(timeout=PATIENCE)
    outcomes = [(visit.member_id in people, visit.outcome) for visit in visits(community)]
    assert outcomes == [(True, "reached"), (True, "not_reached")]


def test_200_operations_over_two_tabs_and_a_restart_are_200_visits(pad: Pad, leader, people):
    community = leader.office
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    other = open_tablet(pad, leader, pad.context.new_page())
    pad.away()
    ids = [str(id_) for id_ in people]
    page.evaluate(ADD_VISITS, [ids, 0, 60])
    other.evaluate(ADD_VISITS, [ids, 60, 120])
    pad.switch_off()
    page = pad.switch_on()
    pad.away()
    open_tablet(pad, leader, page)
    assert waiting(page) == 120
    other = open_tablet(pad, leader, pad.context.new_page())
    page.evaluate(ADD_VISITS, [ids, 120, 160])
    other.evaluate(ADD_VISITS, [ids, 160, 200])
    assert waiting(page) == 200
    for tab in (page, other):
        tab.evaluate(LOSE_AN_ANSWER)
    pad.away(False)
    for _ in range(4):
        for tab in (page, other):
            tab.evaluate("() => WanggeTablet.send(true)")
    expect(page.locator("html[data-unsent='0']")).to_be_attached(timeout=PATIENCE)
    assert page.evaluate("() => window.__lost || 0") + other.evaluate("() => window.__lost || 0")
    assert len(visits(community)) == 200
    assert waiting(page) == 0


@pytest.mark.parametrize("how", ["500", "401", "half", "away", "html"])
def test_a_server_in_trouble_loses_nothing_and_is_not_stormed(pad: Pad, leader, people, how):
    community = leader.office
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    asked = []

    def trouble(route: Route) -> None:
        asked.append(1)
        if how == "away":
            route.abort()
        elif how == "half":
            real = route.fetch().text()
            route.fulfill(status=200, body=real[: len(real) // 2], content_type="application/json")
        elif how == "html":
            route.fulfill(status=200, body="<h1>登录热点</h1>", content_type="text/html")
        else:
            route.fulfill(status=int(how), body="{}", content_type="application/problem+json")

    page.route("**/operations", trouble)
    record(page, 0)
    record(page, 1)
    page.wait_for_timeout(6_000)
    # At once, and after some seconds of rest: not one for every event.
    assert 1 <= len(asked) <= 4
    for _ in range(10):
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    page.wait_for_timeout(500)
    assert len(asked) <= 5
    assert waiting(page) == 2
    expect(page.locator("#unsent")).to_contain_text("2 条未送出")
    page.unroute("**/operations")
    sent(page)
    assert len(visits(community)) == 2


def test_the_order_holds_with_a_clock_that_is_a_day_wrong(pad: Pad, leader, people):
    community = leader.office
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    pad.away()
    wrong = (
        "(days) => { const real = Date.now, Real = Date; window.Date = class extends Real {"
        " constructor(...a) { a.length ? super(...a) : super(real() + days * 864e5); }"
        " static now() { return real() + days * 864e5; } }; }"
    )
    page.evaluate(wrong, 1)
    record(page, 0, "missed")
    page.evaluate(wrong, -2)
    record(page, 0, "met")
    expect(page.locator("#unsent")).to_have_text("2 条未送出")
    pad.away(False)
    sent(page)
    assert [visit.outcome for visit in visits(community)] == ["not_reached", "reached"]


def test_a_queue_as_a_file_comes_back_once(pad: Pad, leader, people, tmp_path):
    community = leader.office
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    pad.away()
    record(page, 0)
    record(page, 1)
    expect(page.locator("#unsent")).to_have_text("2 条未送出")
    with page.expect_download() as download:
        page.get_by_role("button", name="存成文件").click()
    saved = tmp_path / "queue.json"
    download.value.save_as(saved)
    assert len(json.loads(saved.read_text("utf-8"))["operations"]) == 2
    page.locator("#queue-load").set_input_files(saved)
    expect(page.locator("#file-state")).to_contain_text("取回 0 条，另有 2 条平板上已经有")
    page.evaluate(
        "() => WanggeOutbox.all().then((all) => Promise.all(all.map((e) => WanggeOutbox.dismiss(e.sequence))))"
    )
    page.locator("#queue-load").set_input_files(saved)
    expect(page.locator("#file-state")).to_contain_text("取回 2 条")
    (tmp_path / "wrong.json").write_text("[1, 2")
    page.locator("#queue-load").set_input_files(tmp_path / "wrong.json")
    expect(page.locator("#file-state")).to_contain_text("没有取回任何内容")
    pad.away(False)
    sent(page)
    assert len(visits(community)) == 2


def test_little_room_is_said_before_anything_is_lost(pad: Pad, leader, people):
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    pad.away()
    page.evaluate(
        "() => { navigator.storage.estimate = async () => ({ usage: 100, quota: 1000 }); }"
    )
    record(page, 0)
    expect(page.locator("#tablet-warning")).to_contain_text("快满了")
    assert waiting(page) == 1
    # And when it is full, nothing pretends to be saved.
    page.evaluate(
        "() => { IDBObjectStore.prototype.add = () => {"
        " throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    record(page, 1)
    expect(page.locator("#tablet-warning")).to_contain_text("没有存下来")
    expect(page.locator(".call").nth(1).locator(".saved")).to_be_empty()


def test_two_facts_are_shown_and_a_person_says_which_holds(pad: Pad, leader, people):
    community = leader.office
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    pad.away()
    line = page.locator(".call").first
    line.get_by_text("卡片").click()
    line.get_by_text("资料有变").click()
    line.locator("[name=employer]").fill("虚构新单位")
    line.get_by_role("button", name="保存更正").click()
    expect(page.locator("#unsent")).to_have_text("1 条未送出")
    member = line.get_attribute("data-member")
    with community.acting():
        db.session.execute(
            text("UPDATE member SET employer = '别处改的', version = version + 1 WHERE id = :id"),
            {"id": member},
        )
    pad.away(False)
    page.evaluate("() => WanggeTablet.send(true)")
    expect(page.locator("#queue-list")).to_contain_text("别处改的")
    expect(page.locator("#queue-list")).to_contain_text("虚构新单位")
    page.screenshot(path=ARTEFACTS / "conflict.png", full_page=True)
    page.get_by_role("button", name="仍按我填的改").click()
    sent(page)
    with community.acting():
        employer = db.session.execute(
            text("SELECT employer FROM member WHERE id = :id"), {"id": member}
        ).scalar_one()
    assert employer == "虚构新单位"
