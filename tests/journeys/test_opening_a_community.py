"""The county opens a community and lets its administrator in, who lets in a leader."""

from __future__ import annotations

import json

import shapely
from playwright.sync_api import expect

from tests.factories.counties import HALF_EAST
from tests.factories.people import PASSWORD
from tests.journeys.conftest import Tablet


def ground(lon: float, lat: float, half: float = 0.004) -> str:
    return json.dumps(
        shapely.geometry.mapping(shapely.box(lon - half, lat - half, lon + half, lat + half))
    )


def accept(page, path: str) -> None:
    page.goto(path)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="接受邀请").click()
    page.wait_for_url("**/sign-in*")


def sign_in(page, email: str) -> None:
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_a_county_opens_a_community_whose_people_come_in_by_links(
    tablet: Tablet, community, county_admin
):
    page, county = tablet.page, community.county
    tablet.sign_in(county_admin)
    tablet.expected |= {410, 422}
    page.goto(f"{county.pages}/administration")
    page.get_by_role("button", name="开通一个", exact=True).click()
    page.get_by_label("名称").fill("新苑社区")
    page.get_by_label("属于哪个乡镇（街道）").select_option(label="虚构镇")
    lon, lat = community.centre
    page.get_by_label("或者粘贴 GeoJSON").fill(ground(lon + HALF_EAST, lat))
    page.get_by_label("WGS-84").check()
    page.get_by_label("第一位管理员的姓名").fill("虚构主任")
    page.get_by_label("第一位管理员的邮箱").fill(f"head-{county.number}@example.invalid")
    page.get_by_role("button", name="开通", exact=True).click()
    expect(page.get_by_text("与虚构社区重叠")).to_be_visible()
    expect(page.locator("svg.sketch path.fault")).to_be_attached()
    tablet.picture("boundary-fault.png")

    page.get_by_role("button", name="重画").click()
    field = page.get_by_label("或者粘贴 GeoJSON")
    assert field.input_value() == ""
    drawing = page.locator(".boundary-draw .picker-map")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    # East of the neighbour, which fills the middle of the map.
    for right, down in ((0.8, 0.2), (0.95, 0.2), (0.95, 0.6), (0.8, 0.6)):
        page.mouse.click(box["x"] + right * box["width"], box["y"] + down * box["height"])
    expect(page.get_by_text("已画 4 个点")).to_be_visible()
    tablet.picture("boundary-drawn.png")
    assert len(json.loads(field.input_value())["coordinates"][0]) == 5
    # A corner is dragged, moved by a key, taken away and set again.
    drawn = json.loads(field.input_value())["coordinates"][0]
    corner = page.locator(".draw-corner").nth(2)
    at = corner.bounding_box()
    page.mouse.move(at["x"] + 22, at["y"] + 22)
    page.mouse.down()
    page.mouse.move(at["x"] + 30, at["y"] + 45, steps=4)
    page.mouse.up()
    dragged = json.loads(field.input_value())["coordinates"][0]
    assert dragged[2][0] > drawn[2][0]
    assert dragged[2][1] < drawn[2][1]
    assert [dragged[i] for i in (0, 1, 3, 4)] == [drawn[i] for i in (0, 1, 3, 4)]
    expect(page.locator(".draw-corner:focus")).to_have_count(1)
    page.keyboard.press("Shift+ArrowLeft")
    assert json.loads(field.input_value())["coordinates"][0][2][0] < dragged[2][0]
    page.keyboard.press("Delete")
    expect(page.get_by_text("已画 3 个点")).to_be_visible()
    page.get_by_role("button", name="退一步").click()
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    for right, down in ((0.95, 0.6), (0.8, 0.6)):
        page.mouse.click(box["x"] + right * box["width"], box["y"] + down * box["height"])
    expect(page.get_by_text("已画 4 个点")).to_be_visible()
    assert page.get_by_label("WGS-84").is_checked()
    page.get_by_role("button", name="开通", exact=True).click()
    link = page.get_by_label("邀请链接").input_value()
    tablet.picture("opened.png")
    page.get_by_role("button", name="看这个单位").click()
    expect(page.get_by_role("heading", name="新苑社区")).to_be_visible()
    tablet.picture("tenant.png")

    page.context.clear_cookies()
    accept(page, link)
    sign_in(page, f"head-{county.number}@example.invalid")
    page.wait_for_url("**/t/**")
    page.goto(page.url.rsplit("/", 1)[0] + "/people")
    page.get_by_label("姓名").fill("虚构同事")
    page.get_by_label("邮箱").fill(f"peer-{county.number}@example.invalid")
    page.get_by_role("button", name="生成邀请链接").click()
    again = page.get_by_label("邀请链接").input_value()
    page.set_viewport_size({"width": 390, "height": 844})
    page.context.clear_cookies()
    page.goto(again)
    tablet.picture("invitation-phone.png")
    accept(page, again)
    page.goto(again)
    expect(page.get_by_text("已经用过")).to_be_visible()


def test_the_people_of_a_community_are_seen_at_a_glance(tablet: Tablet, community, colleague):
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/people")
    expect(page.get_by_text("没有网格长")).to_have_count(4)
    tablet.picture("people.png")
    page.set_viewport_size({"width": 390, "height": 844})
    tablet.picture("people-phone.png")
    page.goto(f"{community.pages}/rights")
    tablet.picture("rights-phone.png")
    page.set_viewport_size({"width": 1280, "height": 800})
    tablet.picture("rights.png")
