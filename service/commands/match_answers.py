"""What ``wangge match`` answers, whichever mode found it, and how it is written.

OUT has one row per member in input order: ``member, branch, metres, place, status, nearer``.
``nearer`` holds ``branch:metres:reason`` for each nearer branch that was not taken, nearest first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from math import isnan
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from geo.ellipsoid import metres_between
from geo.nearest import Place, Status
from service.commands.match_files import Branches, Members
from service.commands.tables import Floats, write_json, write_rows

Integers = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]

_MEMBERS_AT_ONCE = 8192

HEADER = ("member", "branch", "metres", "place", "status", "nearer")


class Reason(IntEnum):
    """Why a nearer branch was not taken.

    NOT_ALLOWED: it does not admit the member's class. FULL: others need its seats more. FROZEN: the
    member was told another branch before. MINIMUM: the member's own branch would fall below its
    minimum. OUT_OF_REACH: not taken at all; the nearest of those too far away, for the record.
    """

    NOT_ALLOWED = 0
    FULL = 1
    FROZEN = 2
    MINIMUM = 3
    OUT_OF_REACH = 4


@dataclass(frozen=True)
class Passed:
    """Pairs (x,) of member and branch that were nearer and not taken, with metres and Reason."""

    member: Integers
    branch: Integers
    metres: Floats
    reason: Small

    @classmethod
    def of(cls, member: Integers, branch: Integers, metres: Floats, reason: Reason) -> Self:
        """Pairs that share one reason."""
        return cls(member, branch, metres, np.full(len(member), reason, dtype=np.int8))

    @classmethod
    def joined(cls, parts: list["Passed"]) -> Self:
        """All pairs, each member's nearest first."""
        member, branch, metres, reason = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("member", "branch", "metres", "reason")
        )
        order = np.lexsort((branch, metres, member))
        return cls(member[order], branch[order], metres[order], reason[order])


@dataclass(frozen=True)
class Matching:
    """One entry per member: branch index (-1 none), metres (NaN unknown), Place and Status.

    ``lower_bound_metres`` is a total that no permitted assignment of as many people can undercut;
    ``more_seats`` how many people more a better one might place.
    """

    branch: Integers
    metres: Floats
    place: Small
    status: Small
    passed: Passed
    lower_bound_metres: float
    more_seats: int = 0


def metres_of_pairs(members: Members, branches: Branches, branch: Integers) -> tuple[Floats, Small]:
    """Metres from each member's nearer place to ``branch`` (n,), and which place that is.

    NaN and NONE for those without a branch (-1) or without a place.
    """
    goal = np.append(branches.lonlat, [[np.nan, np.nan]], axis=0)[branch]
    metres = metres_between(members.home, goal)
    place = np.where(np.isnan(metres), Place.NONE, Place.HOME).astype(np.int8)
    if members.work is not None:
        by_work = metres_between(members.work, goal)
        with np.errstate(invalid="ignore"):
            better = (np.rint(by_work * 1000) < np.rint(metres * 1000)) | (
                np.isnan(metres) & ~np.isnan(by_work)
            )
        metres = np.where(better, by_work, metres)
        place[better] = Place.WORK
    return np.rint(metres * 1000) / 1000, place


def write_answers(path: Path, members: Members, branches: Branches, matching: Matching) -> None:
    """Write OUT."""
    branch_ids = [*branches.ids, ""]
    places = np.array(["home", "work", ""])
    statuses = np.array([status.name.lower() for status in Status])
    write_rows(
        path,
        HEADER,
        [
            members.ids,
            map(branch_ids.__getitem__, matching.branch.tolist()),
            ("" if isnan(metres) else f"{metres:.3f}" for metres in matching.metres.tolist()),
            places[matching.place].tolist(),
            statuses[matching.status].tolist(),
            _nearer_cells(matching.passed, branches, len(members.ids)),
        ],
    )


def _nearer_cells(passed: Passed, branches: Branches, members: int) -> Iterator[str]:
    """The ``nearer`` cell of each member in turn; a few thousand members' words at a time."""
    reasons = [reason.name.lower() for reason in Reason]
    ends = np.searchsorted(passed.member, np.arange(members), side="right")
    for at in range(0, members, _MEMBERS_AT_ONCE):
        until = ends[at : at + _MEMBERS_AT_ONCE].tolist()
        first = int(ends[at - 1]) if at else 0
        part = slice(first, until[-1])
        entries = [
            f"{branches.ids[branch]}:{metres:.3f}:{reasons[reason]}"
            for branch, metres, reason in zip(
                passed.branch[part].tolist(),
                passed.metres[part].tolist(),
                passed.reason[part].tolist(),
                strict=True,
            )
        ]
        start = first
        for end in until:
            yield ";".join(entries[start - first : end - first]) if end > start else ""
            start = end


def write_summary(
    path: Path, branches: Branches, matching: Matching, seconds: dict[str, float]
) -> None:
    """Write the figures of a run; ``gap`` is the share of the total that is not proven needed."""
    assigned = int((matching.status == Status.ASSIGNED).sum())
    total = float(np.nansum(matching.metres[matching.status == Status.ASSIGNED]))
    bound = matching.lower_bound_metres
    figures: dict[str, Any] = {
        "members": len(matching.branch),
        "branches": len(branches.ids),
        "assigned": assigned,
        "unassigned": len(matching.branch) - assigned,
        "total_metres": round(total, 3),
        "lower_bound_metres": round(bound, 3),
        "gap": max(0.0, (total - bound) / total) if total > 0 else 0.0,
        "seconds": {step: round(took, 3) for step, took in seconds.items()},
    }
    write_json(path, figures)
