"""Tiles of the ground: kept for ever under their mark, and nobody else's."""

from __future__ import annotations

from math import asinh, pi, radians, tan

from geo.tiles import TYPE
from service.api.tiles import address_of
from tenants.grid.actions import draw_cell
from tests.factories.counties import SINCE


def square_of(office, zoom=14) -> str:
    lon, lat = office.centre
    x, y = lon / 360 + 0.5, 0.5 - asinh(tan(radians(lat))) / (2 * pi)
    return f"{zoom}/{int(x * 2**zoom)}/{int(y * 2**zoom)}"


def address(person, ground="cells") -> str:
    with person.acting() as scope:
        return address_of(scope, ground)


def test_a_tile_is_kept_for_ever_under_the_mark_of_what_it_shows(leader, community):
    whence = address(leader)
    tile = leader.client.get(whence + square_of(community))
    assert (tile.status_code, tile.content_type) == (200, TYPE)
    assert tile.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    # Else a browser would ask again whenever the session is signed anew.
    assert "Cookie" not in tile.headers.get("Vary", "")
    assert "Set-Cookie" not in tile.headers
    assert str(community.cells[0]).encode() in tile.data
    with community.acting() as scope:
        draw_cell(scope, "G9", "新网格", community.boundary, SINCE)
    assert address(leader) != whence
    assert "新网格".encode() in leader.client.get(address(leader) + square_of(community)).data


def test_an_outdated_address_answers_what_is_true_now_and_is_not_kept(leader, community):
    stale = f"{community.api}/tiles/cells/0123456789abcdef/{square_of(community)}"
    tile = leader.client.get(stale)
    assert tile.status_code == 200
    assert tile.headers["Cache-Control"] == "no-store"
    assert str(community.cells[0]).encode() in tile.data


def test_an_office_sees_the_ground_of_all_communities_below(county_admin, community, neighbour):
    assert b"shapes" in county_admin.client.get(address(county_admin) + square_of(community)).data
    boundaries = county_admin.client.get(
        address(county_admin, "boundary") + square_of(community, 12)
    ).data
    for office in (community, neighbour.office):
        assert office.slug.encode() in boundaries
    assert "邻社区".encode() in boundaries


def test_a_community_sees_no_other_ground(leader, outsider, community):
    tile = outsider.client.get(address(outsider) + square_of(community)).data
    assert str(outsider.office.cells[0]).encode() in tile
    assert str(community.cells[0]).encode() not in tile
    assert outsider.client.get(address(leader) + square_of(community)).status_code == 404
    of_offices = f"{community.api}/tiles/boundary/0/{square_of(community)}"
    assert leader.client.get(of_offices).status_code == 404


def test_a_square_that_cannot_be_is_refused(leader, community):
    for square in ("19/1/1", "2/4/0", "2/0/4"):
        answer = leader.client.get(f"{community.api}/tiles/cells/0/{square}")
        assert answer.status_code == 422


def test_only_ones_own_cells_when_asked(leader, colleague, community):
    west, south, east, north = community.boundary.buffer(0.001).bounds
    asked = f"{community.api}/features/cells?bbox={west},{south},{east},{north}&zoom=12&own=true"
    own = leader.client.get(asked).get_json(force=True)
    assert [one["properties"]["id"] for one in own["features"]] == [str(community.cells[0])]
    assert colleague.client.get(asked).get_json(force=True)["features"] == []
