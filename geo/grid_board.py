"""Ground that can change hands piece by piece: who owns which, and which lie side by side.

Each cell is divided into the surroundings of its inhabited places (Voronoi), so people at one place
stay together. Metres of a local plane throughout.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

# Overlays are noded to this grid, so that borders drawn a centimetre apart are one border.
GRID_METRES: Final = 0.05
_TOUCH_METRES: Final = 0.2
# Places that meet along less than this meet in a corner.
_SHORTEST_BORDER_METRES: Final = 1.0


@dataclass
class Board:
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
    ) -> "Board":
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
        """People of each cell."""
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
        """Whether the cell is one piece of ground without one of its pieces."""
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
    return list(shapely.intersection(shapely.get_parts(near), cell, grid_size=GRID_METRES))


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
