"""``wangge match --mode nearest``: everybody to the nearest branch that admits them.

Members who were already told a branch (``frozen``) keep it; the nearer ones they could have had
are listed with that reason.
"""

import numpy as np

from geo.nearer import Nearer, nearer_not_admitted, nearer_than
from geo.nearest import Nearest, Progress, Status, nearest
from service.commands.match_answers import Matching, Passed, Reason, metres_of_pairs
from service.commands.match_files import Branches, Flags, Integers, Members

# "Within reach" includes the reach itself, "nearer than" does not: a millimetre apart.
_MILLIMETRE = 0.001


def match_nearest(
    members: Members, branches: Branches, reach_metres: float, progress: Progress | None
) -> Matching:
    """The answer for every member, with the nearer branches that were passed by."""
    admits = branches.admits(members.kinds)
    found = nearest(
        members.home,
        branches.lonlat,
        work=members.work,
        kind=members.kind,
        admits=admits,
        rank=branches.rank,
        reach_metres=reach_metres,
        progress=progress,
    )
    told = members.frozen >= 0
    kept_metres, kept_place = metres_of_pairs(members, branches, members.frozen)
    metres = np.where(told, kept_metres, found.metres)
    passed = [
        _not_admitted(members, branches, admits, found, reach_metres, ~told),
        _too_far(found, ~told),
        _nearest_of_none(members, branches, found, reach_metres, ~told),
        *_told_elsewhere(members, branches, admits, kept_metres, told),
    ]
    return Matching(
        branch=np.where(told, members.frozen, found.branch),
        metres=metres,
        place=np.where(told, kept_place, found.place),
        status=np.where(told, Status.ASSIGNED, found.status).astype(np.int8),
        passed=Passed.joined(passed),
        lower_bound_metres=float(np.nansum(metres)),
    )


def _passed(lists: Nearer, rows: Integers, reason: Reason) -> Passed:
    """The lists of ``rows`` as pairs."""
    return Passed.of(np.repeat(rows, np.diff(lists.start)), lists.branch, lists.metres, reason)


def _not_admitted(
    members: Members,
    branches: Branches,
    admits: Flags,
    found: Nearest,
    reach_metres: float,
    asked: Flags,
) -> Passed:
    """Branches nearer than the one found, or within reach of those who got none."""
    without = (found.status == Status.OUT_OF_REACH) | (found.status == Status.NOT_ALLOWED)
    within = reach_metres + _MILLIMETRE if np.isfinite(reach_metres) else np.nan
    limit = np.where(without, within, found.metres)
    limit[~asked] = np.nan
    lists = nearer_not_admitted(
        members.home, branches.lonlat, limit, kind=members.kind, admits=admits, work=members.work
    )
    return _passed(lists, np.arange(len(limit)), Reason.NOT_ALLOWED)


def _too_far(found: Nearest, asked: Flags) -> Passed:
    rows = np.flatnonzero((found.beyond >= 0) & asked)
    return Passed.of(rows, found.beyond[rows], found.beyond_metres[rows], Reason.OUT_OF_REACH)


def _nearest_of_none(
    members: Members, branches: Branches, found: Nearest, reach_metres: float, asked: Flags
) -> Passed:
    """With no reach to stop at, the one nearest branch stands for all that do not admit."""
    rows = np.flatnonzero((found.status == Status.NOT_ALLOWED) & asked)
    if np.isfinite(reach_metres):
        rows = rows[:0]
    work = None if members.work is None else members.work[rows]
    any_branch = nearest(members.home[rows], branches.lonlat, work=work, rank=branches.rank)
    return Passed.of(rows, any_branch.branch, any_branch.metres, Reason.NOT_ALLOWED)


def _told_elsewhere(
    members: Members, branches: Branches, admits: Flags, metres: np.ndarray, told: Flags
) -> list[Passed]:
    """The branches nearer than the one a member was told: open to them, or not."""
    rows = np.flatnonzero(told)
    work = None if members.work is None else members.work[rows]
    lists = nearer_than(members.home[rows], branches.lonlat, metres[rows], work=work)
    pairs = _passed(lists, rows, Reason.FROZEN)
    closed = ~admits[pairs.branch, members.kind[pairs.member]]
    pairs.reason[closed] = Reason.NOT_ALLOWED
    return [pairs]
