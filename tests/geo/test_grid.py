"""Cells as one coverage: each kind of fault is found, painted and named; a good grid has none."""

import json
from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.grid import SENTENCES, cell_of, judge_cells
from geo.shapes import LocalPlane

PLANE = LocalPlane(112.144, 32.042)


def degrees(*boxes):
    """Boxes in metres (west, south, east, north) round an invented place -> WGS-84."""
    return PLANE.to_degrees(shapely.union_all([shapely.box(*box) for box in boxes]))


BOUNDARY = degrees((0, 0, 400, 500))
FOUR = {
    1: degrees((0, 0, 200, 250)),
    2: degrees((200, 0, 400, 250)),
    3: degrees((0, 250, 200, 500)),
    4: degrees((200, 250, 400, 500)),
}


def codes(judgement):
    return Counter(fault.code for fault in judgement.faults)


def only(judgement):
    assert len(judgement.faults) == 1, codes(judgement)
    return judgement.faults[0]


def test_four_cells_that_fit_have_no_fault():
    judgement = judge_cells(FOUR, BOUNDARY)
    assert judgement.faults == ()
    assert judgement.complete
    assert judgement.acceptable
    assert judgement.covered_share == pytest.approx(1.0, abs=1e-6)


def test_a_hole_in_the_work_is_a_gap_with_its_size_and_its_neighbours():
    judgement = judge_cells({cell: FOUR[cell] for cell in (1, 2, 3)}, BOUNDARY)
    gap = only(judgement)
    assert (gap.code, gap.cells, gap.blocking) == ("gap", (1, 2, 3), False)
    assert gap.values["square_metres"] == pytest.approx(50_000, rel=0.001)
    assert judgement.acceptable
    assert not judgement.complete
    assert judgement.covered_share == pytest.approx(0.75, abs=0.001)
    assert shapely.from_geojson(json.dumps(gap.geometry)).within(FOUR[4].buffer(1e-6))


def test_no_cells_at_all_leave_one_gap_as_large_as_the_community():
    judgement = judge_cells({}, BOUNDARY)
    assert (only(judgement).code, only(judgement).cells) == ("gap", ())
    assert judgement.covered_share == 0.0


def test_an_overlap_names_both_cells_and_blocks():
    judgement = judge_cells({**FOUR, 2: degrees((150, 0, 400, 250))}, BOUNDARY)
    overlap = only(judgement)
    assert (overlap.code, overlap.cells, overlap.blocking) == ("overlap", (1, 2), True)
    assert overlap.values["square_metres"] == pytest.approx(12_500, rel=0.001)
    assert not judgement.acceptable


def test_the_same_cell_twice_overlaps_itself():
    judgement = judge_cells({**FOUR, 5: FOUR[4]}, BOUNDARY)
    assert (only(judgement).code, only(judgement).cells) == ("overlap", (4, 5))


def test_a_part_outside_the_boundary_is_painted():
    judgement = judge_cells({**FOUR, 2: degrees((200, -30, 400, 250))}, BOUNDARY)
    outside = only(judgement)
    assert (outside.code, outside.cells, outside.blocking) == ("outside", (2,), True)
    assert outside.values["square_metres"] == pytest.approx(6_000, rel=0.001)


@pytest.mark.parametrize(
    ("east", "expected"),
    [
        (200.0, None),
        (200.05, None),
        (199.95, None),
        (201.5, "overlap_sliver"),
        (198.5, "gap_sliver"),
        (203.0, "overlap"),
        (197.0, "gap"),
    ],
)
def test_width_decides_between_nothing_a_sliver_and_a_fault(east, expected):
    judgement = judge_cells({**FOUR, 1: degrees((0, 0, east, 250))}, BOUNDARY)
    if expected is None:
        assert judgement.complete
    else:
        assert (only(judgement).code, only(judgement).cells[:2]) == (expected, (1, 2))


def test_a_wide_gap_with_long_thin_arms_is_still_a_gap():
    judgement = judge_cells({**FOUR, 1: degrees((0, 0, 199, 220), (0, 220, 180, 250))}, BOUNDARY)
    assert codes(judgement) == {"gap": 1}


