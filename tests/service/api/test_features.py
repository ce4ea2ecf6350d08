"""What the map draws: the right layer to the right person, and never a name."""

from __future__ import annotations

import pytest
import shapely
from sqlalchemy import text

from tenants.database import db
from tests.factories.arrivals import an_arrival
from tests.factories.doors import a_door
from tests.factories.members import a_member, some_members


def asked(person, layer, box=None, zoom=15, **further):
    west, south, east, north = box or person.office.boundary.buffer(0.001).bounds
    return person.client.get(
        f"{person.office.api}/features/{layer}?bbox={west},{south},{east},{north}&zoom={zoom}",
        **further,
    )


def test_each_layer_is_geojson_with_kind_and_id(colleague, community):
    a_member(community)
    an_arrival(community, home=community.inside(2))
    # The arrival stands on the map once: among the members when it has a branch.
    counts = {"boundary": 1, "cells": 4, "branches": 3, "stations": 1, "arrivals": 1, "members": 1}
    for layer, count in counts.items():
        answer = asked(colleague, layer)
        assert answer.status_code == 200, layer
        assert answer.content_type == "application/geo+json"
        collection = answer.get_json(force=True)
        assert collection["type"] == "FeatureCollection"
        assert (collection["total"], len(collection["features"])) == (count, count), layer
        for feature in collection["features"]:
            assert feature["type"] == "Feature"
            assert feature["properties"]["kind"] == layer
            # Where members live is counted for the administrator, never told one by one.
            assert feature["properties"]["count" if layer == "members" else "id"]
            assert feature["geometry"]["coordinates"]


def test_who_reports_in_here_stands_among_the_members(leader, community):
    member_id = a_member(community, affiliation="reported_in", home=community.inside(1))
    found = asked(leader, "members", zoom=17).get_json(force=True)["features"]
    assert [feature["properties"]["id"] for feature in found] == [str(member_id)]


def test_no_feature_holds_a_name_a_phone_or_an_address(colleague, community):
    a_member(community, name="独特姓名甲", phone="19912345678", address="独特地址甲")
    an_arrival(community, name="独特姓名乙", phone="19912345679", address="独特地址乙")
    for layer in ("boundary", "cells", "branches", "stations", "arrivals", "members"):
        body = asked(colleague, layer).get_data(as_text=True).encode().decode("unicode_escape")
        assert "独特" not in body
        assert "199123" not in body


def test_a_leader_sees_the_people_of_their_own_cell_and_which_cell_it_is(leader, community):
    mine = a_member(community, home=community.inside(1))
    a_member(community, home=community.inside(2))
    works_here = a_member(community, home=community.inside(2), work=community.inside(1))
    found = asked(leader, "members").get_json(force=True)
    assert {f["properties"]["id"] for f in found["features"]} == {str(mine), str(works_here)}
    cells = asked(leader, "cells").get_json(force=True)["features"]
    own = [f["properties"]["id"] for f in cells if f["properties"]["own"]]
    assert own == [str(community.cells[0])]


def test_whoever_comes_through_a_door_reads_off_no_home(community):
    member = a_member(community)
    an_arrival(community)
    _door, visitor = a_door(community)
    for layer in ("members", "arrivals"):
        [square] = asked(visitor, layer).get_json(force=True)["features"]
        assert square["properties"]["count"] == 1
        assert "id" not in square["properties"]
    card = visitor.client.get(f"{community.api}/members/{member}").json
    assert (card["home"], card["work"]) == (None, None)


def test_an_officer_sees_the_members_of_the_branch_and_no_arrivals(officer, community):
    mine = a_member(community, branch_id=community.branches[0])
    a_member(community, branch_id=community.branches[1])
    found = asked(officer, "members").get_json(force=True)
    assert [f["properties"]["count"] for f in found["features"]] == [1]
    assert str(mine) not in str(found)
    assert asked(officer, "arrivals").status_code == 404


def test_another_tenant_on_the_same_ground_sees_nothing_of_ours(colleague, outsider, community):
    a_member(community)
    an_arrival(community)
    box = community.boundary.bounds
    for layer in ("arrivals", "members"):
        assert asked(outsider, layer, box).get_json(force=True)["total"] == 0
    for layer in ("boundary", "cells", "branches", "stations"):
        ours = {
            f["properties"]["id"] for f in asked(colleague, layer).get_json(force=True)["features"]
        }
        theirs = asked(outsider, layer, box).get_json(force=True)["features"]
        assert theirs
        assert not ours & {f["properties"]["id"] for f in theirs}


def test_the_offices_above_see_the_ground_below_and_no_people(
    county_admin, township_officer, community, neighbour
):
    box = community.boundary.union(neighbour.office.boundary).buffer(0.001).bounds
    for person in (county_admin, township_officer):
        found = asked(person, "boundary", box).get_json(force=True)
        assert [f["properties"]["id"] for f in found["features"]] == [
            community.slug,
            neighbour.office.slug,
        ]
        assert [f["properties"]["label"] for f in found["features"]] == ["虚构社区", "邻社区"]
        assert asked(person, "branches", box).get_json(force=True)["total"] == 6
        assert asked(person, "cells", box).get_json(force=True)["total"] == 0
        for layer in ("members", "arrivals"):
            assert asked(person, layer, box).status_code == 404


