"""A k-d tree over branches that answers with proof: the inner loop of :mod:`geo.nearest`.

Distances are compared in whole millimetres; between equals the lowest rank wins.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geo.ellipsoid import Floats, arc, to_xyz

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NOBODY: Final = int(np.iinfo(np.int64).max)
"""The millimetres to, and the rank of, a branch that does not exist."""

# A millimetre for ties and a little for the rounding of arcs (0.03 mm at worst).
_MARGIN_METRES = 0.0011
_FIRST_CANDIDATES = 2
_MORE_CANDIDATES = 4
_PAIRS_AT_ONCE = 1 << 20


@dataclass(slots=True)
class Answers:
    """The best known so far of each question (q,): millimetres, branch (-1: none), whether tied."""

    millimetres: Integers
    branch: Integers
    tied: Flags

    @classmethod
    def none(cls, count: int) -> Self:
        """Nothing known about any of ``count`` questions."""
        return cls(np.full(count, NOBODY), np.full(count, -1), np.zeros(count, dtype=np.bool_))

    def of(self, question: Integers) -> "Answers":
        """What each member (n,) hears who asked ``question`` (n,); -1 asked nothing."""
        heard = Answers.none(len(question))
        asked = question >= 0
        for mine, all_answers in (
            (heard.millimetres, self.millimetres),
            (heard.branch, self.branch),
            (heard.tied, self.tied),
        ):
            mine[asked] = all_answers[question[asked]]
        return heard

    def improve(self, rows: slice | Integers, other: "Answers", rank: Integers) -> Flags:
        """Let ``rows`` take what ``other`` knows better, in place; tells which of them took it.

        ``rank`` (m + 1,) ends with the rank of no branch.
        """
        mine, millimetres, tied = self.branch[rows], self.millimetres[rows], self.tied[rows]
        nearer = other.millimetres < millimetres
        same = (other.millimetres == millimetres) & (other.branch >= 0)
        taken = nearer | (same & (rank[other.branch] < rank[mine]))
        self.tied[rows] = np.where(nearer, other.tied, tied) | (
            same & (other.tied | (other.branch != mine))
        )
        self.millimetres[rows] = np.where(taken, other.millimetres, millimetres)
        self.branch[rows] = np.where(taken, other.branch, mine)
        return np.asarray(taken)


class BranchTree:
    """Some of the branches, each distinct place once: the lowest rank stands for its place.

    ``rounds`` counts the questions that were still open after each round of candidates.
    """

    def __init__(self, lonlat: Floats, branches: Integers, rank: Integers, workers: int) -> None:
        """Of all places ``lonlat`` (m, 2) take those of ``branches``, of which there is one."""
        by_rank = branches[np.argsort(rank[branches])]
        _, first, shared = np.unique(lonlat[by_rank], axis=0, return_index=True, return_counts=True)
        self.branch = by_rank[first]
        self.rank = rank[self.branch]
        self.shared: Flags = shared > 1
        self.lonlat = lonlat[self.branch]
        self.rounds: list[int] = []
        self._tree = cKDTree(to_xyz(self.lonlat))
        self._workers = workers

    def answer(self, lonlat: Floats, xyz: Floats) -> Answers:
        """The nearest of these branches to each question (q, 2), given in degrees and as xyz."""
        chords, points = self._candidates(xyz, _FIRST_CANDIDATES)
        point = points[:, 0]
        metres = arc(lonlat, self.lonlat[point], chords[:, 0])
        answers = Answers(_millimetres(metres), self.branch[point], self.shared[point])
        still_open = np.flatnonzero(chords[:, -1] <= metres + _MARGIN_METRES)
        candidates = _FIRST_CANDIDATES
        self._count(0, len(still_open))
        for further in range(1, 64):
            if not still_open.size:
                break
            candidates = min(candidates * _MORE_CANDIDATES, len(self.branch) + 1)
            settled = np.empty(len(still_open), dtype=np.bool_)
            step = max(1, _PAIRS_AT_ONCE // candidates)
            for at in range(0, len(still_open), step):
                rows = still_open[at : at + step]
                settled[at : at + step] = self._ask_again(
                    answers, rows, lonlat[rows], xyz[rows], candidates
                )
            still_open = still_open[~settled]
            self._count(further, len(still_open))
        return answers

    def _candidates(self, xyz: Floats, count: int) -> tuple[Floats, Integers]:
        """Chords (q, count) in rising order and tree points; infinite where the tree has no more."""
        chords, points = self._tree.query(xyz, k=count, workers=self._workers)
        return np.asarray(chords), np.asarray(points, dtype=np.int64)

    def _ask_again(
        self, answers: Answers, rows: Integers, lonlat: Floats, xyz: Floats, candidates: int
    ) -> Flags:
        """Answer ``rows`` from more candidates; tells which of them are settled now."""
        chords, points = self._candidates(xyz, candidates)
        there = np.isfinite(chords)
        points[~there] = 0
        metres = arc(
            np.repeat(lonlat, candidates, axis=0),
            self.lonlat[points.ravel()],
            np.where(there, chords, 0).ravel(),
        ).reshape(chords.shape)
        millimetres = np.where(there, _millimetres(metres), NOBODY)
        least = millimetres.min(axis=1)
        is_least = millimetres == least[:, np.newaxis]
        winner = np.where(is_least, self.rank[points], NOBODY).argmin(axis=1)
        point = points[np.arange(len(rows)), winner]
        answers.millimetres[rows] = least
        answers.branch[rows] = self.branch[point]
        answers.tied[rows] = (is_least.sum(axis=1) > 1) | self.shared[point]
        best = np.where(there, metres, np.inf).min(axis=1)
        return np.asarray(chords[:, -1] > best + _MARGIN_METRES)

    def _count(self, further: int, still_open: int) -> None:
        while len(self.rounds) <= further:
            self.rounds.append(0)
        self.rounds[further] += still_open


def _millimetres(metres: Floats) -> Integers:
    return np.rint(metres * 1000).astype(np.int64)
