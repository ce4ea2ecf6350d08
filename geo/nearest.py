"""The nearest branch of every member on the ellipsoid, each answer with its proof.

A k-d tree over earth-centred places orders branches by chord. The geodesic is never shorter than
its chord, so once the farthest chord seen is longer than the best geodesic found, nothing unseen
can win: the row is settled. Rows that are not settled are asked again with four times as many
candidates, until they are; there is no fixed k.

Equal distances are equal to the millimetre; then the branch of lowest ``rank`` wins and the row is
marked ``tied``. Members of one place and one kind are one question, asked once.

Arrays: places (n, 2) float64, longitude first, NaN where unknown; distances in metres.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from geo.branch_tree import NOBODY, Answers, BranchTree
from geo.ellipsoid import Floats, to_xyz
from geo.places import Supply, collapse, usable

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Progress = Callable[[int, int], None]

_QUESTIONS_AT_ONCE = 1 << 17


class Status(IntEnum):
    """What became of a member. NO_SEAT is said only where branches have a capacity."""

    ASSIGNED = 0
    NO_PLACE = 1
    OUT_OF_REACH = 2
    NO_SEAT = 3
    NOT_ALLOWED = 4


class Place(IntEnum):
    """Which of a member's places a distance was measured from."""

    NONE = -1
    HOME = 0
    WORK = 1


@dataclass(frozen=True, slots=True)
class Nearest:
    """One row per member, in the order given.

    ``branch``  (n,) index of the branch; -1 unless the status is ASSIGNED
    ``metres``  (n,) to it, rounded to the millimetre; NaN unless the status is ASSIGNED
    ``place``   (n,) a :class:`Place`: where from (home, when both are as near); else NONE
    ``status``  (n,) a :class:`Status`: NOT_ALLOWED when no branch at all admits the member,
                OUT_OF_REACH when the nearest that does is farther than the reach
    ``tied``    (n,) another branch that admits the member is as near, to the millimetre
    ``beyond``  (n,) for OUT_OF_REACH rows the nearest branch that would have admitted them, else -1
    ``beyond_metres`` (n,) to it; NaN elsewhere
    ``rounds``  how many distinct questions were still open after each round of candidates; the
                last is 0, which is the proof
    """

    branch: Integers
    metres: Floats
    place: npt.NDArray[np.int8]
    status: npt.NDArray[np.int8]
    tied: Flags
    beyond: Integers
    beyond_metres: Floats
    rounds: tuple[int, ...]


def nearest(
    home: npt.ArrayLike,
    branches: npt.ArrayLike,
    *,
    work: npt.ArrayLike | None = None,
    kind: npt.ArrayLike | None = None,
    admits: npt.ArrayLike | None = None,
    rank: npt.ArrayLike | None = None,
    reach_metres: float = np.inf,
    workers: int = -1,
    progress: Progress | None = None,
) -> Nearest:
    """The nearest branch that admits each member, from home or from work, whichever is nearer.

    ``home``, ``work`` (n, 2): an unusable place (:func:`geo.places.faults`) is as if unknown.
    ``branches`` (m, 2): one with an unusable place is never an answer.
    ``kind`` (n,) the eligibility class of each member as a number and ``admits`` (m, kinds)
    whether a branch admits that class; without them everybody may go anywhere.
    ``rank`` (m,) distinct numbers, the lower wins a tie; the index, when not given.
    ``workers`` threads of the tree query, -1 for one per core.
    ``progress`` is told questions answered and questions in all.
    Raises ValueError when the shapes or kinds do not fit together.
    """
    people = _places(home)
    lonlat = _places(branches)
    count = len(people)
    kinds = np.zeros(count, dtype=np.int64) if kind is None else np.asarray(kind, dtype=np.int64)
    if admits is None:
        admits = np.ones((len(lonlat), 1))
    open_to = np.asarray(admits, dtype=np.bool_)
    order = np.arange(len(lonlat)) if rank is None else np.asarray(rank, dtype=np.int64)
    _must_fit(count, len(lonlat), kinds, open_to, order)
    order = np.append(order, NOBODY)

    elsewhere = np.empty((0, 2)) if work is None else _places(work)
    if len(elsewhere) not in (0, count):
        raise ValueError("work needs one place for each member")
    both = (np.concatenate([people, elsewhere]), np.concatenate([kinds, kinds[: len(elsewhere)]]))
    supply = collapse(*both)
    del both
    answers, rounds = _answer_all(supply, lonlat, open_to, order, workers, progress)

    chosen = answers.of(supply.question[:count])
    place = np.full(count, Place.HOME, dtype=np.int8)
    located = supply.question[:count] >= 0
    if len(elsewhere):
        from_work = chosen.improve(slice(None), answers.of(supply.question[count:]), order)
        place[from_work] = Place.WORK
        located |= supply.question[count:] >= 0
    return _result(chosen, place, located, reach_metres, rounds)


