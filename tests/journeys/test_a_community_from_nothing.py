"""From nothing to figures: a drawn boundary, ten cells, a leader, a roster, the county's counts."""

from __future__ import annotations

import json
import re

import shapely
from playwright.sync_api import Page, expect

from tenants.grid.lookups import cells_today
from tenants.people.door import scope_of_tenant
from tests.factories.counties import Office
from tests.factories.figures import counted
from tests.factories.jobs import work_off
from tests.factories.rosters import csv_bytes, people, table
from tests.journeys.conftest import Tablet
from tests.journeys.test_opening_a_community import accept, sign_in

TEN, MEMBERS = 10, 12


def opened(page: Page, county) -> tuple[str, shapely.Geometry]:
    """The county opens the community; answers its administrator's link and the ground drawn."""
    page.goto(f"{county.pages}/administration")
    page.get_by_role("button", name="开通一个", exact=True).click()
    page.get_by_label("名称").fill("柳荫社区")
    page.get_by_label("属于哪个乡镇（街道）").select_option(label="虚构镇")
    drawing = page.locator(".boundary-draw .picker-map")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    for right, down in ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7)):
        page.mouse.click(box["x"] + right * box["width"], box["y"] + down * box["height"])
    expect(page.get_by_text("已画 4 个点")).to_be_visible()
    ground = shapely.geometry.shape(json.loads(page.get_by_label("或者粘贴 GeoJSON").input_value()))
    page.get_by_label("第一位管理员的姓名").fill("虚构主任")
    page.get_by_label("第一位管理员的邮箱").fill(f"first-{county.number}@example.invalid")
    page.get_by_role("button", name="开通", exact=True).click()
    return page.get_by_label("邀请链接").input_value(), ground


def ten_cells(ground: shapely.Geometry) -> bytes:
    """The ground in ten strips, as a file that another program made."""
    west, south, east, north = ground.bounds
    sides = [round(west + (east - west) * n / TEN, 7) for n in range(TEN + 1)]
    strips = [
        shapely.set_precision(ground & shapely.box(left, south, right, north), 1e-7)
        for left, right in zip(sides, sides[1:], strict=False)
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"G{number}", "name": f"第{number}网格"},
            "geometry": shapely.geometry.mapping(strip),
        }
        for number, strip in enumerate(strips, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def draw_the_grid(page: Page, office: Office, ground: shapely.Geometry) -> None:
    page.goto(f"{office.pages}/grid")
    page.get_by_label("草稿的名字").first.fill("第一张网格图")
    page.get_by_role("button", name="开始画").click()
    page.locator("[name=file]").set_input_files(
        {"name": "网格.geojson", "mimeType": "application/json", "buffer": ten_cells(ground)}
    )
    page.locator("[name=system][value=wgs84]").check()
    page.get_by_role("button", name="读入").click()
    expect(page.get_by_text("网格正好盖满社区，没有重叠，也没有遗漏。")).to_be_visible()
    page.get_by_role("button", name="提交，看谁会换网格").click()
    expect(page.get_by_text("已提交。正在核对谁会换网格。")).to_be_visible()
    work_off(office)
    page.reload()
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_text("已批准").first).to_be_visible()
    with office.acting() as scope:
        assert len(cells_today(scope)) == TEN


def invite_a_leader(page: Page, office: Office, email: str) -> str:
    page.goto(f"{office.pages}/people")
    expect(page.get_by_text("没有网格长")).to_have_count(TEN)
    page.get_by_label("姓名").fill("虚构网格长")
    page.get_by_label("邮箱").fill(email)
    page.get_by_label("角色").select_option(label="网格长")
    page.get_by_label("网格", exact=True).select_option(label="第3网格")
    page.get_by_role("button", name="生成邀请链接").click()
    return page.get_by_label("邀请链接").input_value()


def import_a_roster(page: Page, office: Office, ground: shapely.Geometry) -> None:
    lon, lat = ground.centroid.x, ground.centroid.y
    rows = [
        {**one, "经度": round(lon, 7), "纬度": round(lat, 7), "流动类型": "", "流入时间": None}
        for one in people(MEMBERS)
    ]
    page.goto(f"{office.pages}/imports")
    page.locator("[name=file]").set_input_files(
        {"name": "名册.csv", "mimeType": "text/csv", "buffer": csv_bytes(table(rows))}
    )
    page.locator("[name=system][value=wgs84]").check()
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}$"))
    work_off(office)
    page.reload()
    page.get_by_role("button", name=f"导入这 {MEMBERS} 人").click()
    expect(page.locator(".progress")).to_be_visible()
    work_off(office)


def figures_of(page: Page, county, name: str, about: str) -> list[str]:
    """The figures of a community in the county's table."""
    page.goto(f"{county.pages}/tenants?about={about}")
    return re.findall(r"\d+", page.get_by_role("row").filter(has_text=name).first.inner_text())


def sign_out(page: Page) -> None:
    """As a person does: whatever the page still asked for has been answered by then."""
    page.locator(".account summary").click()
    page.locator(".account form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in**")


def test_a_newcomer_opens_a_community_and_the_county_counts_it(tablet: Tablet, county_admin):
    page, county = tablet.page, county_admin.office
    tablet.sign_in(county_admin)
    link, ground = opened(page, county)
    sign_out(page)
    accept(page, link)
    sign_in(page, f"first-{county.number}@example.invalid")
    page.wait_for_url("**/t/**")
    slug = page.url.split("/t/")[1].split("/")[0]
    with county.app.app_context():
        office = Office(county.app, scope_of_tenant(slug=slug))
    counted(office)

    draw_the_grid(page, office, ground)
    tablet.picture("from-nothing-grid.png")
    leader = f"leader-{county.number}@example.invalid"
    leaders_link = invite_a_leader(page, office, leader)
    import_a_roster(page, office, ground)
    page.goto(f"{office.pages}/members")
    expect(page.locator("table.list tbody tr")).to_have_count(MEMBERS)

    sign_out(page)
    accept(page, leaders_link)
    sign_in(page, leader)
    page.wait_for_url(f"**/t/{slug}/**")

    sign_out(page)
    tablet.sign_in(county_admin)
    kinds = ("people", "organisations")
    before = [figures_of(page, county, "柳荫社区", about) for about in kinds]
    counted(office)
    members, organisations = (figures_of(page, county, "柳荫社区", about) for about in kinds)
    tablet.picture("from-nothing-county.png")
    assert str(MEMBERS) not in before[0] and str(TEN - 1) not in before[1]
    assert str(MEMBERS) in members
    assert str(TEN - 1) in organisations, "of ten cells nine wait for a leader"
