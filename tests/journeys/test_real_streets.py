"""The main job on real ground: streets are cells, buildings are homes, points are stations.

The ground is a suburb out of OpenStreetMap (© OpenStreetMap contributors); the people are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from geo.ellipsoid import metres_between
from geo.grid import cell_of
from tenants.area import area_number
from tenants.arrivals.lookups import arrivals
from tenants.database import db
from tenants.grid.actions import draw_cell
from tenants.matching.lookups import open_proposals
from tenants.members.imports import accept_import, start_import
from tenants.organisations.actions import draw_boundary, open_tenant
from tenants.places.actions import open_branch, open_station
from tests.factories.counties import SINCE, Office, a_county
from tests.factories.jobs import work_off
from tests.factories.people import a_person
from tests.factories.real_streets import COMMUNITY_NAME, ground, members, stations
from tests.factories.rosters import csv_bytes, table
from tests.journeys.conftest import Tablet

PEOPLE = 120
SEATS = 25
"""Of each branch; there are four, so twenty people find all of them full."""


@dataclass(frozen=True)
class Suburb:
    """A community on real streets; `branches`: id -> place."""

    office: Office
    branches: dict[UUID, tuple[float, float]]
    truth: list[tuple[float, float]]


@pytest.fixture(scope="module")
def suburb(app) -> Suburb:
    """Its roster has come in through check and acceptance, and everybody was matched."""
    county = a_county(app, "石桥县")
    with county.acting() as above:
        scope = open_tenant(
            above, "community", area_number(county.number, 1, 1), f"streets-{county.number}",
            COMMUNITY_NAME, reach_metres=5000,
        )  # fmt: skip
    office, streets = Office(app, scope), ground()
    with office.acting():
        draw_boundary(scope, streets.boundary, SINCE)
        for number, shape in streets.cells.items():
            draw_cell(scope, f"G{number}", f"第{number}网格", shape, SINCE)
        for one in stations():
            open_station(
                scope, one["name"], "service_station", one["lon"], one["lat"], opens_on=SINCE
            )
        places = streets.buildings[:: len(streets.buildings) // 4][:4]
        branches = {
            open_branch(
                scope, f"石桥第{n}支部", "general", *place, capacity=SEATS, opens_on=SINCE
            ): place
            for n, place in enumerate(places, start=1)
        }
    rows = members(PEOPLE)
    with office.acting():
        content = csv_bytes(table(rows), "gb18030")
        import_id = start_import(scope, "石桥流入名册.csv", content, "wgs84")
    assert work_off(office) == ["done"]
    with office.acting():
        accept_import(scope, import_id)
    assert work_off(office) == ["done", "done"]
    return Suburb(office, branches, [(row["经度"], row["纬度"]) for row in rows])


def test_everybody_lives_in_the_cell_between_their_streets(suburb):
    with suburb.office.acting():
        words = text(
            "SELECT c.code FROM member m LEFT JOIN grid_cell c ON ST_Covers(c.shape, m.home)"
            " ORDER BY m.id"
        )
        found = list(db.session.execute(words).scalars())
    expected = cell_of(*zip(*suburb.truth, strict=True), ground().cells).cells
    assert found == [f"G{cell}" for cell in expected]
    assert len(set(found)) >= 5


def test_everybody_is_proposed_the_nearest_branch_that_had_a_seat_left(suburb):
    """Told again by hand, in the order in which people registered."""
    left = dict.fromkeys(suburb.branches, SEATS)
    with suburb.office.acting() as scope:
        lines = arrivals(scope, limit=PEOPLE + 1)[::-1]
        proposed = open_proposals(scope, [line.id for line in lines])
    assert len(lines) == PEOPLE
    for line, home in zip(lines, suburb.truth, strict=True):
        metres = {
            id_: round(float(metres_between([home], [place])[0]), 3)
            for id_, place in suburb.branches.items()
            if left[id_]
        }
        if not metres:
            assert (line.state, line.unserved_reason) == ("unserved", "no_seat")
            continue
        nearest = min(metres, key=lambda id_: (metres[id_], id_))
        assert proposed[line.id].branch_id == nearest
        assert proposed[line.id].metres == pytest.approx(metres[nearest], abs=0.02)
        left[nearest] -= 1
    assert sum(left.values()) == 0


def test_the_map_shows_the_real_streets_cells(tablet: Tablet, suburb):
    admin = a_person(suburb.office, "community_admin")
    tablet.sign_in(admin)
    expect(tablet.page.locator("html[data-map=ready]")).to_be_attached()
    expect(tablet.page.locator("#map-status")).to_contain_text(f"{PEOPLE} 位待安排")
    assert tablet.picture("real-streets.png").stat().st_size > 50_000


def test_cells_and_people_come_by_the_interface_with_their_box(suburb):
    admin = a_person(suburb.office, "community_admin")
    west, south, east, north = ground().boundary.bounds
    box = f"bbox={west},{south},{east},{north}&zoom=15"

    def total(layer: str) -> int:
        return admin.program.get(f"{suburb.office.api}/features/{layer}?{box}").json["total"]

    assert total("cells") == len(ground().cells)
    assert total("arrivals") == PEOPLE
    assert total("stations") == len(stations())
