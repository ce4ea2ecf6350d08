"""Balanced cells: still a coverage, people counted once, the bound never above the changes."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.grid import cell_of, judge_cells
from geo.grid_balance import balance, least_changes
from geo.grid_points import judge_buildings
from geo.shapes import LocalPlane

PLANE = LocalPlane(112.144, 32.042)


def grid(columns, rows, side=200):
    return {
        (c, r): PLANE.to_degrees(shapely.box(c * side, r * side, (c + 1) * side, (r + 1) * side))
        for c in range(columns)
        for r in range(rows)
    }


def degrees(places):
    points = shapely.get_coordinates(PLANE.to_degrees(shapely.multipoints(places)))
    return points[:, 0], points[:, 1]


def test_a_full_cell_gives_its_border_to_the_empty_one():
    places = [(x, y) for x in range(10, 200, 20) for y in range(10, 200, 20)]
    cells = grid(2, 1)
    found = balance(cells, *degrees(places), fewest=40, most=60)
    assert found.before == {(0, 0): 100, (1, 0): 0}
    assert found.within
    assert found.least == 40
    assert found.changes == 40
    assert sum(found.after.values()) == 100
    boundary = PLANE.to_degrees(shapely.box(0, 0, 400, 200))
    assert judge_cells({**cells, **found.shapes}, boundary).complete
    counted = cell_of(*degrees(places), {**cells, **found.shapes}).cells
    assert {cell: counted.count(cell) for cell in cells} == found.after


def test_a_grid_within_its_limits_is_left_alone():
    cells = grid(2, 2)
    places = [(50, 50), (250, 50), (50, 250), (250, 250)]
    found = balance(cells, *degrees(places), fewest=1, most=1)
    assert (found.shapes, found.changes, found.within) == ({}, 0, True)


def test_one_house_is_never_divided():
    cells = grid(2, 1)
    found = balance(cells, *degrees([(100, 100)] * 50 + [(150, 100)] * 3), fewest=0, most=40)
    assert found.changes in (0, 3)
    assert not found.within
    assert found.least == 13


def test_people_outside_every_cell_are_counted_apart():
    found = balance(grid(1, 1), *degrees([(100, 100), (900, 900)]), fewest=0, most=5)
    assert found.without_cell == 1
    assert sum(found.before.values()) == 1


def test_nobody_at_all():
    found = balance(grid(2, 1), [], [], fewest=0, most=5)
    assert (found.changes, found.least, found.within) == (0, 0, True)


def test_the_bound_counts_who_is_above_and_who_is_missing():
    assert least_changes(np.array([10, 0]), 0, 6) == 4
    assert least_changes(np.array([10, 0]), 3, 10) == 3
    assert least_changes(np.array([5, 5]), 0, 6) == 0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(5, 595), st.integers(5, 395)), min_size=1, max_size=120),
    st.integers(0, 10),
    st.integers(10, 40),
)
def test_whatever_the_people_the_result_is_a_coverage_and_adds_up(places, fewest, most):
    cells = grid(3, 2)
    found = balance(cells, *degrees(places), fewest=fewest, most=most)
    assert sum(found.after.values()) == sum(found.before.values())
    assert found.least <= found.changes or not found.within
    boundary = PLANE.to_degrees(shapely.box(0, 0, 600, 400))
    judgement = judge_cells({**cells, **found.shapes}, boundary)
    assert judgement.acceptable, judgement.faults
    assert judgement.covered_share == pytest.approx(1.0, abs=1e-4)


def test_buildings_in_no_cell_and_on_a_line_are_told():
    cells = grid(2, 1)
    places = {
        name: tuple(PLANE.to_degrees(shapely.Point(*at)).coords[0])
        for name, at in {"in": (50, 50), "line": (200, 50), "out": (900, 50)}.items()
    }
    faults = {fault.code: fault for fault in judge_buildings(places, cells)}
    assert set(faults) == {"building_without_cell", "building_shared"}
    assert all(fault.values == {"buildings": 1} for fault in faults.values())
    assert judge_buildings({}, cells) == []
    assert judge_buildings({"in": places["in"]}, cells) == []
