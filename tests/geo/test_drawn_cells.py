"""What somebody draws or sends is one cell, or a clear sentence with what to paint."""

import json

import pytest
import shapely
from shapely.geometry import Polygon

from geo.drawn_cells import MOST_VERTICES, SENTENCES, BadCell, read_cell

WEST, SOUTH = 112.5, 28.2
RING = [[112.5, 28.2], [112.502, 28.2], [112.502, 28.202], [112.5, 28.202]]
BOUNDARY = shapely.box(WEST - 0.01, SOUTH - 0.01, WEST + 0.01, SOUTH + 0.01)


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [list(ring) for ring in rings]}


def closed(ring):
    return [*ring, ring[0]]


def refused(given):
    with pytest.raises(BadCell) as raised:
        read_cell(given, BOUNDARY)
    bad = raised.value
    assert bad.sentence == SENTENCES[bad.code]
    assert bad.sentence % bad.values
    if bad.geometry is not None:
        assert not shapely.from_geojson(json.dumps(bad.geometry)).is_empty
    return bad


def test_a_polygon_a_feature_and_a_collection_of_one_are_a_cell():
    shape = polygon(closed(RING))
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    for given in (shape, feature, {"type": "FeatureCollection", "features": [feature]}):
        found = read_cell(given, BOUNDARY)
        assert isinstance(found, Polygon)
        assert found.equals(Polygon(RING))
    many = {"type": "MultiPolygon", "coordinates": [shape["coordinates"]]}
    assert read_cell(many, BOUNDARY).equals(Polygon(RING))


def test_a_hole_is_kept_for_the_coverage_to_judge():
    hole = closed([[x + (WEST + 0.001 - x) / 2, y + (SOUTH + 0.001 - y) / 2] for x, y in RING])
    assert len(read_cell(polygon(closed(RING), hole), BOUNDARY).interiors) == 1


@pytest.mark.parametrize(
    ("given", "code", "painted"),
    [
        (polygon(RING), "open_ring", True),
        ({"type": "LineString", "coordinates": RING}, "a_line", True),
        (polygon(closed([RING[0], RING[2], RING[1], RING[3]])), "crossing", True),
        (polygon(closed(RING[:2])), "too_few", True),
        (polygon([]), "too_few", False),
        (
            {
                "type": "MultiPolygon",
                "coordinates": [
                    [closed(RING)],
                    [closed([[x + 0.005, y] for x, y in RING])],
                ],
            },
            "several_parts",
            True,
        ),
        (polygon(closed([[y, x] for x, y in RING])), "swapped", False),
        (polygon(closed([[x + 350000, y + 3e6] for x, y in RING])), "not_degrees", False),
        (polygon(closed([[x - 110, y] for x, y in RING])), "elsewhere", False),
        (polygon(closed([[x + 0.1, y] for x, y in RING])), "far_away", True),
        ({"type": "Nonsense", "coordinates": []}, "not_a_shape", False),
        (polygon([["a", "b"], [1, 2], [3, 4], ["a", "b"]]), "not_a_shape", False),
        ({"type": "Polygon", "coordinates": "x"}, "not_a_shape", False),
        ("text", "not_a_shape", False),
        (None, "not_a_shape", False),
    ],
)
def test_what_is_no_cell_is_refused_in_one_sentence(given, code, painted):
    bad = refused(given)
    assert bad.code == code
    assert (bad.geometry is not None) == painted


def test_a_hundred_thousand_vertices_are_refused_before_anything_is_computed():
    ring = [[WEST + i * 1e-8, SOUTH + (i % 2) * 1e-3] for i in range(100_000)]
    bad = refused(polygon(closed(ring)))
    assert bad.code == "too_many"
    assert bad.values == {"vertices": 100_001, "most": MOST_VERTICES}
    assert bad.geometry["type"] == "Polygon"


def test_far_away_says_how_far():
    bad = refused(polygon(closed([[x, y + 0.05] for x, y in RING])))
    assert 4000 < bad.values["metres"] < 5000
