"""Each member's nearest branches, a list that grows only when a price asks for it.

``radius[i]`` is the promise a list makes: every allowed branch that is *not* in list i costs at
least that many centimetres. With prices >= 0 a member whose cost plus price is within the radius
is proven by the list alone.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from geo.assignment.problem import Floats, Question, Whole, centimetres
from geo.ellipsoid import to_xyz
from geo.penalty import FARTHEST

WHOLE_MAP: Final = 1 << 62
"""The radius of a list that holds every branch within reach."""

FIRST: Final = 16
LONG: Final = 32
"""Long first lists let the bids of many rows see more; a million members get shorter ones."""
MANY_ROWS: Final = 400_000
PAIRS_AT_ONCE: Final = 2_000_000


Short = npt.NDArray[np.int32]
"""Branches, and centimetres: half round the earth still fits."""
Located = tuple[Floats, Floats]
"""The same places as (n, 2) degrees and as (n, 3) metres."""


class Candidates:
    """Lists for the rows of ``question`` in ``who`` (the placeable ones); row r is who[r].

    The first lists lie in flat arrays (``branch``, ``cost``, ``start`` of length rows + 1), each by
    cost; a list that had to grow lies in ``grown``.
    """

    def __init__(self, question: Question, who: Whole, first: int = FIRST) -> None:
        self.ground = _Ground(question)
        self.reach = question.reach
        self._branches = len(question.branches)
        forbidden = question.forbidden
        self._forbidden = np.sort(forbidden[:, 0] * self._branches + forbidden[:, 1])
        members = question.members
        self.who = who
        self.places = [_located(members.home[who])]
        if members.work is not None:
            self.places.append(_located(members.work[who]))
        labels = members.classes
        self._labels = None if labels is None else np.array([labels[i] for i in who], dtype=object)
        self.grown: dict[int, tuple[Short, Short]] = {}
        self.asked = np.full(len(who), first, np.int64)
        self.branch, self.cost, self.start, self.radius = self._first_lists(first)

    def __len__(self) -> int:
        return len(self.who)

    def row(self, r: int) -> tuple[Short, Short]:
        """Branches and centimetres of list r."""
        grown = self.grown.get(r)
        if grown is not None:
            return grown
        at = slice(self.start[r], self.start[r + 1])
        return self.branch[at], self.cost[at]

    def grow(self, rows: Whole, need: Whole) -> None:
        """Make radius[rows] >= need, doubling each list as often as that takes."""
        while rows.size:
            short = self.radius[rows] < need
            rows, need = rows[short], need[short]
            if not rows.size:
                return
            self.asked[rows] = self._larger(rows, need)
            for size in np.unique(self.asked[rows]):
                same = np.flatnonzero(self.asked[rows] == size)
                step = max(1, PAIRS_AT_ONCE // int(size))
                for at in range(0, len(same), step):
                    some = same[at : at + step]
                    self._replace(rows[some], int(size), int(need[some].max()))

    def _larger(self, rows: Whole, need: Whole) -> Whole:
        """How many to ask for: as many as an even spread would have within ``need``, by doublings."""
        share = np.minimum(need, self._branches * self.radius[rows]) / np.maximum(
            self.radius[rows], 1
        )
        doublings = np.clip(np.ceil(2 * np.log2(np.maximum(share, 1))), 1, 6)
        larger = self.asked[rows] << doublings.astype(np.int64)
        return np.asarray(np.minimum(larger, 2 * self._branches))

    def pack(self) -> None:
        """Bring grown lists back into the flat arrays, for whole-array work."""
        if not self.grown:
            return
        length = np.diff(self.start)
        rows = np.fromiter(self.grown, np.int64, len(self.grown))
        length[rows] = [len(self.grown[r][0]) for r in rows]
        start = np.concatenate(([0], np.cumsum(length)))
        branch, cost = np.empty(start[-1], np.int32), np.empty(start[-1], np.int32)
        kept = np.ones(len(length), bool)
        kept[rows] = False
        source = np.repeat(kept, np.diff(self.start))
        target = np.repeat(kept, length)
        branch[target], cost[target] = self.branch[source], self.cost[source]
        for r in rows:
            at = slice(start[r], start[r + 1])
            branch[at], cost[at] = self.grown[r]
        self.branch, self.cost, self.start = branch, cost, start
        self.grown.clear()

    def append(self, home: Floats, work: Floats | None, label: str, member: int) -> int:
        """One more list, of a member who was not in the question; returns its row."""
        r = len(self.who)
        self.who = np.append(self.who, member)
        self.places[0] = _longer(self.places[0], home)
        if work is not None and len(self.places) == 1:
            self.places.append(_located(np.full((r, 2), np.nan)))
        if len(self.places) == 2:
            self.places[1] = _longer(self.places[1], np.full(2, np.nan) if work is None else work)
        if label and self._labels is None:
            self._labels = np.full(r, "", dtype=object)
        if self._labels is not None:
            self._labels = np.append(self._labels, np.array([label], dtype=object))
        self.asked = np.append(self.asked, FIRST)
        self.radius = np.append(self.radius, 0)
        self._replace(np.array([r]), FIRST)
        return r

    def forbid(self, member: int, branches: Sequence[int]) -> None:
        """Exclude pairs of a member who has no list yet."""
        keys = [member * self._branches + branch for branch in branches]
        self._forbidden = np.union1d(self._forbidden, np.array(keys, np.int64))

    def anywhere(self, r: int) -> bool:
        """Whether list r would hold any branch if there were no reach."""
        reach, self.reach = self.reach, None
        _, _, length, _ = self._query(np.array([r]), self._branches)
        self.reach = reach
        return bool(length[0])

    def not_forbidden(self, rows: Whole, branch: Whole) -> npt.NDArray[np.bool_]:
        """Which pairs nobody has excluded."""
        if not self._forbidden.size:
            return np.ones(len(rows), bool)
        key = self.who[rows] * self._branches + branch
        place = np.minimum(np.searchsorted(self._forbidden, key), len(self._forbidden) - 1)
        return np.asarray(self._forbidden[place] != key)

    def _first_lists(self, first: int) -> tuple[Short, Short, Whole, Whole]:
        parts = []
        step = max(1, PAIRS_AT_ONCE // first)
        for at in range(0, max(len(self.who), 1), step):
            rows = np.arange(at, min(at + step, len(self.who)))
            branch, cost, length, radius = self._query(rows, first)
            parts.append((branch.astype(np.int32), cost.astype(np.int32), length, radius))
        branches, costs, lengths, radii = zip(*parts, strict=True)
        start = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
        return np.concatenate(branches), np.concatenate(costs), start, np.concatenate(radii)

    def _replace(self, rows: Whole, size: int, farthest: int = WHOLE_MAP) -> None:
        branch, cost, length, radius = self._query(rows, size, farthest)
        self.radius[rows] = radius
        branches, costs, at = branch.astype(np.int32), cost.astype(np.int32), 0
        for r, count in zip(rows.tolist(), length.tolist(), strict=True):
            self.grown[r] = branches[at : at + count], costs[at : at + count]
            at += count

    def _query(
        self, rows: Whole, size: int, farthest: int = WHOLE_MAP
    ) -> tuple[Whole, Whole, Whole, Whole]:
        """Lists of ``rows`` from the ``size`` nearest of every tree: branch, cost, length, radius.

        Nothing farther than ``farthest`` is looked at.
        """
        pairs = []
        radius = np.full(len(rows), WHOLE_MAP, np.int64)
        for lonlat, xyz in self.places:
            for label, (tree, ids) in self.ground.trees.items():
                asking = ~np.isnan(lonlat[rows, 0])
                if label and self._labels is not None:
                    asking &= self._labels[rows] == label
                at = np.flatnonzero(asking)
                if at.size and not (label and self._labels is None):
                    place = lonlat[rows[at]], xyz[rows[at]]
                    pairs.append(self._from_tree(tree, ids, place, at, size, farthest, radius))
        if not pairs:
            nothing = np.zeros(0, np.int64)
            return nothing, nothing, np.zeros(len(rows), np.int64), radius
        at, branch, cost = (np.concatenate(part) for part in zip(*pairs, strict=True))
        return self._merge(rows, at, branch, cost, radius, several=len(pairs) > 1)

    def _from_tree(
        self,
        tree: KDTree,
        ids: Whole,
        place: Located,
        at: Whole,
        size: int,
        farthest: int,
        radius: Whole,
    ) -> tuple[Whole, Whole, Whole]:
        """Pairs (position, branch, cost) within reach; lowers ``radius`` to what was looked at."""
        k = min(size, tree.n)
        lonlat, xyz = place
        limit = np.inf if farthest > FARTHEST else farthest / 100 + 1
        found = tree.query(xyz, k=np.arange(1, k + 1), distance_upper_bound=limit)
        chords, near = np.asarray(found[0]), np.asarray(found[1])
        if k < tree.n or limit < np.inf:
            last = chords[:, -1] if k < tree.n else np.full(len(at), np.inf)
            seen = np.floor(np.minimum(last, limit) * 100).astype(np.int64) - 1
            if self.reach is not None:
                seen[seen > self.reach] = WHOLE_MAP
            radius[at] = np.minimum(radius[at], seen)
        inside = near.ravel() < tree.n
        rows = np.repeat(np.arange(len(lonlat)), k)[inside]
        branch = ids[near.ravel()[inside]]
        ground = self.ground
        cost = centimetres(lonlat[rows], ground.lonlat[branch], xyz[rows], ground.xyz[branch])
        if self.reach is not None:
            within = cost <= self.reach
            return at[rows[within]], branch[within], cost[within]
        return at[rows], branch, cost

    def _merge(
        self, rows: Whole, at: Whole, branch: Whole, cost: Whole, radius: Whole, *, several: bool
    ) -> tuple[Whole, Whole, Whole, Whole]:
        """Drop the forbidden, keep each pair's better place, put lists in order of cost."""
        if self._forbidden.size:
            allowed = self.not_forbidden(rows[at], branch)
            at, branch, cost = at[allowed], branch[allowed], cost[allowed]
        if several:
            order = np.lexsort((cost, branch, at))
            at, branch, cost = at[order], branch[order], cost[order]
            first = np.ones(len(at), bool)
            first[1:] = (at[1:] != at[:-1]) | (branch[1:] != branch[:-1])
            at, branch, cost = at[first], branch[first], cost[first]
        return branch, cost, np.bincount(at, minlength=len(rows)).astype(np.int64), radius


def _located(lonlat: Floats) -> Located:
    return lonlat, to_xyz(lonlat)


def _longer(places: Located, lonlat: Floats) -> Located:
    last = lonlat.reshape(1, 2)
    return np.concatenate((places[0], last)), np.concatenate((places[1], to_xyz(last)))


class _Ground:
    """Branches as k-d trees on earth-centred metres: "" for anyone's, one more for each class."""

    def __init__(self, question: Question) -> None:
        branches = question.branches
        self.lonlat = np.asarray(branches.lonlat, np.float64).reshape(-1, 2)
        self.xyz = to_xyz(self.lonlat)
        groups: dict[str, list[int]] = {}
        if branches.classes is None:
            groups[""] = list(range(len(branches)))
        else:
            for j, names in enumerate(branches.classes):
                for name in names or ("",):
                    groups.setdefault(name, []).append(j)
        self.trees = {
            name: (KDTree(self.xyz[ids]), np.array(ids, np.int64))
            for name, ids in groups.items()
            if ids
        }
