"""Cells cut by real streets are a coverage, and every building on them has its cell."""

from datetime import date

import shapely

from geo.grid import cell_of, judge_cells
from geo.shapes import LocalPlane, from_geojson, to_geojson
from tenants.members.rosters import CommunityFacts, read_roster
from tests.factories.real_streets import COMMUNITY_NAME, ground, members, stations
from tests.factories.rosters import csv_bytes, table


def test_real_streets_make_a_community_of_many_cells():
    streets = ground()
    assert streets.boundary.geom_type == "Polygon"
    assert len(streets.cells) >= 10
    assert len(streets.buildings) >= 300
    assert len(stations()) >= 2


def test_cells_between_real_streets_are_a_coverage():
    streets = ground()
    judgement = judge_cells(streets.cells, streets.boundary)
    assert [(fault.code, fault.cells) for fault in judgement.faults] == []
    assert shapely.coverage_is_valid(list(streets.cells.values()))


def test_they_still_are_after_travelling_as_geojson():
    streets = ground()
    travelled = {cell: from_geojson(to_geojson(shape)) for cell, shape in streets.cells.items()}
    assert judge_cells(travelled, from_geojson(to_geojson(streets.boundary))).complete
    assert shapely.coverage_is_valid(list(travelled.values()))


def test_taking_a_real_cell_away_leaves_exactly_its_gap():
    streets = ground()
    taken = max(streets.cells, key=lambda cell: streets.cells[cell].area)
    rest = {cell: shape for cell, shape in streets.cells.items() if cell != taken}
    (gap,) = judge_cells(rest, streets.boundary).faults
    assert gap.code == "gap"
    expected = LocalPlane.around(streets.boundary).to_metres(streets.cells[taken]).area
    assert abs(gap.values["square_metres"] - expected) < 1.0


def test_every_real_building_and_station_has_one_cell():
    streets = ground()
    lon, lat = zip(*streets.buildings, *streets.stations, strict=True)
    found = cell_of(lon, lat, streets.cells)
    assert None not in found.cells
    assert found.shared.max() == 1
    for place, cell in list(zip(zip(lon, lat, strict=True), found.cells, strict=True))[::50]:
        assert streets.cells[cell].covers(shapely.Point(place))


def test_a_roster_of_people_in_real_buildings_goes_in_whole():
    streets = ground()
    facts = CommunityFacts(COMMUNITY_NAME, streets.boundary)
    roster = read_roster(
        csv_bytes(table(members(120)), "gb18030"), "名册.csv",
        system="wgs84", today=date(2026, 11, 21), community=facts,
    )  # fmt: skip
    assert roster.counts()["accepted"] == 120
    homes = [row.home for row in roster.rows]
    found = cell_of([home.lon for home in homes], [home.lat for home in homes], streets.cells)
    assert len(set(found.cells) - {None}) >= 5
    assert None not in found.cells
