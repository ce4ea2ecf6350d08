"""Two communities hand somebody over, and an office above looks in through a door it leaves open."""

from __future__ import annotations

import pytest

from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.doors import REASON
from tests.factories.jobs import work_off
from tests.factories.people import a_person
from tests.factories.redirects import a_neighbour
from tests.journeys.conftest import Tablet


@pytest.fixture
def another(chromium, address):
    """The tablet of somebody else, at the same time."""
    tablet = Tablet(chromium, address)
    yield tablet
    tablet.page.context.close()


def test_somebody_goes_to_the_neighbours_branch(tablet, another, community, colleague):
    neighbour = a_neighbour(community)
    other = a_person(neighbour, "community_admin", name="邻社区丁")
    arrival_id = an_arrival(community, name="虚构党员辰", home=community.inside(2, east=240))
    tablet.sign_in(colleague)
    ours, page = tablet.page, f"{community.pages}/arrivals/{arrival_id}"
    ours.goto(page)
    ours.get_by_role("button", name="转到别的社区").click()
    tablet.picture("redirect-new.png")
    ours.get_by_role("radio").first.check()
    ours.get_by_role("button", name="提出转出").click()
    ours.get_by_text("对方接收之前看不到姓名").wait_for()
    work_off(community)

    another.sign_in(other)
    theirs = another.page
    theirs.goto(f"{neighbour.pages}/redirects")
    another.picture("redirects.png")
    theirs.get_by_role("link", name="转来的同志").click()
    assert "虚构党员辰" not in theirs.content()
    another.picture("redirect-asked.png")
    theirs.get_by_role("button", name="接收", exact=True).click()
    theirs.get_by_text("已接收，名额已留好").wait_for()
    work_off(neighbour)

    ours.goto(f"{community.pages}/redirects")
    ours.get_by_role("link", name="虚构党员辰").click()
    ours.get_by_role("button", name="同意转出").click()
    work_off(community)
    theirs.reload()
    theirs.get_by_text("已转入").wait_for()
    theirs.get_by_role("button", name="编入支部的进展").click()
    theirs.get_by_role("heading", name="虚构党员辰").wait_for()
    assert tablet.troubles == another.troubles == []


def test_what_a_run_suggests_next_door_is_declined_thought_over_and_taken(
    tablet, community, colleague
):
    neighbour = a_neighbour(community)
    arrival_id = an_arrival(community, name="虚构党员申", home=community.inside(4, east=240))
    tablet.sign_in(colleague)
    page = tablet.page
    page.goto(f"{community.pages}/arrivals/{arrival_id}")
    work_off(community)
    # The case finds out by itself what the run found, and so does what is suggested beside it.
    page.get_by_role("heading", name="邻近社区有更合适的支部").wait_for()
    page.get_by_text(f"{neighbour.scope.name}，第3支部").wait_for()
    tablet.picture("redirect-suggested.png")
    page.set_viewport_size({"width": 390, "height": 844})
    tablet.picture("redirect-suggested-narrow.png")
    page.goto(f"{community.pages}/redirects")
    page.get_by_role("heading", name="系统建议转出的").wait_for()
    tablet.picture("redirects-suggested-narrow.png")
    page.set_viewport_size({"width": 1280, "height": 800})
    tablet.picture("redirects-suggested.png")
    page.get_by_role("link", name="虚构党员申").click()
    page.get_by_role("button", name="留在本社区").click()
    page.get_by_text("已决定留在本社区").wait_for()
    page.get_by_role("button", name="撤销", exact=True).last.click()
    page.get_by_role("button", name="向那边提出").click()
    page.get_by_text("对方接收之前看不到姓名").wait_for()
    page.goto(f"{community.pages}/redirects")
    page.get_by_text("等对方答复").wait_for()
    assert tablet.troubles == []


def test_an_office_looks_in_and_everybody_sees_it(
    tablet, another, community, county_admin, colleague
):
    arrival_id, _card = a_proposed_arrival(community, name="虚构党员巳")
    tablet.sign_in(county_admin)
    above = tablet.page
    above.goto(f"{community.county.pages}/doors")
    above.locator("[name=community]").select_option(community.slug)
    above.get_by_label("为什么要进入").fill(REASON)
    tablet.picture("door-open.png")
    above.get_by_role("button", name="打开门").click()
    above.wait_for_url(f"**{community.pages}/map")
    above.goto(f"{community.pages}/arrivals/{arrival_id}")
    tablet.picture("door-inside.png")

    another.sign_in(colleague)
    inside = another.page
    inside.get_by_text(REASON).wait_for()
    inside.goto(f"{community.pages}/audit")
    inside.get_by_role("cell", name="上级来访").first.wait_for()
    another.picture("audit.png")
    inside.get_by_role("button", name="查看或结束").wait_for()
    inside.set_viewport_size({"width": 390, "height": 844})
    inside.goto(f"{community.pages}/doors")
    another.picture("doors-narrow.png")
    inside.get_by_role("button", name="现在关上").first.click()
    inside.get_by_text("门已关上").wait_for()
    tablet.expected.add(404)
    above.reload()
    above.get_by_role("heading", name="没有找到").wait_for()
    assert tablet.troubles == another.troubles == []
