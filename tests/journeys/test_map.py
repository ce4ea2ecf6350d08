"""The map far out and close up, by finger and by key, with whatever people are called."""

from __future__ import annotations

import re
from math import hypot

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from shapely import box

from geo.coordinates import from_wgs84
from service.base_maps import Source
from tenants.grid.actions import form_group
from tenants.places.actions import open_branch, open_station
from tests.factories.arrivals import an_arrival
from tests.factories.counties import SINCE, a_community, a_county
from tests.factories.members import a_member, some_members
from tests.factories.people import a_leader, a_person
from tests.journeys.conftest import Tablet

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "`${alert(1)}`{{ 1337 * 3 }}",
    "\u202e王小明\u200f\u2066",
    "</textarea></script><!--' onmouseover='alert(1)",
]
LONG = "很长的名字" * 2_000


def map_is_ready(page: Page) -> None:
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    expect(page.locator("#map-status")).not_to_contain_text("正在取数据")


def tap(page: Page, right: float = 0.5, down: float = 0.5) -> None:
    ground = page.locator(".leaflet-container").bounding_box()
    page.touchscreen.tap(
        ground["x"] + ground["width"] * right, ground["y"] + ground["height"] * down
    )


def open_at(tablet: Tablet, office, zoom: float, place: tuple[float, float]) -> None:
    tablet.page.goto("about:blank")
    tablet.page.goto(f"{office.pages}/map#{zoom}/{place[1]}/{place[0]}")
    map_is_ready(tablet.page)


def test_a_leaders_map_opens_at_the_own_cell_and_far_out_it_is_tiles(tablet: Tablet, leader):
    community, page = leader.office, tablet.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    tablet.sign_in(leader)
    map_is_ready(page)
    # What the page asked for before its scripts came is what they needed: nothing is asked twice.
    layers = [url.split("?")[0] for url in asked if "/features/" in url]
    assert layers
    assert len(layers) == len(set(layers))
    west, south, east, north = community.boundary.bounds
    # The address learns the view with the first movement.
    page.locator(".leaflet-container").focus()
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile("#"))
    _zoom, lat, lon = (float(part) for part in page.url.split("#")[1].split("/"))
    # The middle of the view is the middle of cell 1, not of the community.
    here = community.inside(1)
    assert hypot(lon - here[0], lat - here[1]) < (east - west) / 20
    assert not [url for url in asked if "/tiles/" in url]

    open_at(tablet, community, 14.5, community.centre)
    assert [url for url in asked if "/tiles/cells/" in url]
    assert [url for url in asked if "/features/cells" in url and "own=true" in url]
    tablet.picture("map-far.png")
    tap(page, 0.547, 0.478)  # a little to the north-east, off the marks: cell 2
    expect(page.locator("#sheet-body h2")).to_have_text("第2网格")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    # The second time nothing of the ground is fetched again.
    for _ in range(2):
        open_at(tablet, community, 14.5, community.centre)
        page.wait_for_load_state("networkidle")
    fetched = page.evaluate(
        "() => performance.getEntriesByType('resource').filter((e) => e.name.includes('/tiles/'))"
        ".map((e) => e.transferSize)"
    )
    assert fetched
    assert max(fetched) == 0


def test_a_county_taps_a_community_and_sees_counts(tablet: Tablet, county_admin, community):
    some_members(community, 3)
    tablet.sign_in(county_admin)
    open_at(tablet, county_admin.office, 14.5, community.centre)
    tablet.picture("map-county.png")
    tap(tablet.page, 0.535, 0.566)
    expect(tablet.page.locator("#sheet-body h2")).to_have_text("虚构社区")
    expect(tablet.page.locator("#sheet-body")).to_contain_text("直管")


def test_an_administrator_sees_counts_and_is_told_so(tablet: Tablet, colleague, community):
    some_members(community, 3, home=community.inside(3))
    tablet.sign_in(colleague)
    open_at(tablet, community, 16, community.inside(3))
    expect(tablet.page.locator("#map-status")).to_contain_text("3 位党员")
    side = 360 / 2**15 / 4
    west, south = (each // side * side for each in community.inside(3))
    square = box(west, south, west + side, south + side)
    middle = (square & community.boundary).centroid
    open_at(tablet, community, 17, (middle.x, middle.y))
    tap(tablet.page)
    expect(tablet.page.locator("#sheet-body")).to_contain_text("这里住着 3 位党员")


def test_large_letters_are_remembered_and_nothing_jumps(tablet: Tablet, leader):
    page = tablet.page
    tablet.sign_in(leader)
    map_is_ready(page)
    small = page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.locator(".account summary").click()
    page.get_by_role("button", name="大字").click()
    page.add_init_script(
        "window.__moved = 0; new PerformanceObserver((list) => list.getEntries()"
        ".forEach((e) => { if (!e.hadRecentInput) window.__moved += e.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.reload()
    map_is_ready(page)
    large = page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert large >= 1.2 * small
    tablet.picture("map-large.png")
    assert page.evaluate("() => window.__moved") < 0.02
    small_targets = page.evaluate(
        "() => [...document.querySelectorAll('a, button, summary, input[type=checkbox]')]"
        ".filter((e) => e.checkVisibility() && !e.matches('.skip, .unseen'))"
        ".map((e) => [e.id || e.className || e.textContent, (e.closest('label') || e)"
        ".getBoundingClientRect()]).filter(([, box]) => box.width < 44 || box.height < 44)"
        ".map(([name, box]) => `${name} ${box.width}x${box.height}`)"
    )
    assert small_targets == []


def test_a_distance_from_here_is_a_straight_line_and_never_leaves(tablet: Tablet, leader):
    community, page = leader.office, tablet.page
    sent: list[str] = []
    page.context.grant_permissions(["geolocation"])
    lon, lat = community.inside(1, east=123.4)
    page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 20})
    tablet.sign_in(leader)
    map_is_ready(page)
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.get_by_role("button", name="我的位置").click()
    expect(page.locator("#map-status")).to_contain_text("不会发送")
    page.evaluate("id => { location.hash = `open=stations/${id}`; }", str(community.station))
    page.reload()
    map_is_ready(page)
    page.get_by_role("button", name="我的位置").click()
    expect(page.locator("#map-status")).to_contain_text("不会发送")
    page.keyboard.press("Escape")
    open_station_card(page, community)
    expect(page.locator("#sheet-body")).to_contain_text("直线距离约")
    expect(page.locator("#sheet-body")).to_contain_text("周一至周五 9:00-17:00")
    expect(page.locator("#sheet-body a[href='tel:0000000000']")).to_be_visible()
    assert not [url for url in sent if f"{lon:.4f}" in url or f"{lat:.4f}" in url]


