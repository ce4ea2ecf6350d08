"""A community administrator redraws the grid: drags a border, cuts, is told, proposes, approves."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect

from tenants.grid.drafts.actions import edit_cells
from tenants.grid.drafts.lookups import draft_cells, drafts
from tenants.grid.lookups import cells_today
from tests.factories.grid import a_draft_grid, drawn, edit_of, part
from tests.factories.jobs import work_off
from tests.factories.members import a_member
from tests.journeys.conftest import Tablet


def on_screen(page, lon, lat) -> tuple[float, float]:
    """Where a place is on the page."""
    x, y = page.evaluate(
        "([lon, lat]) => { const map = document.querySelector('.wangge-map').wanggeMap;"
        " const at = map.latLngToContainerPoint([lat, lon]),"
        " box = map.getContainer().getBoundingClientRect();"
        " return [box.left + at.x, box.top + at.y]; }",
        [lon, lat],
    )
    return x, y


def drag(page, start, end) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def opened(tablet: Tablet, community, draft_id) -> None:
    tablet.page.goto(f"{community.pages}/grid/drafts/{draft_id}/map")
    expect(tablet.page.locator("html[data-map=ready]")).to_be_attached()


def test_from_a_dragged_border_to_a_new_grid_in_force(tablet: Tablet, community, colleague):
    a_member(community, home=community.inside(2, east=-200), name="虚构会换网格的人")
    page = tablet.page
    tablet.sign_in(colleague)
    page.goto(f"{community.pages}/grid")
    tablet.picture("grid-list.png")
    page.get_by_label("草稿的名字").first.fill("东移的边线")
    page.get_by_role("button", name="开始画").click()
    expect(page.get_by_role("heading", name="东移的边线")).to_be_visible()
    with community.acting() as scope:
        draft_id = drafts(scope)[0].id
    opened(tablet, community, draft_id)
    tablet.picture("grid-editor.png")

    page.mouse.click(*on_screen(page, *community.inside(1)))
    expect(page.get_by_role("heading", name="第1网格")).to_be_visible()
    expect(page.locator(".grid-handle.corner")).to_have_count(4)
    tablet.picture("grid-chosen.png")
    west, south, east, north = community.boundary.bounds
    middle = community.centre[0]
    target = middle + (east - west) * 0.1
    drag(page, on_screen(page, middle, north), on_screen(page, target, north))
    drag(page, on_screen(page, *community.centre), on_screen(page, target, community.centre[1]))
    expect(page.locator("#map-status")).to_contain_text("已保存")
    with community.acting() as scope:
        cells = {cell.code: cell for cell in draft_cells(scope, draft_id)}
        assert {code: cell.differs for code, cell in cells.items()}["G2"] == "changed"
    expect(page.locator("#grid-faults summary")).to_contain_text("没有问题")
    tablet.picture("grid-dragged.png")

    page.get_by_role("button", name="拆成两个").click()
    lat = community.inside(1)[1]
    for lon in (west - 0.0005, target + 0.0006):
        page.mouse.click(*on_screen(page, lon, lat))
    page.get_by_role("button", name="画完").click()
    expect(page.locator("#map-status")).to_contain_text("已拆成两个")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.locator("#map-status")).to_contain_text("已保存")
    with community.acting() as scope:
        assert len(draft_cells(scope, draft_id)) == 4

    page.get_by_role("link", name="画好了").click()
    page.get_by_role("button", name="提交，看谁会换网格").click()
    expect(page.get_by_text("已提交。正在核对谁会换网格。")).to_be_visible()
    work_off(community)
    page.reload()
    tablet.picture("grid-proposal.png")
    page.get_by_role("button", name="看是哪些人、为什么").click()
    expect(page.get_by_text("虚构会换网格的人")).to_be_visible()
    expect(page.get_by_text("住处所在的一块划给了别的网格")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_text("已批准").first).to_be_visible()
    with community.acting() as scope:
        assert community.cells[0] not in {cell.id for cell in cells_today(scope)}
    page.get_by_role("button", name="撤销批准").click()
    expect(page.get_by_text("批准已撤销").first).to_be_visible()
    page.goto(f"{community.pages}/grid/map?on={date.today().isoformat()}")
    expect(page.locator("html[data-map=ready]")).to_be_attached()


def test_a_fault_is_painted_and_a_crossing_border_goes_back(tablet: Tablet, community, colleague):
    draft_id = a_draft_grid(community)
    page = tablet.page
    tablet.sign_in(colleague)
    opened(tablet, community, draft_id)
    page.mouse.click(*on_screen(page, *community.inside(1)))
    page.get_by_label("相邻边线一起动").uncheck()
    west, south, east, north = community.boundary.bounds
    middle = community.centre[0]
    drag(page, on_screen(page, middle, north), on_screen(page, middle + 0.0012, north))
    expect(page.locator("#grid-faults summary")).to_contain_text("必须改 1 处")
    page.locator("#grid-faults summary").click()
    expect(page.get_by_text("两个网格重叠")).to_be_visible()
    tablet.picture("grid-overlap.png")

    tablet.expected.add(422)
    drag(
        page,
        on_screen(page, middle + 0.0012, north),
        on_screen(page, west - 0.001, community.centre[1] + 0.002),
    )
    expect(page.locator("#map-status")).to_contain_text("自己交叉")
    tablet.picture("grid-crossing.png")
    with community.acting() as scope:
        kept = {cell.code: cell for cell in draft_cells(scope, draft_id)}["G1"]
        assert abs(kept.shape.bounds[2] - (middle + 0.0012)) < 1e-4


def test_the_second_of_two_sees_both_borders_and_chooses(tablet: Tablet, community, colleague):
    draft_id = a_draft_grid(community)
    page = tablet.page
    tablet.sign_in(colleague)
    opened(tablet, community, draft_id)
    with community.acting() as scope:
        cell = drawn(community, draft_id)["G1"]
    with community.acting() as scope:
        edit_cells(
            scope, draft_id, [edit_of(cell, part(community, 0, 0.5, 0.45, 1), name="别人的画法")]
        )
    tablet.expected.add(409)
    page.mouse.click(*on_screen(page, *community.inside(1)))
    north = community.boundary.bounds[3]
    middle = community.centre[0]
    drag(page, on_screen(page, middle, north), on_screen(page, middle + 0.001, north))
    expect(page.locator("#grid-offer")).to_contain_text("刚刚改过同一个网格")
    tablet.picture("grid-conflict.png")
    page.get_by_role("button", name="用对方的").click()
    expect(page.locator("#map-status")).to_contain_text("已保存")
    assert drawn(community, draft_id)["G1"].name == "别人的画法"


def test_a_new_cell_is_drawn_with_the_keyboard(tablet: Tablet, community, colleague):
    draft_id = a_draft_grid(community)
    page = tablet.page
    tablet.sign_in(colleague)
    opened(tablet, community, draft_id)
    ground = page.locator(".leaflet-container")
    page.get_by_role("button", name="画新网格").click()
    ground.focus()
    page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(400)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="画完").click()
    expect(page.get_by_role("heading", name="新网格1")).to_be_visible()
    expect(page.locator("#map-status")).to_contain_text("已保存")
    assert drawn(community, draft_id)["N1"].differs == "new"
    expect(page.locator("#grid-faults summary")).to_contain_text("必须改")
