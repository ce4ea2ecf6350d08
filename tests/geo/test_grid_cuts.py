"""Cutting, joining and drawing to neighbours: new shapes, or a sentence."""

import pytest
import shapely
from shapely.geometry import LineString

from geo.grid import judge_cells
from geo.grid_cuts import BadCut, merge, snap_to_neighbours, split
from geo.shapes import LocalPlane

PLANE = LocalPlane(112.144, 32.042)


def degrees(shape):
    return shapely.transform(PLANE.to_degrees(shape), lambda d: d.round(7))


LEFT, RIGHT = degrees(shapely.box(0, 0, 200, 200)), degrees(shapely.box(200, 0, 400, 200))
BOTH = degrees(shapely.box(0, 0, 400, 200))


def metres(shape):
    return PLANE.to_metres(shape)


def test_a_line_through_a_cell_makes_two_that_cover_it():
    larger, smaller = split(BOTH, degrees(LineString([(100, -50), (110, 250)])))
    assert metres(larger).area > metres(smaller).area > 0
    assert judge_cells({1: larger, 2: smaller}, BOTH).complete


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ([(100, -50), (100, 150)], "not_through"),
        ([(500, 0), (500, 100)], "not_through"),
        ([(100, -50), (100, 250), (200, 250), (200, -50)], "several"),
    ],
)
def test_a_line_that_does_not_cut_once_is_refused(line, code):
    with pytest.raises(BadCut) as raised:
        split(BOTH, degrees(LineString(line)))
    assert raised.value.code == code
    assert raised.value.sentence % raised.value.values


def test_neighbours_become_one_cell():
    assert metres(merge(LEFT, RIGHT)).area == pytest.approx(80_000, rel=1e-4)


def test_neighbours_a_centimetre_apart_become_one_without_a_crack():
    apart = degrees(shapely.box(200.04, 0, 400, 200))
    whole = merge(LEFT, apart)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0


def test_cells_that_do_not_touch_are_not_joined():
    with pytest.raises(BadCut, match="apart"):
        merge(LEFT, degrees(shapely.box(250, 0, 400, 200)))
    with pytest.raises(BadCut, match="apart"):
        merge(LEFT, degrees(shapely.box(200, 200, 400, 400)))


def test_snapping_closes_the_crack_and_says_what_moved():
    drawn = degrees(shapely.Polygon([(203, 1), (400, 0), (400, 200), (202, 199)]))
    found = snap_to_neighbours(drawn, [LEFT])
    assert judge_cells({1: LEFT, 2: found.shape}, BOTH).complete
    assert len(found.moves) == 2
    assert sorted(far for *_ends, far in found.moves) == pytest.approx([2.24, 3.16], abs=0.05)


def test_what_is_farther_than_the_reach_stays():
    drawn = degrees(shapely.box(220, 0, 400, 200))
    found = snap_to_neighbours(drawn, [LEFT])
    assert found.moves == ()
    assert found.shape.equals(drawn)
