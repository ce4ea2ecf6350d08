"""Compounds and buildings: entered, found, corrected, closed; each leader their own cells."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from shapely import box

from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.people.history import history
from tenants.places import buildings_actions as actions
from tenants.places import buildings_lookups as lookups
from tenants.places.address_lookups import candidates_of, places_by_address, places_of
from tenants.places.buildings_actions import BuildingDraft
from tenants.places.buildings_features import building_features
from tests.factories.buildings import a_building, a_compound

DAY = date(2026, 11, 22)


@pytest.fixture
def compound(community):
    return a_compound(community)


@pytest.fixture
def third(community, compound):
    return a_building(community, compound=compound)


def draft(community, name="3号楼", *, cell=1, **wanted):
    return BuildingDraft(wanted.pop("kind", "building"), name, *community.inside(cell), **wanted)


def test_a_building_is_kept_with_its_raw_numbers_and_told_in_the_audit(community, compound):
    with community.acting() as scope:
        lon, lat = community.inside(1)
        sent = BuildingDraft("building", " 三栋 ", lon, lat, "gcj02", compound_id=compound)
        building_id = actions.add_building(scope, sent)
        found = lookups.building(scope, building_id)
        assert found.title == "清和小区三栋"
        assert found.source == {"system": "gcj02", "x": lon, "y": lat}
        assert 0.0005 < abs(found.lon - lon) < 0.01
        assert [each.act for each in history(scope, "building", building_id)] == ["add_building"]


@pytest.mark.parametrize("name", ["3号楼", "三栋", "3#", "３幢"])
def test_a_name_is_there_once_however_it_is_written(community, compound, third, name):
    with community.acting() as scope, pytest.raises(Conflict):
        actions.add_building(scope, draft(community, name, compound_id=compound))
    other = a_compound(community, "听雨家园", cell=2)
    assert a_building(community, name, compound=other)


@pytest.mark.parametrize(
    "wanted",
    [{"kind": "tower"}, {"name": "，。"}, {"kind": "compound", "compound_id": "the compound"}],
)
def test_what_is_no_building_is_refused(community, compound, wanted):
    if wanted.get("compound_id"):
        wanted = wanted | {"compound_id": compound}
    with community.acting() as scope, pytest.raises(InvalidInput):
        actions.add_building(scope, draft(community, **wanted))


def test_a_compound_of_another_community_is_not_found(community, outsider):
    theirs = a_compound(outsider.office)
    with community.acting() as scope, pytest.raises(NotFound):
        actions.add_building(scope, draft(community, compound_id=theirs))
    with community.acting() as scope, pytest.raises(NotFound):
        lookups.building(scope, theirs)


def test_correcting_says_whether_the_place_moved(community, compound, third):
    with community.acting() as scope:
        seen = lookups.building(scope, third)
        raw = (seen.source["x"], seen.source["y"])
        renamed = BuildingDraft("building", "4号楼", *raw, compound_id=compound)
        assert not actions.correct_building(scope, third, renamed, seen.version)
        moved = draft(community, "4号楼", cell=2, compound_id=compound)
        assert actions.correct_building(scope, third, moved, seen.version + 1)
        assert lookups.building(scope, third).lon == pytest.approx(community.inside(2)[0])
        with pytest.raises(Conflict):
            actions.correct_building(scope, third, moved, seen.version)


def test_closing_keeps_the_row_and_reopening_asks_for_the_name(community, compound, third):
    with community.acting() as scope:
        with pytest.raises(Conflict):
            actions.close_building(scope, compound, 1, DAY)
        actions.close_building(scope, third, 1, DAY)
        assert lookups.building(scope, third).closed_on == DAY
        assert [b.id for b in lookups.buildings(scope, closed=True)] == [third]
        assert third not in [b.id for b in lookups.buildings(scope)]
        assert candidates_of(scope, "清和小区3号楼")[1] is None
        again = actions.add_building(scope, draft(community, compound_id=compound))
        with pytest.raises(Conflict):
            actions.reopen_building(scope, third, 2)
        actions.close_building(scope, again, 1, DAY)
        actions.reopen_building(scope, third, 2)
        assert lookups.building(scope, third).closed_on is None


def test_a_leader_keeps_buildings_of_own_cells_only(community, leader, compound, third):
    far = a_building(community, "9号楼", compound=compound, cell=4)
    with leader.acting() as scope:
        assert {b.id for b in lookups.buildings(scope)} == {compound, third}
        with pytest.raises(NotFound):
            lookups.building(scope, far)
        with pytest.raises(NotFound):
            actions.close_building(scope, far, 1, DAY)
        with pytest.raises(InvalidInput):
            actions.add_building(scope, draft(community, "5号楼", cell=4, compound_id=compound))
        assert candidates_of(scope, "清和小区9号楼")[1] is None
    with leader.acting() as scope:
        assert actions.add_building(scope, draft(community, "6号楼", compound_id=compound))


def test_a_compound_with_a_building_in_ones_cell_is_seen(community, leader):
    far = a_compound(community, "边界小区", cell=2)
    a_building(community, "1号楼", compound=far, cell=1)
    with leader.acting() as scope:
        assert far in [b.id for b in lookups.buildings(scope)]


def test_an_address_finds_its_building_and_a_search_its_buildings(community, compound, third):
    a_building(community, "13号楼", compound=compound, north=30)
    alone = a_building(community, "老粮库", address="长宁街77号", cell=3)
    with community.acting() as scope:
        found, one = candidates_of(scope, "虚构社区清和小区三栋2单元301")
        assert one.known.id == third
        assert [each.reason for each in found] == ["full"]
        assert candidates_of(scope, "长宁街77号")[1].known.id == alone
        assert candidates_of(scope, "没有的路1号") == ([], None)
        found, _one = candidates_of(scope, "粮库")
        assert [b.title for b in places_of(scope, found)] == ["老粮库"]
        assert [b.title for b in lookups.buildings(scope, words="清和 三栋")] == ["清和小区3号楼"]
        assert len(lookups.buildings(scope, words="清和")) == 3
        assert lookups.buildings(scope, words="%") == []
        matched = places_by_address(
            scope,
            ["清和小区3幢", "清和小区3栋501", "清和小区9号楼", "3号楼", "老粮库", "无此路", ""],
        )
        assert {text: place.id for text, place in matched.certain.items()} == {
            "清和小区3幢": third,
            "清和小区3栋501": third,
            "老粮库": alone,
        }
        assert matched.unsure == {"清和小区9号楼", "3号楼"}


def test_the_map_gets_outlines_close_up_and_nothing_far_out(community, compound, third):
    lon, lat = community.inside(1, 60, 60)
    square = box(lon - 0.0001, lat - 0.0001, lon + 0.0001, lat + 0.0001)
    with community.acting() as scope:
        drawn = actions.add_building(
            scope, BuildingDraft("building", "7号楼", lon, lat, footprint=square)
        )
        features, total = building_features(scope, community.boundary.bounds, 17)
        assert total == 3
        shapes = {each["properties"]["id"]: each["geometry"] for each in features}
        assert shapes[str(drawn)]["type"] == "Polygon"
        assert shapes[str(third)]["type"] == "Point"
        assert building_features(scope, community.boundary.bounds, 15) == ([], 0)
        assert building_features(scope, (0.0, 0.0, 1.0, 1.0), 18) == ([], 0)


def test_nothing_of_an_unknown_id(community):
    with community.acting() as scope:
        with pytest.raises(NotFound):
            actions.close_building(scope, uuid4(), 1, DAY)
        assert lookups.building_titles(scope, [uuid4(), None]) == {}
        assert lookups.building_titles(scope, []) == {}
