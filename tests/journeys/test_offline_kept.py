"""What a tablet keeps: only under its key, only while it may, and gone when it must be gone."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import expect
from sqlalchemy import text

from tenants.database import db
from tests.journeys.tablets import Pad, kept, open_tablet, ready, record


def test_nothing_that_is_kept_can_be_read_without_its_key(pad: Pad, leader, people):
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    pad.away()
    record(page, 0)
    expect(page.locator("#unsent")).to_be_visible()
    key = page.evaluate(
        "async () => { const { key } = await WanggeStore.fact('key');"
        " return [key.extractable, (await WanggeStore.fact('boxKey')).extractable]; }"
    )
    assert key == [False, False]
    pad.switch_off()
    on_disk = b"".join(
        path.read_bytes()
        for path in pad.profile.rglob("*")
        if path.is_file() and "IndexedDB" in str(path)
    )
    pad.switch_on()
    assert "虚构党员".encode() not in on_disk
    assert "虚构党员".encode("utf-16-le") not in on_disk
    assert str(people[0]).encode() not in on_disk


def test_what_is_kept_ends_with_its_key(pad: Pad, leader, people):
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    pad.away()
    page.evaluate(
        "async () => { const key = await WanggeStore.fact('key');"
        " await WanggeStore.keep('key', { ...key, expires: Date.now() - 1000 }); }"
    )
    page.reload()
    ready(page)
    expect(page.locator(".call")).to_have_count(0)
    assert page.evaluate("() => WanggeStore.fact('kept')") is None


def test_what_a_leader_no_longer_leads_is_gone_at_the_next_contact(pad: Pad, leader, people):
    community = leader.office
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    pad.away()
    record(page, 0)
    expect(page.locator("#unsent")).to_have_text("1 条未送出")
    with community.acting():
        db.session.execute(
            text("UPDATE standing SET valid_to = :day WHERE id = :id"),
            {"day": date.today() - timedelta(days=1), "id": leader.scope.standing_id},
        )
    pad.away(False)
    page.evaluate("() => WanggeTablet.send(true)")
    expect(page.locator(".call")).to_have_count(0)
    assert page.evaluate("() => WanggeKept.read()") is None
    assert page.evaluate("() => WanggeStore.fact('key')") is None


def test_signing_out_clears_the_tablet(pad: Pad, leader, people):
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    page.locator(".account summary").click()
    page.locator(".account form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in**")
    left = page.evaluate(
        "async () => [(await indexedDB.databases()).map((d) => d.name), await caches.has('wangge-shells')]"
    )
    assert left == [[], False]
