"""GeoJSON in and out: what is wrong is refused with its place, what is right survives."""

import json
import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.shapes import (
    BadShape,
    LocalPlane,
    fault_of,
    from_geojson,
    polygons_from_geojson,
    to_geojson,
    within_china_bounds,
)

SQUARE = [[116.0, 39.0], [116.01, 39.0], [116.01, 39.01], [116.0, 39.01], [116.0, 39.0]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def test_reads_a_geometry_a_feature_a_text_and_a_collection_of_one():
    feature = {"type": "Feature", "properties": {"x": 1}, "geometry": polygon(SQUARE)}
    collection = {"type": "FeatureCollection", "features": [feature]}
    expected = shapely.Polygon(SQUARE)
    for form in (
        polygon(SQUARE),
        feature,
        collection,
        json.dumps(feature),
        b"%s" % json.dumps(collection).encode(),
    ):
        assert from_geojson(form).equals(expected)


def test_form_is_put_right_open_ring_height_direction_and_decimals():
    clockwise_open = [[x + 4e-9, y, 35.5] for x, y in SQUARE[:0:-1]]
    found = from_geojson(polygon(clockwise_open))
    assert not found.has_z
    assert found.exterior.is_ccw
    assert to_geojson(found)["coordinates"][0][0] in SQUARE
    assert found.equals(shapely.Polygon(SQUARE))


def test_an_open_line_stays_open():
    lines = {"type": "MultiLineString", "coordinates": [[[1, 1], [2, 2], [3, 1]]]}
    assert list(from_geojson(lines).geoms[0].coords) == [(1, 1), (2, 2), (3, 1)]


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ("not json", "not_geojson"),
        ("[1, 2]", "not_geojson"),
        ("[" * 100_000, "not_geojson"),
        ({}, "unknown_type"),
        ({"type": ["Point"], "coordinates": [1, 2]}, "unknown_type"),
        ({"type": "GeometryCollection", "geometries": []}, "unknown_type"),
        ({"type": "FeatureCollection", "features": []}, "unknown_type"),
        ({"type": "Feature", "geometry": None}, "unknown_type"),
        ({"type": "Feature", "geometry": 5}, "not_geojson"),
        ({"type": "Point"}, "not_numbers"),
        ({"type": "Point", "coordinates": ["116", "39"]}, "not_numbers"),
        ({"type": "Point", "coordinates": [True, 39]}, "not_numbers"),
        ({"type": "Point", "coordinates": [[116, 39]]}, "not_numbers"),
        ({"type": "Point", "coordinates": [116]}, "not_numbers"),
        ({"type": "Point", "coordinates": [math.nan, 39]}, "out_of_range"),
        ({"type": "Point", "coordinates": [39.9, 116.4]}, "out_of_range"),
        ({"type": "Point", "coordinates": [10**400, 1]}, "out_of_range"),
        ({"type": "Point", "coordinates": [463500.0, 5205100.0]}, "out_of_range"),
        (polygon(SQUARE[0]), "not_numbers"),
        (polygon(SQUARE[:2]), "invalid"),
        (polygon(), "empty"),
        ({"type": "MultiPolygon", "coordinates": []}, "empty"),
        (polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "invalid"),
    ],
)  # fmt: skip
def test_what_is_not_a_shape_is_refused_by_code(shape, code):
    with pytest.raises(BadShape) as refusal:
        from_geojson(shape)
    assert refusal.value.code == code


def test_an_invalid_shape_tells_where():
    bow = polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])
    with pytest.raises(BadShape) as refusal:
        from_geojson(bow)
    assert (refusal.value.place.x, refusal.value.place.y) == (0.5, 0.5)
    fault = fault_of(shapely.Polygon(bow["coordinates"][0]))
    assert (fault.reason, fault.place.x) == ("Self-intersection", 0.5)
    assert fault_of(shapely.Polygon(SQUARE)) is None


def test_too_many_vertices_are_refused(monkeypatch):
    monkeypatch.setattr("geo.shapes.MOST_VERTICES", 4)
    with pytest.raises(BadShape) as refusal:
        from_geojson(polygon(SQUARE))
    assert refusal.value.code == "too_large"


def test_a_boundary_is_always_a_multipolygon():
    assert polygons_from_geojson(polygon(SQUARE)).geom_type == "MultiPolygon"
    two = {"type": "MultiPolygon", "coordinates": [[SQUARE], [[[1, 1], [2, 1], [2, 2]]]]}
    assert len(polygons_from_geojson(two).geoms) == 2
    with pytest.raises(BadShape) as refusal:
        polygons_from_geojson({"type": "Point", "coordinates": [1, 1]})
    assert refusal.value.code == "wrong_type"


def test_neighbours_keep_sharing_their_edge_after_a_round_trip():
    middle = 116.005 + 1 / 3e6
    west = shapely.Polygon([(116, 39), (middle, 39), (middle, 39.01), (116, 39.01)])
    east = shapely.Polygon([(middle, 39), (116.01, 39), (116.01, 39.01), (middle, 39.01)])
    west, east = from_geojson(to_geojson(west)), from_geojson(to_geojson(east))
    assert west.intersection(east).geom_type == "LineString"


@given(st.floats(73, 135), st.floats(3, 53), st.floats(1e-5, 1), st.floats(1e-5, 1))
def test_what_is_written_reads_back_the_same(west, south, width, height):
    box = from_geojson(to_geojson(shapely.box(west, south, west + width, south + height)))
    assert to_geojson(from_geojson(to_geojson(box))) == to_geojson(box)


def test_sanity_rectangle():
    assert within_china_bounds(shapely.Polygon(SQUARE))
    assert not within_china_bounds(shapely.box(2, 48, 3, 49))
    assert not within_china_bounds(shapely.box(134, 48, 140, 49))


@pytest.mark.parametrize("lat", [18.0, 31.2, 46.9, 53.0])
def test_local_metres_agree_with_the_ellipsoid_within_a_thousandth(lat):
    plane = LocalPlane(116.0, lat)
    for far in ((116.1, lat), (116.0, lat + 0.1), (116.07, lat - 0.07)):
        line = plane.to_metres(shapely.LineString([(116.0, lat), far]))
        _, _, true_metres = Geod(ellps="WGS84").inv(116.0, lat, *far)
        assert line.length == pytest.approx(true_metres, rel=1.5e-3)
        back = plane.to_degrees(line)
        assert back.coords[1] == pytest.approx(far, abs=1e-12)