def _places(lonlat: npt.ArrayLike) -> Floats:
    return np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)


def _must_fit(count: int, branches: int, kind: Integers, admits: Flags, rank: Integers) -> None:
    if kind.shape != (count,):
        raise ValueError("kind needs one number for each member")
    if rank.shape != (branches,) or len(np.unique(rank)) != branches:
        raise ValueError("rank needs one number for each branch, and no two the same")
    if admits.ndim != 2 or len(admits) != branches:
        raise ValueError("admits needs one row for each branch and one column for each kind")
    if count and not 0 <= kind.min() <= kind.max() < admits.shape[1]:
        raise ValueError(f"every kind must be one of the {admits.shape[1]} that admits knows")


def _answer_all(
    supply: Supply,
    lonlat: Floats,
    admits: Flags,
    rank: Integers,
    workers: int,
    progress: Progress | None,
) -> tuple[Answers, tuple[int, ...]]:
    """Every question against the branches open to all, then against those of its own kind only."""
    placed = usable(lonlat)
    to_all = admits.all(axis=1)
    general = np.flatnonzero(placed & to_all)
    everyone = [BranchTree(lonlat, general, rank, workers)] if general.size else []
    of_kind = {
        int(kind): BranchTree(lonlat, special, rank, workers)
        for kind in np.unique(supply.kind)
        if (special := np.flatnonzero(placed & ~to_all & admits[:, kind])).size
    }
    total = len(supply.lonlat)
    answers = Answers.none(total)
    for at in range(0, total, _QUESTIONS_AT_ONCE):
        part = slice(at, min(at + _QUESTIONS_AT_ONCE, total))
        places = supply.lonlat[part]
        xyz = to_xyz(places)
        for tree in everyone:
            answers.improve(part, tree.answer(places, xyz), rank)
        for kind, tree in of_kind.items():
            rows = np.flatnonzero(supply.kind[part] == kind)
            if rows.size:
                answers.improve(at + rows, tree.answer(places[rows], xyz[rows]), rank)
        if progress is not None:
            progress(part.stop, total)
    trees = [*everyone, *of_kind.values()]
    deepest = max((len(tree.rounds) for tree in trees), default=0)
    rounds = tuple(sum(sum(tree.rounds[at : at + 1]) for tree in trees) for at in range(deepest))
    return answers, rounds


def _result(
    chosen: Answers,
    place: npt.NDArray[np.int8],
    located: Flags,
    reach_metres: float,
    rounds: tuple[int, ...],
) -> Nearest:
    admitted = chosen.branch >= 0
    metres = np.where(admitted, chosen.millimetres / 1000, np.nan)
    far = admitted & (metres > reach_metres)
    assigned = admitted & ~far
    status = np.full(len(admitted), Status.ASSIGNED, dtype=np.int8)
    status[~admitted] = Status.NOT_ALLOWED
    status[~located] = Status.NO_PLACE
    status[far] = Status.OUT_OF_REACH
    return Nearest(
        branch=np.where(assigned, chosen.branch, -1),
        metres=np.where(assigned, metres, np.nan),
        place=np.where(assigned, place, Place.NONE).astype(np.int8),
        status=status,
        tied=chosen.tied & assigned,
        beyond=np.where(far, chosen.branch, -1),
        beyond_metres=np.where(far, metres, np.nan),
        rounds=rounds,
    )
