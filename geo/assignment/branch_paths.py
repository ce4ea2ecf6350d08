"""Shortest paths on the graph of branches: seat one person more, keep the whole optimal.

An edge j -> k means "some member of j moves to k"; its length is the least extra cost any member
of j has, corrected by prices, so never negative. A newcomer takes the shortest path to a branch
with a free seat; everyone on the path moves one step. After each step the seated are as cheap as
they can be, with prices p >= 0, zero where a seat is free, as the proof (successive shortest paths
with potentials). ``nowhere`` is one more branch with endless seats at the price of the penalty.

The graph is local: only branches nearer than the answer are ever opened, and their edges are built
when first opened. A search that looks past some member's candidate list makes the list grow and
starts again, so the answer is that of the complete graph.
"""

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

import numpy as np

from geo.assignment.branch_edges import LOW, SHIFT, Edges, Row
from geo.assignment.candidates import Candidates
from geo.assignment.problem import Whole

BURST: Final = 8
"""Edges read at one go before looking whether another branch is nearer."""
RESUME: Final = 1 << (SHIFT - 1)
MARGIN: Final = 1.1
"""Lists grow a little past what is asked, so that the next small price rise does not ask again."""
ANY_PRICE: Final = 1 << 62


@dataclass(frozen=True)
class Path:
    """A newcomer's way in: ``branches`` from the newcomer's to the one whose seat was free, who
    ``moves`` from each to the next, and what it costs everybody together in centimetres."""

    branches: list[int]
    moves: list[int]
    cost: int
    settled: dict[int, int]


class BranchGraph:
    """Who sits where, at which prices. Rows are those of ``candidates``; branch m is nowhere."""

    def __init__(self, candidates: Candidates, seats: Whole, penalty: int) -> None:
        self.candidates = candidates
        self.nowhere = len(seats)
        self.seats: list[int] = [*seats.tolist(), 1 << 40]
        self.penalty = penalty
        self.price = [0] * len(self.seats)
        self.load = [0] * len(self.seats)
        self.branch_of = [-1] * len(candidates)
        self.cost_of = [0] * len(candidates)
        self.people: list[set[int]] = [set() for _ in self.seats]
        self._edges: list[Edges | None] = [None] * len(self.seats)
        self._reserve = [0] * len(self.seats)

    def start(self, branch_of: Whole, cost_of: Whole, price: Whole) -> None:
        """Begin from a state that is optimal for those it seats (-1 = not seated yet).

        ``branch_of`` may name nowhere. Prices must prove it within the lists' radii.
        """
        self.branch_of, self.cost_of = branch_of.tolist(), cost_of.tolist()
        self.price[: self.nowhere] = price.tolist()
        order = np.argsort(branch_of, kind="stable")
        bounds = np.searchsorted(branch_of[order], np.arange(self.nowhere + 2))
        rows = order.tolist()
        for j in range(self.nowhere + 1):
            self.people[j] = set(rows[bounds[j] : bounds[j + 1]])
            self.load[j] = len(self.people[j])

    def seat(self, r: int) -> Path:
        """Give the unseated row r the seat that costs everybody least; moves whom it must."""
        path = self.find(r)
        self.take(r, path)
        return path

    def find(self, r: int) -> Path:
        """The way in for row r, nothing changed but lists that had to grow."""
        while True:
            path = _Search(self, r).run()
            if not self._grow_for(r, path):
                return path

    def take(self, r: int, path: Path) -> None:
        """Walk a path that :meth:`find` has just found."""
        price = self.price
        for j, d in path.settled.items():
            price[j] += path.cost - d
        for step in range(len(path.moves) - 1, -1, -1):
            i = path.moves[step]
            self._leave(i)
            self._join(i, path.branches[step + 1])
        self._join(r, path.branches[0])

    def add_row(self) -> int:
        """One row more, not seated yet; its list must be there already."""
        self.branch_of.append(-1)
        self.cost_of.append(0)
        return len(self.branch_of) - 1

    def edges(self, j: int) -> Edges:
        """The edges of branch j, in a usable order."""
        edges = self._edges[j]
        if edges is None:
            cost_of, row = self.cost_of, self._row
            people = ((i, cost_of[i], row(i)) for i in self.people[j])
            edges = self._edges[j] = Edges(j, self.price, people)
            self._reserve[j] = self._reserve_of(j)
        elif edges.worn():
            edges.sort()
        return edges

    def _row(self, i: int) -> Row:
        """The list of row i, nowhere included."""
        branches, costs = self.candidates.row(i)
        return [*branches, self.nowhere], [*costs, self.penalty]

    def _grow_for(self, r: int, path: Path) -> bool:
        """Lengthen every list the path looked past; False when it looked past none."""
        radius, cost_of = self.candidates.radius, self.cost_of
        rows: list[int] = []
        need: list[int] = []
        if radius[r] < path.cost:
            rows.append(r)
            need.append(path.cost)
        tight = [
            (j, price)
            for j, d in path.settled.items()
            if (price := self.price[j] + path.cost - d) > self._reserve[j]
        ]
        for j, price in tight:
            short = [i for i in self.people[j] if radius[i] < cost_of[i] + price]
            wish = int(price * MARGIN) if short and path.cost < self.penalty else price
            rows += short
            need += [cost_of[i] + wish for i in short]
        if rows:
            self._lengthen(rows, need)
        for j, _ in tight:
            self._reserve[j] = self._reserve_of(j)
        return bool(rows)

    def _lengthen(self, rows: list[int], need: list[int]) -> None:
        """Grow lists and add the new edges to the branches that are already open."""
        known = [set(self.candidates.row(i)[0]) for i in rows]
        self.candidates.grow(np.array(rows), np.array(need))
        for i, old in zip(rows, known, strict=True):
            j = self.branch_of[i]
            edges = None if j < 0 else self._edges[j]
            if edges is not None:
                edges.add(i, self.cost_of[i], self.candidates.row(i), old)

    def _reserve_of(self, j: int) -> int:
        """The highest price at j that the lists of its members can prove."""
        radius, cost_of = self.candidates.radius, self.cost_of
        return min((int(radius[i]) - cost_of[i] for i in self.people[j]), default=ANY_PRICE)

    def _leave(self, i: int) -> None:
        j = self.branch_of[i]
        self.people[j].discard(i)
        self.load[j] -= 1
        self.branch_of[i] = -1
        edges = self._edges[j]
        if edges is not None:
            edges.drop(i, self._row(i), self.people[j].__contains__)

    def _join(self, i: int, k: int) -> None:
        branches, costs = row = self._row(i)
        cost = costs[branches.index(k)]
        self.branch_of[i], self.cost_of[i] = k, cost
        self.people[k].add(i)
        self.load[k] += 1
        edges = self._edges[k]
        if edges is not None:
            self._reserve[k] = min(self._reserve[k], int(self.candidates.radius[i]) - cost)
            edges.add(i, cost, row)


