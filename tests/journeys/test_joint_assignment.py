"""An administrator assigns everybody who waits, sees the lines, accepts, and takes it back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.factories.assignments import some_arrivals
from tests.factories.jobs import work_off
from tests.journeys.conftest import Tablet


def test_from_the_question_to_the_lines_and_back(tablet: Tablet, community, colleague):
    some_arrivals(community, *[community.inside(3, east=15 * n) for n in range(3)])
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/more")
    page.get_by_role("button", name="统一安排").click()
    page.get_by_role("button", name="开始安排").click()
    expect(page.get_by_role("heading", name="正在安排")).to_be_visible()
    work_off(community)
    accept_all = page.get_by_role("button", name="全部接受（3 人）")
    expect(accept_all).to_be_visible()
    expect(page.get_by_text("已证明：安排得最多，总路程最短")).to_be_visible()
    people = page.get_by_role("table", name="每个人")
    people.get_by_text("为什么不是更近的？").first.click()
    expect(people.get_by_text("名额已满").first).to_be_visible()

    with page.expect_response("**/features/ways?*") as asked:
        page.get_by_role("button", name="在地图上看").click()
    assert len(asked.value.json()["features"]) == 3
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    expect(page.locator("#map-status")).to_contain_text("3 位有支部")
    tablet.picture("assignment.png")
    page.go_back()

    people.get_by_role("button", name="接受").first.click()
    expect(people.get_by_text("已接受")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="全部接受（2 人）").click()
    expect(page.get_by_text("已接受 2 人的安排")).to_be_visible()
    page.get_by_role("button", name="撤销这次接受").first.click()
    expect(page.get_by_text("2 人恢复原状")).to_be_visible()
    expect(page.get_by_role("button", name="全部接受（2 人）")).to_be_visible()
