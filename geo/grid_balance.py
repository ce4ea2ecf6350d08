"""Cells redrawn so that each has between so many and so many people, and few people change cell.

What it does: people at one place stay together. Each cell is divided into the surroundings of its
inhabited places (Voronoi). A flow over neighbouring cells says how many people have to pass each
border, fewest crossings first; then places at that border change cell one by one, the best rounded
first, as long as both cells stay in one piece. It is a heuristic with a bound: `least` is a number
below which no redraw whatever can stay (whoever is above the most, or missing below the fewest, has
to change), so `changes - least` is how far it can be from the best.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from ortools.graph.python import min_cost_flow
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.drawn_cells import as_cell
from geo.grid import cell_of
from geo.grid_faults import Id
from geo.shapes import LocalPlane

# Overlays are noded to this grid, so that borders drawn a centimetre apart are one border.
_GRID_METRES: Final = 0.05
_TOUCH_METRES: Final = 0.2
# Places that meet along less than this meet in a corner.
_SHORTEST_BORDER_METRES: Final = 1.0
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
    board = _Board.laid(ground, places, weights, owner)
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


@dataclass
class _Board:
    """Pieces of ground round inhabited places, who owns each, and which share how long a border."""

    pieces: NDArray[Any]
    weights: NDArray[np.int64]
    owner: NDArray[np.int64]
    start: NDArray[np.int64]
    beside: list[dict[int, float]]
    cells: int
    own: list[set[int]] = field(default_factory=list)

    @classmethod
    def laid(
        cls,
        ground: list[BaseGeometry],
        places: NDArray[np.float64],
        weights: NDArray[np.int64],
        owner: NDArray[np.int64],
    ) -> "_Board":
        """Divides each cell round its places; a cell without any is one piece without people."""
        pieces: list[BaseGeometry] = []
        heavy: list[int] = []
        whose: list[int] = []
        for at, cell in enumerate(ground):
            here = np.flatnonzero(owner == at)
            found = _surroundings(cell, places[here])
            pieces += found
            heavy += weights[here].tolist() if len(here) else [0]
            whose += [at] * len(found)
        shapes = np.array(pieces, dtype=object)
        owners = np.array(whose, dtype=np.int64)
        board = cls(
            shapes,
            np.array(heavy, dtype=np.int64),
            owners.copy(),
            owners,
            _borders(shapes),
            len(ground),
        )
        board.own = [set(np.flatnonzero(owners == at).tolist()) for at in range(len(ground))]
        return board

    def counts(self) -> NDArray[np.int64]:
        return np.bincount(self.owner, self.weights, self.cells).astype(np.int64)

    def neighbours(self) -> set[tuple[int, int]]:
        """Ordered pairs of cells with a common border."""
        return {
            (int(self.owner[at]), int(self.owner[other]))
            for at, others in enumerate(self.beside)
            for other in others
            if self.owner[at] != self.owner[other]
        }

    def follow(self, plan: dict[tuple[int, int], int], fewest: int, most: int) -> bool:
        """Moves places over borders as the plan says; answers whether any moved."""
        counts, moved = self.counts(), False
        progress = True
        while progress:
            progress = False
            for (giver, taker), left in sorted(plan.items(), key=lambda each: -each[1]):
                if left <= 0:
                    continue
                at = self._best(giver, taker, left, counts, fewest, most)
                if at is None:
                    continue
                weight = int(self.weights[at])
                self._give(at, giver, taker)
                counts[giver] -= weight
                counts[taker] += weight
                plan[giver, taker] = left - weight
                moved = progress = True
        return moved

    def _best(
        self, giver: int, taker: int, left: int, counts: NDArray[np.int64], fewest: int, most: int
    ) -> int | None:
        """The place at the border whose change leaves the roundest cells, or None."""
        ranked = []
        for at in self.own[giver]:
            weight = int(self.weights[at])
            fits = weight <= left or (
                counts[giver] - weight >= fewest and counts[taker] + weight <= most
            )
            if weight == 0 or not fits:
                continue
            common = dict.fromkeys((giver, taker), 0.0)
            for other, length in self.beside[at].items():
                if self.owner[other] in common:
                    common[int(self.owner[other])] += length
            if common[taker] > 0.0:
                ranked.append((common[giver] - common[taker], at))
        for _score, at in sorted(ranked):
            if self._stays_whole(giver, at):
                return at
        return None

    def _stays_whole(self, cell: int, without: int) -> bool:
        rest = [at for at in self.beside[without] if self.owner[at] == cell]
        if not rest or len(self.own[cell]) < 2:
            return False
        if _joined(set(rest), self.beside) == len(rest):
            return True
        return _joined(self.own[cell] - {without}, self.beside) == len(self.own[cell]) - 1

    def _give(self, at: int, giver: int, taker: int) -> None:
        self.owner[at] = taker
        self.own[giver].discard(at)
        self.own[taker].add(at)


def _joined(pieces: set[int], beside: list[dict[int, float]]) -> int:
    """How many of the pieces can be reached from one of them without leaving them."""
    first = next(iter(pieces))
    seen, queue = {first}, deque([first])
    while queue:
        for other in beside[queue.popleft()]:
            if other in pieces and other not in seen:
                seen.add(other)
                queue.append(other)
    return len(seen)


def _surroundings(cell: BaseGeometry, places: NDArray[np.float64]) -> list[BaseGeometry]:
    """The part of the cell nearest to each place, in their order; the cell itself for none or one."""
    if len(places) < 2:
        return [cell]
    near = shapely.voronoi_polygons(shapely.multipoints(places), extend_to=cell, ordered=True)
    return list(shapely.intersection(shapely.get_parts(near), cell, grid_size=_GRID_METRES))


def _borders(pieces: NDArray[Any]) -> list[dict[int, float]]:
    """For each piece: neighbour -> metres of common border."""
    found: list[dict[int, float]] = [{} for _piece in pieces]
    first, second = shapely.STRtree(pieces).query(
        pieces, predicate="dwithin", distance=_TOUCH_METRES
    )
    once = first < second
    first, second = first[once], second[once]
    wide = shapely.buffer(pieces, _TOUCH_METRES, quad_segs=1)
    metres = shapely.length(shapely.intersection(shapely.boundary(pieces[first]), wide[second]))
    for a, b, length in zip(first.tolist(), second.tolist(), metres.tolist(), strict=True):
        if length >= _SHORTEST_BORDER_METRES:
            found[a][b] = found[b][a] = length
    return found


def _plan(board: _Board, fewest: int, most: int) -> dict[tuple[int, int], int]:
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


def _redrawn(board: _Board, ground: list[BaseGeometry], plane: LocalPlane) -> dict[int, Polygon]:
    """Shapes (WGS-84) of the cells that gave or took a piece."""
    found: dict[int, Polygon] = {}
    moved = np.flatnonzero(board.owner != board.start)
    for cell in sorted({*board.owner[moved].tolist(), *board.start[moved].tolist()}):
        lost = [board.pieces[at] for at in moved if board.start[at] == cell]
        won = [board.pieces[at] for at in moved if board.owner[at] == cell]
        shape = ground[cell]
        if lost:
            gone = shapely.union_all(lost, grid_size=_GRID_METRES)
            shape = shapely.difference(shape, gone, grid_size=_GRID_METRES)
        if won:
            shape = shapely.union_all([shape, *won], grid_size=_GRID_METRES)
        parts = [p for p in shapely.get_parts(shape) if p.area > _CRUMB_SQUARE_METRES]
        whole = as_cell(plane.to_degrees(shapely.union_all(parts)))
        if whole is not None:
            found[cell] = whole
    return found