class _Search:
    """Dijkstra over branches from row r to the nearest free seat, on today's lists and prices."""

    def __init__(self, graph: BranchGraph, r: int) -> None:
        self.graph = graph
        self.bound, self.goal = graph.penalty, graph.nowhere
        self.far: dict[int, int] = {}
        self.before: dict[int, int] = {}
        self.settled: dict[int, int] = {}
        self.position: dict[int, int] = {}
        self.opened: dict[int, Edges] = {}
        self.queue: list[int] = []
        branches, costs = graph.candidates.row(r)
        for k, cost in zip(branches, costs, strict=True):
            if cost + graph.price[k] < self.bound:
                self._reach(k, cost + graph.price[k])

    def run(self) -> Path:
        """The shortest path; ``settled`` tells how far each branch before its end is."""
        queue, settled = self.queue, self.settled
        while queue:
            key = heappop(queue)
            d, j = key >> SHIFT, key & LOW
            if d >= self.bound:
                break
            if j >= RESUME:
                self._read(j - RESUME, d)
            elif j not in settled:
                settled[j] = d
                self.opened[j] = self.graph.edges(j)
                self.position[j] = 0
                self._read(j, d)
        return self._path()

    def _reach(self, k: int, d: int) -> None:
        """Branch k is d away: a free seat there ends the search, a full branch is queued."""
        self.far[k] = d
        graph = self.graph
        price = graph.price[k]
        if graph.load[k] < graph.seats[k]:
            if d - min(price, 0) < self.bound:
                self.bound, self.goal = d - min(price, 0), k
            if price >= 0:
                return
        heappush(self.queue, d << SHIFT | k)

    def _read(self, j: int, today: int) -> None:
        """Follow the next edges of j; put j back in the queue when more may matter later."""
        edges, far, price = self.opened[j], self.far, self.graph.price
        order, heaps, bound = edges.order, edges.heaps, self.bound
        base = self.settled[j] - price[j]
        lowest = base + edges.sorted_at
        start = self.position[j]
        end = start + BURST
        edges.read += BURST
        for key in order[start:end]:
            if lowest + (key >> SHIFT) >= bound:
                return
            k = key & LOW
            if k in heaps:
                through = base + (heaps[k][0] >> SHIFT) + price[k]
                if through < bound and through < far.get(k, ANY_PRICE):
                    self.before[k] = j
                    self._reach(k, through)
                    bound = self.bound
        if end < len(order):
            self.position[j] = end
            low = max(lowest + (order[end] >> SHIFT), today)
            if low < bound:
                heappush(self.queue, low << SHIFT | (j + RESUME))

    def _path(self) -> Path:
        branches = [self.goal]
        while branches[-1] in self.before:
            branches.append(self.before[branches[-1]])
        branches.reverse()
        steps = zip(branches, branches[1:], strict=False)
        moves = [self.opened[j].heaps[k][0] & LOW for j, k in steps]
        return Path(branches, moves, self.bound, self.settled)
