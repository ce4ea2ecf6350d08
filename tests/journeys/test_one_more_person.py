"""After a run: many accepted by a job, one person more weighed, a branch shared with neighbours."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tenants.matching.assignments import accepting
from tenants.matching.assignments.actions import start_county_run
from tests.factories.assignments import a_run, some_arrivals
from tests.factories.counties import a_community, beside
from tests.factories.jobs import work_off
from tests.journeys.conftest import Tablet

PHONE = {"width": 390, "height": 844}


def test_one_person_more_moves_nobody_and_says_whom_it_would(
    tablet: Tablet, community, colleague, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(accepting, "MOST_AT_ONCE", 1)
    some_arrivals(community, community.inside(3, north=200), community.inside(1))
    run_id = a_run(community)
    some_arrivals(community, community.inside(3))
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/assignments/{run_id}")
    page.get_by_role("link", name="来一个人会怎样").click()
    page.get_by_role("button", name="看一看").click()
    expect(page.get_by_text("要动 1 个已经安排好的人")).to_be_visible()
    tablet.picture("one_more.png")
    page.set_viewport_size(PHONE)
    tablet.picture("one_more_phone.png")

    page.goto(f"{community.pages}/assignments/{run_id}")
    page.get_by_role("button", name="全部接受（2 人）").click()
    expect(page.get_by_text("要么全部办成，要么一个也不动")).to_be_visible()
    tablet.picture("accepting.png")
    work_off(community)
    undo = page.get_by_role("button", name="撤销这次接受")
    expect(undo).to_be_visible(timeout=10_000)
    undo.click()
    work_off(community)
    expect(page.get_by_role("button", name="全部接受（2 人）")).to_be_visible(timeout=10_000)


def test_neighbours_read_of_a_branch_they_could_share(tablet: Tablet, county, community, colleague):
    neighbour = a_community(county, name="邻社区", centre=beside(community))
    far = (community.centre[0] + 0.3, community.centre[1])
    some_arrivals(community, far, far)
    some_arrivals(neighbour, far)
    with county.acting() as scope:
        start_county_run(scope, basis="nearer", reach_metres=3000)
    work_off(county)
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/assignments")
    expect(page.get_by_text("县里告知：可以合设临时党支部")).to_be_visible()
    page.get_by_role("table", name="以前的安排").get_by_role("link").click()
    expect(page.get_by_text("另有别的社区 1 人")).to_be_visible()
    tablet.picture("told.png")
    page.get_by_role("button", name="在地图上看").click()
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    expect(page.get_by_text("邻社区")).to_have_count(0)
