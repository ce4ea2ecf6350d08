"""Why not the nearer one? The branches each member passed by, with the reason, in every mode."""

from dataclasses import dataclass

import numpy as np

from geo.nearer import Nearer, nearer_not_admitted, nearer_than
from geo.nearest import Nearest, Status, nearest
from service.commands.match_answers import Passed, Reason
from service.commands.match_files import Branches, Flags, Integers, Members
from service.commands.tables import Floats

# "Within reach" includes the reach itself, "nearer than" does not: a millimetre apart.
_MILLIMETRE = 0.001


@dataclass(frozen=True)
class Passing:
    """Two files and a reach (infinite: none); ``admits`` (m, kinds) as in :mod:`geo.nearest`."""

    members: Members
    branches: Branches
    admits: Flags
    reach_metres: float

    def not_admitting(self, metres: Floats) -> Passed:
        """Branches that do not admit the member and are nearer than ``metres`` (n,); NaN: none."""
        members = self.members
        lists = nearer_not_admitted(
            members.home,
            self.branches.lonlat,
            metres,
            kind=members.kind,
            admits=self.admits,
            work=members.work,
        )
        return _pairs(lists, np.arange(len(metres)), Reason.NOT_ALLOWED)

    def nearer(self, rows: Integers, metres: Floats, otherwise: Reason) -> Passed:
        """Every branch nearer to each of ``rows`` (r,) than ``metres`` (r,).

        Those that admit the member have the reason ``otherwise``.
        """
        members = self.members
        work = None if members.work is None else members.work[rows]
        lists = nearer_than(members.home[rows], self.branches.lonlat, metres, work=work)
        passed = _pairs(lists, rows, otherwise)
        passed.reason[~self.admits[passed.branch, members.kind[passed.member]]] = Reason.NOT_ALLOWED
        return passed

    def within_reach(self, asked: Flags) -> Floats:
        """The limit (n,) that lists all that is within reach of ``asked``; NaN without a reach."""
        limit = np.full(len(asked), np.nan)
        if np.isfinite(self.reach_metres):
            limit[asked] = self.reach_metres + _MILLIMETRE
        return limit

    def by_the_unserved(self, found: Nearest, asked: Flags) -> list[Passed]:
        """For those of ``asked`` whom no branch within reach admits, whatever its seats.

        All within reach that do not admit them; the nearest of those beyond that would; and where
        no reach puts an end to the list, the one nearest branch for all.
        """
        far = asked & (found.status == Status.OUT_OF_REACH)
        unwanted = asked & (found.status == Status.NOT_ALLOWED)
        beyond = np.flatnonzero(far)
        passed = [
            self.not_admitting(self.within_reach(far | unwanted)),
            Passed.of(
                beyond, found.beyond[beyond], found.beyond_metres[beyond], Reason.OUT_OF_REACH
            ),
        ]
        if not np.isfinite(self.reach_metres):
            rows = np.flatnonzero(unwanted)
            work = None if self.members.work is None else self.members.work[rows]
            one = nearest(
                self.members.home[rows],
                self.branches.lonlat,
                work=work,
                rank=self.branches.rank,
            )
            passed.append(Passed.of(rows, one.branch, one.metres, Reason.NOT_ALLOWED))
        return passed


def _pairs(lists: Nearer, rows: Integers, reason: Reason) -> Passed:
    return Passed.of(np.repeat(rows, np.diff(lists.start)), lists.branch, lists.metres, reason)
