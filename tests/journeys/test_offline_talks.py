"""First talks on a tablet without a network: addresses in the walk, and no trace of who was there."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tenants.arrivals.talks.actions import put_on_the_list
from tenants.database import db
from tests.factories.arrivals import an_arrival
from tests.factories.buildings import a_building
from tests.journeys.browsers import ARTEFACTS
from tests.journeys.tablets import PATIENCE, Pad, kept, open_tablet


@pytest.fixture
def addresses(community):
    """Two addresses in cell 1, and somebody between them who came."""
    an_arrival(community, name="虚构党员", home=community.inside(1, east=60))
    for name, east in (("1号楼", 10), ("2号楼", 120)):
        building = a_building(community, name, east=east)
        with community.acting() as scope:
            put_on_the_list(scope, building, "602 室", date.today())
    return community


def states(community) -> list[tuple]:
    with community.acting():
        rows = db.session.execute(text("SELECT state, attempts FROM first_talk ORDER BY id"))
        return [tuple(row) for row in rows]


def test_a_walk_of_addresses_and_people(pad: Pad, leader, addresses):  # noqa: F811
    pad.sign_in(leader)
    page = open_tablet(pad, leader)
    kept(page)
    pad.away()
    page.reload()
    titles = page.locator(".call h3")
    expect(titles).to_have_count(3)
    assert [each.split()[1] for each in titles.all_text_contents()] == [
        "1号楼",
        "虚构党员",
        "2号楼",
    ]
    page.locator("#tablet-map summary").click()
    expect(page.locator(".tablet-number")).to_have_count(3)
    first, last = page.locator(".call.talk").first, page.locator(".call.talk").last
    for button in first.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44
    first.locator("[data-did=not_home]").click()
    expect(first.locator(".saved")).to_contain_text("已存在平板上：没人在家")
    first.get_by_role("button", name="撤销").click()
    expect(page.locator("#unsent")).to_be_hidden()
    first.locator("[data-did=not_home]").click()
    last.locator("[data-did=over]").click()
    expect(page.locator("#unsent")).to_have_text("2 条未送出")
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / "offline-talks.png", full_page=True)
    assert "不是党员" not in page.content() and "不想说" not in page.content()
    pad.away(False)
    expect(page.locator("html[data-unsent='0']")).to_be_attached(timeout=PATIENCE)
    assert states(addresses) == [("come_back", 1)]
    page.locator("#tablet-fetch").click()
    expect(page.locator(".call.talk")).to_have_count(1)
    assert page.evaluate("() => window.__refused") == []
