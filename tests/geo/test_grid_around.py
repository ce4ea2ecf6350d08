"""One change judged by its neighbourhood says what judging the whole says there."""

import json

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.grid import judge_around, judge_cells
from geo.shapes import LocalPlane

PLANE = LocalPlane(112.144, 32.042)
SIDE, MANY = 200.0, 5
BOUNDARY = PLANE.to_degrees(shapely.box(0, 0, MANY * SIDE, MANY * SIDE))


def square(column, row, **moved):
    """A cell of the grid in metres; `moved` sets sides."""
    sides = {
        "west": column * SIDE,
        "south": row * SIDE,
        "east": (column + 1) * SIDE,
        "north": (row + 1) * SIDE,
    } | moved
    return PLANE.to_degrees(
        shapely.box(sides["west"], sides["south"], sides["east"], sides["north"])
    )


WHOLE = {(c, r): square(c, r) for c in range(MANY) for r in range(MANY)}


def near(cells):
    def answer(box):
        window = shapely.box(*box)
        return {id_: shape for id_, shape in cells.items() if shape.intersects(window)}

    return answer


def told(faults):
    return sorted((fault.code, fault.cells, tuple(fault.values.items())) for fault in faults)


def within(faults, window):
    seen = shapely.box(*window)
    return [f for f in faults if shapely.from_geojson(json.dumps(f.geometry)).intersects(seen)]


def test_a_change_far_from_every_fault_tells_none_of_them():
    cells = {**WHOLE, (0, 0): square(0, 0, east=SIDE + 30)}
    around = judge_around([WHOLE[4, 4]], near(cells), BOUNDARY)
    assert around.faults == ()
    assert [fault.code for fault in judge_cells(cells, BOUNDARY).faults] == ["overlap"]


def test_a_gap_that_runs_out_of_the_window_is_told_whole():
    cells = {id_: shape for id_, shape in WHOLE.items() if id_[1] != 2}
    around = judge_around([square(0, 3)], near(cells), BOUNDARY)
    [gap] = around.faults
    assert gap.code == "gap"
    assert abs(gap.values["square_metres"] - MANY * SIDE * SIDE) < 50


def test_a_hole_is_told_apart_from_a_gap():
    ring = shapely.box(0, 0, 600, 600) - shapely.box(200, 200, 400, 400)
    cells = {(0, 0): PLANE.to_degrees(ring)}
    boundary = PLANE.to_degrees(shapely.box(0, 0, 600, 600))
    [hole] = judge_cells(cells, boundary).faults
    assert (hole.code, hole.blocking) == ("hole", False)
    filled = {**cells, (1, 1): square(1, 1)}
    assert judge_cells(filled, boundary).complete


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, MANY - 1), st.integers(0, MANY - 1)),
        st.one_of(
            st.none(),
            st.tuples(st.sampled_from(["west", "south", "east", "north"]), st.integers(-60, 60)),
        ),
        max_size=6,
    ),
    st.tuples(st.integers(0, MANY - 1), st.integers(0, MANY - 1)),
)
def test_the_neighbourhood_says_what_the_whole_says(changes, at):
    cells = dict(WHOLE)
    for id_, change in changes.items():
        if change is None:
            cells.pop(id_)
            continue
        side, metres = change
        base = id_[0 if side in ("west", "east") else 1] + (side in ("east", "north"))
        cells[id_] = square(*id_, **{side: base * SIDE + metres})
    changed = [WHOLE[at], *([cells[at]] if at in cells else [])]
    around = judge_around(changed, near(cells), BOUNDARY)
    whole = judge_cells(cells, BOUNDARY)
    assert told(around.faults) == told(within(whole.faults, around.window))
