"""Cells redrawn so that each has between so many and so many people, and few people change cell.

What it does: people at one place stay together (`geo.grid_board`). A flow over neighbouring cells
says how many people have to pass each border, fewest crossings first; then places at that border
change cell one by one, the best rounded first, as long as both cells stay in one piece. It is a
heuristic with a bound: `least` is a number below which no redraw whatever can stay (whoever is above
the most, or missing below the fewest, has to change), so `changes - least` is how far it can be from
the best.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from ortools.graph.python import min_cost_flow
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.drawn_cells import as_cell
from geo.grid import cell_of
from geo.grid_board import GRID_METRES, Board
from geo.grid_faults import Id
from geo.shapes import LocalPlane

_ROUNDS: Final = 4
# A piece this small is noise of the overlay, not ground.
_CRUMB_SQUARE_METRES: Final = 1.0


@dataclass(frozen=True, slots=True)
class Balanced(Generic[Id]):
    """Redrawn cells (WGS-84), those alone that changed, and how many people that moves.

    `before` and `after` count people of every cell; `without_cell` had none to begin with.
    `least`: no redraw within the limits moves fewer. `within`: every cell keeps the limits.
    """

    shapes: dict[Id, Polygon]
    before: dict[Id, int]
    after: dict[Id, int]
    changes: int
    least: int
    without_cell: int
    within: bool


def least_changes(counts: NDArray[np.int64], fewest: int, most: int) -> int:
    """People who must change cell whatever the redraw: all above `most`, all missing to `fewest`."""
    above = np.maximum(counts - most, 0).sum()
    below = np.maximum(fewest - counts, 0).sum()
    return int(max(above, below))


def balance(
    cells: Mapping[Id, Polygon], lon: ArrayLike, lat: ArrayLike, *, fewest: int, most: int
) -> Balanced[Id]:
    """People by their places (WGS-84, one entry a person) in cells that are a coverage.

    Limits nobody can keep are approached: people above `most` or missing to `fewest` cost more
    than any number of changes.
    """
    ids = sorted(cells)
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    home = cell_of(lon, lat, cells).cells
    number = {cell: at for at, cell in enumerate(ids)}
    known = np.array([number.get(cell, -1) for cell in home], dtype=np.int64)  # type: ignore[arg-type]
    plane = LocalPlane.around(shapely.union_all([shapely.envelope(cells[c]) for c in ids]))
    ground = [plane.to_metres(cells[cell]) for cell in ids]
    there = known >= 0
    places, weights, owner = _together(
        plane.metres(np.column_stack([lon[there], lat[there]])), known[there]
    )
    board = Board.laid(ground, places, weights, owner)
    before = board.counts()
    for _round in range(_ROUNDS):
        if not board.follow(_plan(board, fewest, most), fewest, most):
            break
    after = board.counts()
    moved = board.owner != board.start
    return Balanced(
        shapes={ids[at]: shape for at, shape in _redrawn(board, ground, plane).items()},
        before=dict(zip(ids, before.tolist(), strict=True)),
        after=dict(zip(ids, after.tolist(), strict=True)),
        changes=int(board.weights[moved].sum()),
        least=least_changes(before, fewest, most),
        without_cell=int((~there).sum()),
        within=bool(((after >= fewest) & (after <= most)).all()),
    )


def _together(
    metres: NDArray[np.float64], owner: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """People of one cell within a decimetre are one place: (places, people there, its cell)."""
    if not len(metres):
        return metres.reshape(0, 2), np.zeros(0, np.int64), np.zeros(0, np.int64)
    keys = np.column_stack([np.round(metres, 1), owner])
    found, counts = np.unique(keys, axis=0, return_counts=True)
    return found[:, :2], counts.astype(np.int64), found[:, 2].astype(np.int64)


def _plan(board: Board, fewest: int, most: int) -> dict[tuple[int, int], int]:
    """(giver, taker) -> people, the fewest crossings that bring every cell within the limits.

    A flow on neighbouring cells: nodes are the people of a cell before and after, an arc between
    two neighbours costs one. Exact for people who can be taken one by one.
    """
    counts, cells = board.counts(), board.cells
    people = int(counts.sum())
    dear = people + 1
    solver = min_cost_flow.SimpleMinCostFlow()
    sink = 2 * cells
    for at in range(cells):
        solver.add_arc_with_capacity_and_unit_cost(at, cells + at, people, 0)
        for room, cost in ((fewest, -dear), (most - fewest, 0), (people, dear)):
            if room > 0:
                solver.add_arc_with_capacity_and_unit_cost(cells + at, sink, room, cost)
        solver.set_node_supply(at, int(counts[at]))
    solver.set_node_supply(sink, -people)
    crossings = {
        solver.add_arc_with_capacity_and_unit_cost(giver, cells + taker, people, 1): (giver, taker)
        for giver, taker in sorted(board.neighbours())
    }
    if solver.solve() != solver.OPTIMAL:
        return {}
    return {pair: flow for arc, pair in crossings.items() if (flow := int(solver.flow(arc))) > 0}


def _redrawn(board: Board, ground: list[BaseGeometry], plane: LocalPlane) -> dict[int, Polygon]:
    """Shapes (WGS-84) of the cells that gave or took a piece."""
    found: dict[int, Polygon] = {}
    moved = np.flatnonzero(board.owner != board.start)
    for cell in sorted({*board.owner[moved].tolist(), *board.start[moved].tolist()}):
        lost = [board.pieces[at] for at in moved if board.start[at] == cell]
        won = [board.pieces[at] for at in moved if board.owner[at] == cell]
        shape = ground[cell]
        if lost:
            gone = shapely.union_all(lost, grid_size=GRID_METRES)
            shape = shapely.difference(shape, gone, grid_size=GRID_METRES)
        if won:
            shape = shapely.union_all([shape, *won], grid_size=GRID_METRES)
        parts = [p for p in shapely.get_parts(shape) if p.area > _CRUMB_SQUARE_METRES]
        whole = as_cell(plane.to_degrees(shapely.union_all(parts)))
        if whole is not None:
            found[cell] = whole
    return found
