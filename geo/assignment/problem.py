"""What an assignment is asked: places, seats and the rules between them, as plain arrays.

Lengths inside are whole centimetres (int64), so that sums and proofs are exact; a metre figure is
made only for people to read. Indices are positions in the caller's own order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.ellipsoid import arc, chord
from geo.penalty import least_penalty

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

NOBODY: Final = -1
UNLIMITED: Final = -1


class Unusable(ValueError):
    """The question has no answer; ``str()`` is one Chinese sentence: the row, what, what to do.

    ``table`` is members or branches, ``row`` counts from 0 (None: the whole question), ``code``
    is for programs.
    """

    def __init__(self, code: str, sentence: str, table: str = "", row: int | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.table = table
        self.row = row


@dataclass(frozen=True)
class Places:
    """Members' places: ``home`` and ``work`` (n, 2) degrees longitude first, a NaN row = no place.

    ``classes`` names each member's eligibility class, "" = none.
    """

    home: Floats
    work: Floats | None = None
    classes: Sequence[str] | None = None

    def __len__(self) -> int:
        return len(self.home)


@dataclass(frozen=True)
class Seats:
    """Branches: ``lonlat`` (m, 2); ``capacity`` (m,) with -1 = no limit; ``minimum`` (m,) people.

    ``classes``: who may come, an empty set = anyone; a class comes besides to those that name it.
    """

    lonlat: Floats
    capacity: Whole | None = None
    minimum: Whole | None = None
    classes: Sequence[frozenset[str]] | None = None

    def __len__(self) -> int:
        return len(self.lonlat)


@dataclass(frozen=True)
class Question:
    """One complete question, checked; everything a solver or a certificate needs, nothing else.

    ``reach`` is centimetres or None. ``frozen`` (n,) is the branch a member was already told, -1 =
    free. ``forbidden`` (f, 2) are pairs member, branch. ``penalty`` is the price of leaving one
    person without a seat: more than any chain of moves can cost, so that placing comes first.
    """

    members: Places
    branches: Seats
    reach: int | None
    frozen: Whole
    forbidden: Whole
    capacity: Whole = field(repr=False)
    minimum: Whole = field(repr=False)
    penalty: int = 0

    @property
    def located(self) -> npt.NDArray[np.bool_]:
        """(n,) who has a place."""
        located = _has_place(self.members.home)
        if self.members.work is not None:
            located |= _has_place(self.members.work)
        return located

    @property
    def placeable(self) -> npt.NDArray[np.bool_]:
        """(n,) who is to be assigned: has a place and was not told a branch already."""
        return np.asarray(self.located & (self.frozen == NOBODY))

    @property
    def free_seats(self) -> Whole:
        """(m,) seats left after the frozen."""
        return np.asarray(self.capacity - self._told)

    @property
    def still_wanted(self) -> Whole:
        """(m,) how many of the free must come for the minimum, beyond the frozen."""
        return np.asarray(np.maximum(self.minimum - self._told, 0))

    @property
    def _told(self) -> Whole:
        told = self.frozen[self.frozen != NOBODY]
        return np.bincount(told, minlength=len(self.branches)).astype(np.int64)


def ask(
    members: Places,
    branches: Seats,
    *,
    reach_metres: float | None = None,
    frozen: npt.ArrayLike | None = None,
    forbidden: npt.ArrayLike | None = None,
) -> Question:
    """Check the question and fill in what was left out; raises :class:`Unusable`."""
    n, m = len(members), len(branches)
    told = np.full(n, NOBODY, np.int64) if frozen is None else np.asarray(frozen, np.int64)
    pairs = np.asarray([] if forbidden is None else forbidden, dtype=np.int64).reshape(-1, 2)
    if reach_metres is not None and not reach_metres >= 0:
        raise Unusable("reach", "可达范围不能是负数或空值：请填写不小于 0 的米数。")
    reach = None
    if reach_metres is not None and np.isfinite(reach_metres):
        reach = int(np.floor(reach_metres * 100 + 1e-6))
    capacity = _limits(branches.capacity, n, m)
    minimum = np.zeros(m, np.int64) if branches.minimum is None else branches.minimum
    question = Question(
        _without_impossible(members),
        branches,
        reach,
        told,
        pairs,
        capacity,
        np.asarray(minimum, np.int64),
        _penalty(members, branches, reach),
    )
    _refuse_unusable(question)
    return question


def centimetres(lonlat_a: Floats, lonlat_b: Floats, xyz_a: Floats, xyz_b: Floats) -> Whole:
    """Geodesic in whole centimetres, row by row: the one rounding that everybody shares."""
    return np.rint(arc(lonlat_a, lonlat_b, chord(xyz_a, xyz_b)) * 100).astype(np.int64)


def _penalty(members: Places, branches: Seats, reach: int | None) -> int:
    clean = _without_impossible(members)
    places = [clean.home, np.asarray(branches.lonlat, np.float64).reshape(-1, 2)]
    if clean.work is not None:
        places.append(clean.work)
    return least_penalty(places, len(members), len(branches), reach)


def _limits(capacity: Whole | None, n: int, m: int) -> Whole:
    if capacity is None:
        return np.full(m, n, np.int64)
    limits = np.asarray(capacity, np.int64)
    return np.where(limits == UNLIMITED, n, limits)


def _has_place(lonlat: Floats) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(lonlat[:, 0]) <= 180) & (np.abs(lonlat[:, 1]) <= 90))


def _without_impossible(members: Places) -> Places:
    """Places off the earth count as no place, so that no arithmetic meets them."""

    def clean(lonlat: Floats) -> Floats:
        degrees = np.array(lonlat, dtype=np.float64).reshape(-1, 2)
        degrees[~_has_place(degrees)] = np.nan
        return degrees

    work = None if members.work is None else clean(members.work)
    return Places(clean(members.home), work, members.classes)


def _refuse_unusable(question: Question) -> None:
    """Every sentence a person may read about a question that cannot be asked."""
    m = len(question.branches)
    wrong = np.flatnonzero(~_has_place(np.asarray(question.branches.lonlat).reshape(-1, 2)))
    if wrong.size:
        j = int(wrong[0])
        raise Unusable(
            "branch_place", f"第 {j + 1} 个支部没有可用的坐标：请填写经度和纬度。", "branches", j
        )
    for row in np.flatnonzero((question.frozen < NOBODY) | (question.frozen >= m)):
        raise Unusable(
            "unknown_branch",
            f"第 {row + 1} 名党员已定的支部不在支部表中：请更正支部编号或留空。",
            "members",
            int(row),
        )
    _refuse_bounds(question)
    _refuse_pairs(question)


def _refuse_bounds(question: Question) -> None:
    checks = (
        (question.capacity < 0, "capacity", "第 {} 个支部的容量是负数：请填写不小于 0 的整数。"),
        (question.minimum < 0, "minimum", "第 {} 个支部的最少人数是负数：请填写不小于 0 的整数。"),
        (
            question.minimum > question.capacity,
            "minimum_above_capacity",
            "第 {} 个支部的最少人数大于容量：请调低最少人数或调高容量。",
        ),
        (
            question.free_seats < 0,
            "frozen_above_capacity",
            "第 {} 个支部已定的人数超过容量：请调高容量，或为部分人另选支部。",
        ),
    )
    for wrong, code, sentence in checks:
        for j in np.flatnonzero(wrong):
            raise Unusable(code, sentence.format(j + 1), "branches", int(j))
    wanted, people = int(question.still_wanted.sum()), int(question.placeable.sum())
    if wanted > people:
        raise Unusable(
            "minimum_above_people",
            f"各支部最少人数合计还需 {wanted} 人，可安排的只有 {people} 人：请调低最少人数。",
            "branches",
        )


def _refuse_pairs(question: Question) -> None:
    n, m, pairs = len(question.members), len(question.branches), question.forbidden
    outside = (pairs < 0).any(axis=1) | (pairs[:, 0] >= n) | (pairs[:, 1] >= m)
    for row in np.flatnonzero(outside):
        raise Unusable("forbidden", f"第 {row + 1} 条“换一个”指向不存在的人或支部：请更正。")
    clash = np.flatnonzero(question.frozen[pairs[:, 0]] == pairs[:, 1]) if len(pairs) else pairs
    for row in clash:
        i = int(pairs[row, 0])
        raise Unusable(
            "frozen_forbidden",
            f"第 {i + 1} 名党员已定的支部同时被排除：请取消其中一项。",
            "members",
            i,
        )
