"""A grid leader's first minutes: sign in, see the map, tap somebody, accept, think again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tenants.arrivals.lookups import arrival
from tenants.matching.actions import ask_for_another
from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.jobs import work_off
from tests.factories.members import some_members
from tests.journeys.conftest import Tablet


@pytest.fixture
def waiting(community):
    """Twelve members, three others who wait, and the one this journey is about."""
    for cell in (1, 2, 3, 4):
        for step in (-120, 0, 150):
            some_members(community, 1, home=community.inside(cell, east=step, north=-step / 2))
    for cell in (1, 2, 4):
        an_arrival(community, home=community.inside(cell, east=-90, north=120))
    work_off(community)
    return a_proposed_arrival(community, name="虚构来客", home=community.inside(1, 160, -140))


def test_a_leader_opens_the_map_and_decides_about_an_arrival(tablet: Tablet, leader, waiting):
    arrival_id, proposal = waiting
    community, page = leader.office, tablet.page
    tablet.sign_in(leader)
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    status = page.locator("#map-status")
    expect(status).to_contain_text("待安排")
    assert tablet.picture("map.png").stat().st_size > 20_000
    assert tablet.refused() == []

    # Close up, so that a finger finds the one in the middle.
    lon, lat = community.inside(1, 160, -140)
    page.goto(f"{community.pages}/map#18/{lat}/{lon}")
    page.reload()
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    expect(status).to_contain_text("1 位待安排")
    ground = page.locator(".leaflet-container").bounding_box()
    page.touchscreen.tap(ground["x"] + ground["width"] / 2, ground["y"] + ground["height"] / 2)
    card = page.locator("#sheet-body")
    name = card.get_by_role("heading", name="虚构来客")
    # Somebody who waits is in the register too: the map asks which of the two is meant.
    which = page.get_by_role("button", name="待安排的流入党员")
    expect(name.or_(which)).to_be_visible()
    if which.is_visible():
        which.click()
    expect(name).to_be_visible()
    expect(card).to_contain_text("建议编入 第1支部")
    tablet.picture("card.png")

    card.get_by_role("button", name="接受").click()
    expect(card.get_by_text("已接受建议，编入第1支部。")).to_be_visible()
    with community.acting() as scope:
        assert arrival(scope, arrival_id).state == "placed"
        assert arrival(scope, arrival_id).branch_id == proposal.branch_id

    card.get_by_role("button", name="撤销").click()
    expect(card.get_by_text("已撤销，名额退回，建议重新等待决定。")).to_be_visible()
    with community.acting() as scope:
        assert arrival(scope, arrival_id).state == "proposed"
        assert arrival(scope, arrival_id).branch_id is None


def test_somebody_else_was_faster_and_the_page_says_so(tablet: Tablet, leader, colleague, waiting):
    arrival_id, proposal = waiting
    tablet.sign_in(leader)
    tablet.page.goto(f"{leader.office.pages}/arrivals/{arrival_id}")
    with colleague.acting() as scope:
        ask_for_another(scope, proposal.id)
    tablet.page.get_by_role("button", name="接受").click()
    expect(tablet.page.locator("#case .notice.bad")).to_contain_text("刚刚")
    work_off(leader.office)
    # The page asks by itself until the next proposal is there.
    expect(tablet.page.get_by_role("button", name="接受")).to_be_visible()
    expect(tablet.page.locator("#case")).to_contain_text("第2支部")


def test_a_leader_reaches_everything_from_the_keyboard(tablet: Tablet, leader, waiting):
    page = tablet.page
    tablet.sign_in(leader)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "() => document.activeElement.getAttribute('href') || document.activeElement.id"
            )
        )
    for place in ("today", "members", "more"):
        assert any(place in (where or "") for where in reached), (place, reached)
    assert "map-home" in reached
