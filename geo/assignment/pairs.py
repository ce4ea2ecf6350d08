"""Pairs (member row, branch, centimetres), and the search for those a set of prices asks for."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from geo.assignment.candidates import WHOLE_MAP, Candidates
from geo.assignment.problem import Floats, Question, Whole, centimetres

BUCKETS: Final = 8
ROWS_AT_ONCE: Final = 4096
PAIRS_PER_ROW: Final = 12


@dataclass(frozen=True)
class Pairs:
    """Three arrays of one length."""

    row: Whole
    branch: Whole
    cost: Whole

    def joined(self, more: "Pairs") -> "Pairs":
        """These and those."""
        return Pairs(
            np.concatenate((self.row, more.row)),
            np.concatenate((self.branch, more.branch)),
            np.concatenate((self.cost, more.cost)),
        )

    def only(self, keep: Whole | npt.NDArray[np.bool_]) -> "Pairs":
        """The pairs at positions (or under a mask) ``keep``."""
        return Pairs(self.row[keep], self.branch[keep], self.cost[keep])


class Pricing:
    """Asks the complete graph. Branches lie in buckets of like price, each with its own tree, so
    that a dear branch is looked for only where it is near enough."""

    def __init__(self, question: Question, candidates: Candidates) -> None:
        self.candidates = candidates
        self.reach = question.reach
        self._allowed = _allowed(question, candidates.who)

    def cheaper(self, price: Whole, limit: Whole, radius: Whole) -> Pairs:
        """Pairs with cost + price < limit[row]; of many in a row the cheapest few.

        Pairs within ``radius[row]`` may be left out: the caller has them already.
        """
        order = np.argsort(price, kind="stable")
        found = []
        for part in np.array_split(order, min(BUCKETS, len(order))):
            farthest = limit - price[part[0]]
            if self.reach is not None:
                farthest = np.minimum(farthest, self.reach)
            rows = np.flatnonzero((farthest >= radius) & (radius < WHOLE_MAP))
            if rows.size:
                tree = KDTree(self.candidates.ground.xyz[part])
                for lonlat, xyz in self.candidates.places:
                    found += self._near(tree, part, rows, farthest, lonlat, xyz, price, limit)
        if not found:
            nothing = np.zeros(0, np.int64)
            return Pairs(nothing, nothing, nothing)
        return _cheapest(found, price, len(price))

    def _near(
        self,
        tree: KDTree,
        ids: Whole,
        rows: Whole,
        farthest: Whole,
        lonlat: Floats,
        xyz: Floats,
        price: Whole,
        limit: Whole,
    ) -> list[Pairs]:
        """Cheaper pairs of one bucket and one place; a chord is never longer than its arc."""
        rows = rows[~np.isnan(xyz[rows, 0])]
        found = []
        for at in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[at : at + ROWS_AT_ONCE]
            lists = tree.query_ball_point(xyz[some], farthest[some] / 100 + 0.02)
            row = np.repeat(some, [len(near) for near in lists])
            branch = ids[np.concatenate([np.asarray(near, np.int64) for near in lists])]
            row, branch = self._only_allowed(row, branch)
            ground = self.candidates.ground
            cost = centimetres(lonlat[row], ground.lonlat[branch], xyz[row], ground.xyz[branch])
            good = cost + price[branch] < limit[row]
            if self.reach is not None:
                good &= cost <= self.reach
            found.append(Pairs(row[good], branch[good], cost[good]))
        return found

    def _only_allowed(self, row: Whole, branch: Whole) -> tuple[Whole, Whole]:
        keep = self.candidates.not_forbidden(row, branch)
        if self._allowed is not None:
            label, table = self._allowed
            keep &= table[label[row], branch]
        return row[keep], branch[keep]


def _allowed(question: Question, who: Whole) -> tuple[Whole, npt.NDArray[np.bool_]] | None:
    """(label of each row, table (labels, m) of who may go where); None when anyone may anywhere."""
    classes = question.branches.classes
    if classes is None:
        return None
    names = question.members.classes
    labels = [""] * len(who) if names is None else [names[i] for i in who]
    known = {name: at for at, name in enumerate(sorted(set(labels)))}
    table = np.array(
        [[not names_here or name in names_here for names_here in classes] for name in known],
        dtype=bool,
    ).reshape(len(known), len(classes))
    return np.array([known[name] for name in labels], np.int64), table


def _cheapest(found: list[Pairs], price: Whole, m: int) -> Pairs:
    """Each pair once (its better place), and of each row only the cheapest few."""
    pairs = found[0]
    for more in found[1:]:
        pairs = pairs.joined(more)
    order = np.lexsort((pairs.cost, pairs.row * m + pairs.branch))
    pairs = pairs.only(order)
    key = pairs.row * m + pairs.branch
    pairs = pairs.only(np.concatenate(([True], key[1:] != key[:-1])) if len(key) else key)
    pairs = pairs.only(np.lexsort((pairs.cost + price[pairs.branch], pairs.row)))
    first = np.searchsorted(pairs.row, pairs.row)
    return pairs.only(np.arange(len(first)) - first < PAIRS_PER_ROW)
