"""A building is tapped on the small map, a home is chosen by keyboard, the map finds the building."""

from __future__ import annotations

from playwright.sync_api import expect

from tenants.members.lookups import member_card
from tenants.places.buildings_lookups import buildings
from tests.factories.buildings import a_building, a_compound
from tests.factories.members import a_member
from tests.journeys.conftest import Tablet


def test_a_tap_on_the_small_map_is_the_building(tablet: Tablet, colleague, community):
    compound = a_compound(community)
    a_building(community, "1号楼", compound=compound, east=60)
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/buildings/new?compound={compound}")
    ground = page.locator(".picker-map")
    expect(ground).to_be_visible()
    page.get_by_label("名称").fill("8号楼")
    ground.scroll_into_view_if_needed()
    box = ground.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2 + 30)
    expect(page.locator(".picker-said")).to_contain_text("已选这个点")
    expect(page.locator("[name=system][value=wgs84]")).to_be_checked()
    tablet.picture("building_form.png")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="清和小区8号楼")).to_be_visible()
    tablet.picture("building.png")
    with community.acting() as scope:
        [made] = buildings(scope, words="8号楼")
    lon, lat = community.centre
    assert abs(made.lon - lon) < 0.005 and abs(made.lat - lat) < 0.005
    page.goto(f"{community.pages}/buildings")
    tablet.picture("buildings.png")


def test_the_unplaced_are_settled_from_the_keyboard_and_undone(
    tablet: Tablet, colleague, community
):
    third = a_building(community, compound=a_compound(community))
    first = a_member(community, name="甲一", home=None, address="清和小区三栋301")
    second = a_member(community, name="乙二", home=None, address="清和小区")
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/homes")
    expect(page.get_by_role("heading", name="甲一")).to_be_visible()
    tablet.picture("unplaced.png")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="乙二")).to_be_visible()
    expect(page.locator(".notice.good")).to_contain_text("清和小区3号楼")
    with community.acting() as scope:
        there = member_card(scope, first)
        assert (there.home_building, there.home_precision) == ("清和小区3号楼", "building")
    page.keyboard.press("z")
    expect(page.get_by_text("住处恢复为原来的样子")).to_be_visible()
    with community.acting() as scope:
        assert member_card(scope, first).home is None
        assert member_card(scope, second).home is None
    assert third


def test_an_address_offers_buildings_while_an_arrival_is_registered(
    tablet: Tablet, colleague, community
):
    a_building(community, compound=a_compound(community))
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/arrivals/new")
    page.get_by_label("姓名").fill("来者甲")
    page.get_by_label("住址", exact=True).fill("清和小区三栋1单元102")
    page.get_by_role("button", name="按住址找楼栋").click()
    found = page.locator("#places-found")
    expect(found).to_contain_text("清和小区3号楼")
    expect(found.get_by_role("radio").first).to_be_checked()
    tablet.picture("arrival_building.png")
    page.get_by_role("button", name="登记并找支部").click()
    expect(page.get_by_text("已登记。")).to_be_visible()
    expect(page.get_by_text("清和小区3号楼，精确到楼栋")).to_be_visible()


def test_the_map_finds_a_building(tablet: Tablet, leader, community):
    third = a_building(community, compound=a_compound(community))
    a_member(community, name="甲一")
    page = tablet.page
    tablet.sign_in(leader)
    page.goto(f"{community.pages}/map")
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    page.locator("#map-find").click()
    sheet = page.locator("#sheet")
    sheet.get_by_role("searchbox").fill("清和小区三栋")
    sheet.get_by_role("button", name="查找").click()
    sheet.get_by_role("button", name="清和小区3号楼").click()
    expect(sheet.get_by_role("heading", name="清和小区3号楼")).to_be_visible()
    page.locator("#layer-switch summary").click()
    page.locator("[data-layer=buildings]").check()
    expect(page.locator("[data-count=buildings]")).not_to_be_empty()
    tablet.picture("map_building.png")
    assert third