def test_only_what_is_in_the_box_is_answered(leader, community):
    here = a_member(community, home=community.inside(1, east=-40))
    a_member(community, home=community.inside(1, east=200, north=200))
    lon, lat = community.inside(1)
    box = (lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001)
    found = asked(leader, "members", box).get_json(force=True)
    assert [f["properties"]["id"] for f in found["features"]] == [str(here)]


def test_no_home_can_be_read_off_a_count(colleague, officer, community):
    lon, lat = community.inside(1)
    for east in (0, 3, 6):
        a_member(community, home=community.inside(1, east=east), branch_id=community.branches[0])
    told = set()
    for reader in (colleague, officer):
        for half in (0.004, 0.0004, 0.00001):
            box = (lon - half, lat - half, lon + half, lat + half)
            for zoom in (15, 19):
                found = asked(reader, "members", box, zoom).get_json(force=True)
                assert found["total"] == 3
                for one in found["features"]:
                    assert one["properties"]["cluster"]
                    told.add((*one["geometry"]["coordinates"], one["properties"]["count"]))
    # However small the window: the same square, the same count, its middle and not theirs.
    [(east, north, count)] = told
    assert count == 3
    middle = (square_of(lon, lat) & community.boundary).centroid
    assert (east, north) == pytest.approx((middle.x, middle.y), abs=1e-7)


def square_of(lon, lat):
    side = 360 / 2**15 / 4
    west, south = lon // side * side, lat // side * side
    return shapely.box(west, south, west + side, south + side)


def test_two_zooms_laid_over_each_other_cut_no_square_smaller(community):
    """Whoever came through a door asks at every zoom, with windows of every size."""
    _door, visitor = a_door(community)
    here = shapely.Point(community.inside(1))
    a_member(community, home=(here.x, here.y))
    smallest = square_of(here.x, here.y)
    for zoom in range(10, 16):
        side = 360 / 2**zoom / 4
        for step in (-1, -0.5, 0, 0.5, 1):
            at = (here.x + step * side, here.y)
            box = (at[0] - 1e-6, at[1] - 1e-6, at[0] + 1e-6, at[1] + 1e-6)
            total = asked(visitor, "members", box, zoom).get_json(force=True)["total"]
            touched = shapely.box(at[0] // side * side, 0, (at[0] // side + 1) * side, 90)
            assert total == touched.covers(smallest), (zoom, step)


def test_a_count_stands_on_the_communitys_ground(colleague, community):
    """The square's own middle may lie beyond the border."""
    west, south, east, north = community.boundary.bounds
    corners = [
        (lon, lat) for lon in (west + 1e-5, east - 1e-5) for lat in (south + 1e-5, north - 1e-5)
    ]
    beyond = [
        corner for corner in corners if not community.boundary.contains(square_of(*corner).centroid)
    ]
    assert beyond
    a_member(community, home=beyond[0])
    [found] = asked(colleague, "members").get_json(force=True)["features"]
    assert community.boundary.contains(shapely.Point(found["geometry"]["coordinates"]))


def test_many_people_are_answered_as_clusters_that_add_up(colleague, community):
    some_members(community, 1501, phone="", address="")
    found = asked(colleague, "members", zoom=12).get_json(force=True)
    assert found["total"] == 1501
    assert all(f["properties"]["cluster"] for f in found["features"])
    assert sum(f["properties"]["count"] for f in found["features"]) == 1501


def test_reading_where_people_live_is_written_down_once(colleague, community):
    a_member(community)
    asked(colleague, "members")
    asked(colleague, "cells")
    with community.acting():
        entries = db.session.execute(
            text("SELECT person_id, facts FROM audit_entry WHERE act = 'read_features'")
        ).all()
    assert [tuple(entry) for entry in entries] == [
        (colleague.person_id, {"layer": "members", "count": 1})
    ]


def test_the_ground_is_sent_again_only_when_it_changed(colleague):
    first = asked(colleague, "cells")
    again = asked(colleague, "cells", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "no-store" in asked(colleague, "members").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("zoom=15", "bbox"),
        ("bbox=1,2,3&zoom=15", "bbox"),
        ("bbox=a,b,c,d&zoom=15", "bbox"),
        ("bbox=nan,1,2,3&zoom=15", "bbox"),
        ("bbox=113,28,112,29&zoom=15", "bbox"),
        ("bbox=112,29,113,28&zoom=15", "bbox"),
        ("bbox=112,28,113,29", "zoom"),
        ("bbox=112,28,113,29&zoom=-1", "zoom"),
        ("bbox=112,28,113,29&zoom=25", "zoom"),
        ("bbox=112,28,113,29&zoom=x", "zoom"),
    ],
)
def test_a_window_that_cannot_be_is_named(colleague, query, field):
    answer = colleague.client.get(f"{colleague.office.api}/features/members?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json(force=True)
    assert problem["code"] == "invalid_input"
    assert [fault["field"] for fault in problem["faults"]] == [field]


def test_a_layer_that_does_not_exist_is_not_found(colleague):
    assert asked(colleague, "phones").status_code == 404