def test_an_invalid_cell_tells_where_and_does_not_hide_the_others():
    bow = PLANE.to_degrees(shapely.Polygon([(0, 0), (200, 250), (200, 0), (0, 250)]))
    judgement = judge_cells({**FOUR, 1: bow}, BOUNDARY)
    assert codes(judgement) == {"invalid": 1, "gap": 1}
    invalid = judgement.faults[0]
    assert (invalid.cells, invalid.geometry["type"]) == ((1,), "Point")
    expected = PLANE.to_degrees(shapely.Point(100, 125))
    assert invalid.geometry["coordinates"] == pytest.approx([expected.x, expected.y], abs=1e-6)


@pytest.mark.parametrize(
    "shape",
    [shapely.Point(112.144, 32.042), shapely.Polygon(), shapely.LineString([(1, 1), (2, 2)])],
)
def test_what_is_no_area_is_no_cell(shape):
    judgement = judge_cells({**FOUR, 9: shape}, BOUNDARY)
    assert (only(judgement).code, only(judgement).cells) == ("wrong_type", (9,))


def test_a_strip_too_thin_for_any_building_is_questioned():
    cells = {**FOUR, 1: degrees((0, 0, 197, 250)), 5: degrees((197, 0, 200, 250))}
    thin = only(judge_cells(cells, BOUNDARY))
    assert (thin.code, thin.cells, thin.blocking) == ("thin_cell", (5,), False)


def test_without_a_boundary_nothing_is_judged():
    for nothing in (None, shapely.Polygon()):
        judgement = judge_cells(FOUR, nothing)
        assert (only(judgement).code, only(judgement).geometry) == ("no_boundary", None)


def test_a_boundary_in_two_parts_and_a_cell_across_both():
    boundary = degrees((0, 0, 100, 100), (150, 0, 250, 100))
    cells = {"甲": degrees((0, 0, 100, 100), (150, 0, 250, 100))}
    assert judge_cells(cells, boundary).complete


def test_blocking_faults_come_first_and_every_sentence_fills():
    cells = {1: degrees((0, 0, 210, 250)), 3: degrees((-50, 250, 200, 500))}
    judgement = judge_cells({**cells, 2: FOUR[2]}, BOUNDARY)
    order = [fault.blocking for fault in judgement.faults]
    assert order == sorted(order, reverse=True)
    for fault in judgement.faults:
        assert fault.sentence == SENTENCES[fault.code]
        assert "%" not in fault.sentence % fault.values


@given(
    st.lists(st.integers(5, 395), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(5, 495), min_size=1, max_size=6, unique=True),
)
def test_any_cut_into_blocks_is_a_coverage_and_every_point_has_a_cell(columns, rows):
    across, along = [0, *sorted(columns), 400], [0, *sorted(rows), 500]
    cells = {
        (i, j): degrees((across[i], along[j], across[i + 1], along[j + 1]))
        for i in range(len(across) - 1)
        for j in range(len(along) - 1)
    }
    faults = judge_cells(cells, BOUNDARY).faults
    assert {fault.code for fault in faults} <= {"thin_cell"}
    middles = {cell: shape.representative_point() for cell, shape in cells.items()}
    found = cell_of([p.x for p in middles.values()], [p.y for p in middles.values()], cells)
    assert found.cells == tuple(middles)
    assert found.shared.tolist() == [1] * len(cells)


def test_points_find_their_cell_and_strangers_none():
    points = PLANE.to_degrees(
        shapely.MultiPoint([(10, 10), (390, 10), (10, 490), (390, 490), (-10, 10)])
    )
    lon, lat = shapely.get_coordinates(points).T
    found = cell_of([*lon, np.nan], [*lat, 32.0], FOUR)
    assert found.cells == (1, 2, 3, 4, None, None)
    assert found.shared.tolist() == [1, 1, 1, 1, 0, 0]


def test_a_point_on_a_shared_edge_goes_to_the_lowest_id_whatever_the_order():
    cells = {
        "b": shapely.box(1, 0, 2, 1),
        "a": shapely.box(0, 0, 1, 1),
        "c": shapely.box(0, 1, 2, 2),
    }
    found = cell_of([1.0, 1.0, 0.0], [0.5, 1.0, 0.0], cells)
    assert found.cells == ("a", "a", "a")
    assert found.shared.tolist() == [2, 3, 1]


def test_no_points_and_no_cells():
    assert cell_of([], [], FOUR).cells == ()
    assert cell_of([112.0], [32.0], {}).cells == (None,)
