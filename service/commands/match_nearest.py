"""``wangge match --mode nearest``: everybody to the nearest branch that admits them.

Members who were already told a branch (``frozen``) keep it; the nearer ones they could have had
are listed with that reason.
"""

import numpy as np

from geo.nearest import Progress, Status, nearest
from service.commands.match_answers import Matching, Passed, Reason, metres_of_pairs
from service.commands.match_files import Branches, Members
from service.commands.match_passed import Passing


def match_nearest(
    members: Members, branches: Branches, reach_metres: float, progress: Progress | None
) -> Matching:
    """The answer for every member; ``reach_metres`` may be infinite."""
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
    passing = Passing(members, branches, admits, reach_metres)
    keeping = np.flatnonzero(told)
    passed = [
        passing.not_admitting(np.where(told, np.nan, found.metres)),
        *passing.by_the_unserved(found, ~told),
        passing.nearer(keeping, kept_metres[keeping], Reason.FROZEN),
    ]
    return Matching(
        branch=np.where(told, members.frozen, found.branch),
        metres=metres,
        place=np.where(told, kept_place, found.place),
        status=np.where(told, Status.ASSIGNED, found.status).astype(np.int8),
        passed=Passed.joined(passed),
        lower_bound_metres=float(np.nansum(metres)),
    )
