"""A roster off a Chinese map comes in through the page; its people have proposals at the end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tenants.arrivals.lookups import counts_by_state
from tests.factories.counties import a_community
from tests.factories.jobs import work_off
from tests.factories.people import a_person
from tests.factories.rosters import (
    BOUNDARY,
    COMMUNITY_NAME,
    csv_bytes,
    in_system,
    people,
    person,
    table,
)
from tests.journeys.conftest import Tablet

ROWS = [*people(11), person(12, 出生日期="1990-02-30"), person(3)]


@pytest.fixture
def admin(county):
    middle = BOUNDARY.centroid
    centre = (round(middle.x, 7), round(middle.y, 7))
    return a_person(a_community(county, name=COMMUNITY_NAME, centre=centre), "community_admin")


def upload(tablet: Tablet, admin, content: bytes, system: str) -> None:
    page = tablet.page
    page.goto(f"{admin.office.pages}/imports")
    page.locator("[name=file]").set_input_files(
        {"name": "流入名册.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.locator(f"[name=system][value={system}]").check()
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}$"))


def test_a_roster_is_checked_accepted_and_matched(tablet: Tablet, admin):
    community, page = admin.office, tablet.page
    tablet.sign_in(admin)
    upload(tablet, admin, csv_bytes(table(in_system(ROWS, "gcj02")), "gb18030"), "gcj02")
    expect(page.locator(".progress")).to_be_visible()
    assert work_off(community) == ["done"]
    accept = page.get_by_role("button", name="导入这 11 人")
    expect(accept).to_be_visible()
    expect(page.get_by_text("日期“1990-02-30”不成立")).to_be_visible()
    expect(page.get_by_text("与第 4 行是同一个人")).to_be_visible()
    tablet.picture("import.png")
    with community.acting() as scope:
        assert counts_by_state(scope) == {}, "nothing is in before a person accepts"

    accept.click()
    expect(page.locator(".progress")).to_be_visible()
    assert work_off(community) == ["done", "done"]
    expect(page.get_by_text("其中流入党员 11 位")).to_be_visible()
    page.get_by_role("button", name="看他们的建议").or_(
        page.get_by_role("link", name="看他们的建议")
    ).first.click()
    expect(page.get_by_role("heading", name="今日")).to_be_visible()
    expect(page.get_by_text("建议编入").first).to_be_visible()
    expect(page.locator("article.due").filter(has_text="建议编入")).to_have_count(11)

    page.goto(f"{community.pages}/map")
    expect(page.locator("#map-status")).to_contain_text("11 位待安排")


def test_the_wrong_system_is_noticed_before_anything_goes_in(tablet: Tablet, admin):
    tablet.sign_in(admin)
    upload(tablet, admin, csv_bytes(table(in_system(people(30), "gcj02"))), "wgs84")
    work_off(admin.office)
    page = tablet.page
    expect(page.get_by_text("按 GCJ-02 则有 30 人")).to_be_visible()
    with admin.office.acting() as scope:
        assert counts_by_state(scope) == {}
    page.get_by_label("GCJ-02", exact=True).check()
    page.get_by_label("依据").select_option("source_said")
    page.get_by_role("button", name="就按这个读，重新检查").click()
    work_off(admin.office)
    expect(page.get_by_text("新增 30 人。")).to_be_visible()
    page.get_by_role("link", name="核对各列的含义").click()
    expect(page.get_by_role("heading", name="核对各列")).to_be_visible()
    expect(page.get_by_label("“现居住地”当作")).to_have_value("address")


def test_without_a_system_nothing_is_sent_on(tablet: Tablet, admin):
    tablet.expected.add(422)
    tablet.sign_in(admin)
    page = tablet.page
    page.goto(f"{admin.office.pages}/imports")
    page.locator("[name=file]").set_input_files(
        {"name": "名册.csv", "mimeType": "text/csv", "buffer": b"x"}
    )
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("请选择坐标系：同一个点在不同地图上相差几百米。")).to_be_visible()
