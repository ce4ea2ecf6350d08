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

from geo.assignment.branch_edges import LOW, SHIFT, Edges
from geo.assignment.candidates import Candidates
from geo.assignment.problem import Whole

BURST: Final = 8
"""Edges read at one go before looking whether another branch is nearer."""
RESUME: Final = 1 << (SHIFT - 1)
MARGIN: Final = 1.1
"""Lists grow a little past what is asked, so that the next small price rise does not ask again."""
PRICES_AHEAD: Final = 2
"""Edges are kept for prices so many usual ways to a branch above today's."""
A_KILOMETRE: Final = 100_000
ANY_PRICE: Final = 1 << 62
NOTHING: Final = np.zeros(0, np.int32)


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
        self._wish: dict[int, int] = {}
        self._prices = np.zeros(len(self.seats), np.int64)

    def start(self, branch_of: Whole, cost_of: Whole, price: Whole) -> None:
        """Begin from a state that is optimal for those it seats (-1 = not seated yet).

        ``branch_of`` may name nowhere. Prices must prove it within the lists' radii.
        """
        self.branch_of, self.cost_of = branch_of.tolist(), cost_of.tolist()
        self.price[: self.nowhere] = price.tolist()
        self._prices = np.array(self.price, np.int64)
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
        for j, d in path.settled.items():
            self.price[j] += path.cost - d
            self._prices[j] = self.price[j]
            edges = self._edges[j]
            if edges is not None and path.cost - d > edges.ahead:
                self._edges[j] = None
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
            return self._open(j)
        if edges.worn():
            edges.sort()
        return edges

    def _open(self, j: int) -> Edges:
        """Build the edges of branch j, good for prices some way past today's."""
        people = np.array(list(self.people[j]), np.int64)
        costs = np.array([self.cost_of[i] for i in people], np.int64)
        rows = [self.candidates.row(i) for i in people]
        usual = int(costs.sum()) // (len(people) or 1)
        ahead = PRICES_AHEAD * usual + 1
        ceiling = max(self.price[j], self._wish.pop(j, 0)) + ahead
        edges = self._edges[j] = Edges(j, ceiling, ahead, self.price)
        lengths = [len(near) for near, _ in rows]
        member, own = np.repeat(people, lengths), np.repeat(costs, lengths)
        branch = np.concatenate([NOTHING, *(near for near, _ in rows)])
        extra = np.concatenate([NOTHING, *(far for _, far in rows)]) - own
        keep = (extra + self._prices[branch] <= ceiling) & (branch != j)
        edges.fill(member[keep], extra[keep], branch[keep])
        for i, cost in zip(people.tolist(), costs.tolist(), strict=True):
            if self.penalty - cost <= ceiling:
                edges.add(i, cost, [self.nowhere], [self.penalty])
        radius = self.candidates.radius[people] - costs
        self._reserve[j] = min(ceiling, int(radius.min(initial=ANY_PRICE)))
        return edges

    def _grow_for(self, r: int, path: Path) -> bool:
        """Lengthen every list the path looked past; False when it looked past none.

        A path to nowhere says nothing about how far is far enough: lists then only double.
        """
        radius, cost_of = self.candidates.radius, self.cost_of
        rows: list[int] = []
        need: list[int] = []
        if radius[r] < path.cost:
            rows.append(r)
            need.append(min(path.cost, 2 * int(radius[r]) + A_KILOMETRE))
        passed = False
        for j, d in path.settled.items():
            price = self.price[j] + path.cost - d
            if price <= self._reserve[j]:
                continue
            short = [i for i in self.people[j] if radius[i] < cost_of[i] + price]
            wish = int(price * MARGIN)
            if short and path.cost >= self.penalty:
                price = wish = min(price, 2 * max(int(radius[i]) for i in short) + A_KILOMETRE)
            rows += short
            need += [cost_of[i] + wish for i in short]
            self._edges[j], self._wish[j] = None, price
            passed = True
        if rows:
            self.candidates.grow(np.array(rows), np.array(need))
        return passed or bool(rows)

    def _leave(self, i: int) -> None:
        j = self.branch_of[i]
        self.people[j].discard(i)
        self.load[j] -= 1
        self.branch_of[i] = -1

    def _join(self, i: int, k: int) -> None:
        branches, costs = self.candidates.row(i)
        cost = self.penalty
        if k != self.nowhere:
            cost = int(costs[np.flatnonzero(branches == k)[0]])
        self.branch_of[i], self.cost_of[i] = k, cost
        self.people[k].add(i)
        self.load[k] += 1
        edges = self._edges[k]
        if edges is None:
            return
        self._reserve[k] = min(self._reserve[k], int(self.candidates.radius[i]) - cost)
        keep = costs + self._prices[branches] <= cost + edges.ceiling
        edges.add(i, cost, branches[keep].tolist(), costs[keep].tolist())
        if self.penalty - cost <= edges.ceiling:
            edges.add(i, cost, [self.nowhere], [self.penalty])


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
        for k, cost in zip(branches.tolist(), costs.tolist(), strict=True):
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
        people = self.graph.people[j]
        base = self.settled[j] - price[j]
        lowest = base + edges.sorted_at
        start = self.position[j]
        end = start + BURST
        edges.read += BURST
        for key in order[start:end]:
            if lowest + (key >> SHIFT) >= bound:
                return
            k = key & LOW
            heap = heaps.get(k)
            if heap and heap[0] & LOW not in people:
                heap = edges.drop_gone(k, people)
            if heap:
                through = base + (heap[0] >> SHIFT) + price[k]
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