def open_station_card(page: Page, community) -> None:
    lon, lat = community.centre
    page.evaluate("([lat, lon]) => history.replaceState(null, '', `#18/${lat}/${lon}`)", [lat, lon])
    box = page.evaluate(
        "() => document.querySelector('.leaflet-container').getBoundingClientRect().toJSON()"
    )
    assert box["width"] > 0
    page.get_by_role("button", name="整个辖区").click()
    page.wait_for_timeout(600)
    map_is_ready(page)
    tap(page)


@pytest.fixture
def hostile(app):
    """A community in which every name, hour and number is meant to do harm."""
    community = a_community(a_county(app, HOSTILE[0]), name=HOSTILE[1])
    for number, name in enumerate([*HOSTILE, LONG[:80]]):
        where = community.inside(1, east=40 * number - 100, north=60)
        a_member(community, name=name[:60], home=where, address=LONG, employer=name[:80])
        an_arrival(community, name=name[:60], home=community.inside(1, 40 * number - 100, -60))
        with community.acting() as scope:
            branch = open_branch(scope, name, "general", *where, opens_on=SINCE)
            form_group(scope, branch, name[:60], [community.cells[0]], SINCE)
            open_station(
                scope,
                name,
                "station",
                *community.inside(1, east=40 * number - 100),
                hours=name,
                phone=name[:30],
                opens_on=SINCE,
            )
    return community


def test_hostile_names_are_words_on_map_card_list_and_paper(tablet: Tablet, hostile):
    page = tablet.page
    dialogues: list[str] = []
    page.on("dialog", lambda dialogue: (dialogues.append(dialogue.message), dialogue.dismiss()))
    leader = a_leader(hostile)
    tablet.sign_in(leader)
    open_at(tablet, hostile, 18, hostile.inside(1))
    page.wait_for_timeout(500)
    expect(page.locator("#map-status")).to_contain_text("待安排", timeout=15_000)
    seen = ""
    for right in range(9):
        for down in (0.35, 0.5, 0.65):
            tap(page, (right + 0.5) / 12, down)
            page.wait_for_timeout(60)
            if page.locator("#sheet").is_visible():
                expect(page.locator("#sheet-body [aria-busy]")).to_have_count(0, timeout=15_000)
                seen += page.locator("#sheet-body").inner_text()
                choices = page.locator("#sheet .choice")
                if choices.count():
                    choices.first.click()
                    page.wait_for_timeout(60)
                    expect(page.locator("#sheet-body [aria-busy]")).to_have_count(0, timeout=15_000)
                    seen += page.locator("#sheet-body").inner_text()
                page.keyboard.press("Escape")
    assert "alert(1)" in seen
    tablet.picture("map-hostile.png")
    assert tablet.refused() == []
    for noun in ("members", "arrivals", "places", "today"):
        page.goto(f"{hostile.pages}/{noun}")
        page.emulate_media(media="print")
        assert page.evaluate("() => document.querySelectorAll('img, iframe, object').length") == 0
        page.emulate_media(media="screen")
        assert tablet.refused() == []
        width = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, noun
    county = a_person(hostile.county, "county_admin", name=HOSTILE[1])
    page.goto("about:blank")
    page.wait_for_timeout(1_000)
    page.context.clear_cookies()
    tablet.sign_in(county)
    map_is_ready(page)
    tap(page)
    page.wait_for_timeout(300)
    assert (
        page.evaluate("() => document.querySelectorAll('#sheet img, main script[src=x]').length")
        == 0
    )
    assert dialogues == []


def test_streets_in_gcj_lie_where_they_belong(tablet: Tablet, app, leader, monkeypatch):
    monkeypatch.setitem(
        app.extensions, "base_map", Source("http://127.0.0.1:9/{z}/{x}/{y}", shifted=True)
    )
    tablet.sign_in(leader)
    map_is_ready(tablet.page)
    places = [(112.5, 28.2), (121.47, 31.23), (87.6, 43.8), (2.35, 48.85), (105.0, 35.0)]
    got = tablet.page.evaluate(
        "(all) => all.map(([lng, lat]) => { const p = Wangge.toGcj({ lng, lat });"
        " return [p.lng, p.lat]; })",
        places,
    )
    lon, lat = np.array(places).T
    assert np.allclose(np.array(got).T, from_wgs84(lon, lat, "gcj02"), atol=1e-9)
    assert tablet.page.locator(".base-map").count() == 1
