"""``wangge match --mode capacity``: most people placed, then the fewest metres, with its proof.

The optimum is found and proven in whole centimetres (:mod:`geo.assignment`); the file tells
millimetres. The bound of the summary is the proven one carried over to the millimetre total.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Any

import numpy as np

from geo.assignment import Assignment, Places, Seats, Unusable, assign
from geo.certificate_file import sealed, to_json
from geo.nearest import Progress, Status, nearest
from service.commands.match_answers import Matching, Passed, Reason, metres_of_pairs
from service.commands.match_files import UNLIMITED, Branches, Integers, Members
from service.commands.match_passed import Passing
from service.commands.tables import Floats, UnusableInput


def match_seats(
    members: Members, branches: Branches, reach_metres: float, progress: Progress | None
) -> tuple[Matching, Assignment]:
    """The answer for every member and the solver's own, which carries the proof.

    Ctrl-C ends the search: what was found so far is the answer, and says how far it may be off.
    """
    named = len(members.kinds) > 1
    labels = [members.kinds[kind] for kind in members.kind.tolist()] if named else None
    try:
        with interruptible() as stopped:
            solved = assign(
                Places(members.home, members.work, labels),
                Seats(branches.lonlat, branches.capacity, branches.minimum, branches.classes),
                reach_metres=reach_metres if np.isfinite(reach_metres) else None,
                frozen=members.frozen,
                progress=progress,
                stopped=stopped,
            )
    except Unusable as error:
        raise UnusableInput(str(error)) from error
    metres, place = metres_of_pairs(members, branches, solved.branch)
    unproven = (solved.total - solved.lower_bound) / 100
    matching = Matching(
        branch=solved.branch,
        metres=metres,
        place=place,
        status=solved.status,
        passed=_passed(members, branches, solved, metres, reach_metres),
        lower_bound_metres=max(0.0, float(np.nansum(metres)) - unproven),
        more_seats=solved.more_seats,
    )
    return matching, solved


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed; pressed a second time it ends the program as usual."""
    pressed = Event()
    before = signal.getsignal(signal.SIGINT)

    def note(_number: int, _frame: FrameType | None) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def certificate_of(solved: Assignment, members: Members, branches: Branches) -> dict[str, Any]:
    """The sealed certificate, with the ids of both files."""
    return sealed(to_json(solved.certificate(members.ids, branches.ids)))


def _passed(
    members: Members, branches: Branches, solved: Assignment, metres: Floats, reach_metres: float
) -> Passed:
    """The nearer branches of everybody: full, needed for another's minimum, kept from, or closed."""
    admits = branches.admits(members.kinds)
    found = nearest(
        members.home,
        branches.lonlat,
        work=members.work,
        kind=members.kind,
        admits=admits,
        rank=branches.rank,
        reach_metres=reach_metres,
    )
    passing = Passing(members, branches, admits, reach_metres)
    told = members.frozen >= 0
    keeping = np.flatnonzero(told)
    seated = np.flatnonzero(~told & (solved.branch >= 0))
    nearer = passing.nearer(seated, metres[seated], Reason.FULL)
    without = ~told & (solved.status == Status.NO_SEAT)
    return Passed.joined(
        [
            _with_free_seats(nearer, branches, solved, metres),
            passing.nearer(keeping, metres[keeping], Reason.FROZEN),
            *_without_seat(passing, found.branch, found.metres, np.flatnonzero(without)),
            *passing.by_the_unserved(found, ~told & (solved.branch < 0) & ~without),
        ]
    )


def _with_free_seats(
    nearer: Passed, branches: Branches, solved: Assignment, metres: Floats
) -> Passed:
    """A nearer branch with a seat free is passed by only for the sake of a minimum elsewhere.

    Branches that are as near to the centimetre are no reproach: they are not listed.
    """
    load = np.bincount(solved.branch[solved.branch >= 0], minlength=len(branches.ids))
    free = (branches.capacity == UNLIMITED) | (load < branches.capacity)
    open_seat = free[nearer.branch] & (nearer.reason == Reason.FULL)
    nearer.reason[open_seat] = Reason.MINIMUM
    kept = np.rint(nearer.metres * 100) < np.rint(metres[nearer.member] * 100)
    return Passed(
        nearer.member[kept], nearer.branch[kept], nearer.metres[kept], nearer.reason[kept]
    )


def _without_seat(
    passing: Passing, branch: Integers, metres: Floats, rows: Integers
) -> list[Passed]:
    """All branches within reach; without a reach, the nearest that admits stands for all."""
    if np.isfinite(passing.reach_metres):
        everybody = np.ones(len(passing.members.ids), dtype=np.bool_)
        return [passing.nearer(rows, passing.within_reach(everybody)[rows], Reason.FULL)]
    limit = np.full(len(passing.members.ids), np.nan)
    limit[rows] = metres[rows]
    return [
        passing.not_admitting(limit),
        Passed.of(rows, branch[rows], metres[rows], Reason.FULL),
    ]
