"""Lines beside what is true of their people now, locked; and which of them still fit.

Both ways: whether people can go where a run wants them, and whether they can go back.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from tenants.arrivals.records import Arrival
from tenants.database import db
from tenants.matching.assignments.records import AssignmentLine
from tenants.matching.assignments.sets import one_of
from tenants.matching.records import Proposal
from tenants.members.records import Member
from tenants.places.actions import hold_branches
from tenants.places.lookups import branches
from tenants.scope import Scope

MAY_BE_PLACED = ("signalled", "verified", "proposed", "consented", "unserved")


@dataclass(frozen=True, slots=True)
class Left:
    """A line that could not be accepted or taken back, and why.

    `reason`: moved (somebody decided about the person meanwhile), no_seat, closed.
    """

    member_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A line beside what is true of its person now. `state` '': a member without a case."""

    member_id: UUID
    branch_id: UUID
    from_branch_id: UUID | None
    now_in: UUID | None
    arrival_id: UUID | None
    state: str
    centimetres: int | None
    place: str

    @property
    def measured(self) -> tuple[float, str] | None:
        """Metres to the branch given and from which place, as the run found them."""
        return None if self.centimetres is None else (self.centimetres / 100, self.place)


Way = tuple[Standing, UUID | None, UUID | None]
"""A line, the branch its person leaves and the one they go to."""


def locked(scope: Scope, wanted: ColumnElement[bool]) -> list[Standing]:
    """Lines with what is true now. Locks in the order everybody locks in: proposals, cases,
    branches; so that two acts at once wait for each other instead of for ever."""
    lines = db.session.execute(
        select(
            AssignmentLine.id,
            AssignmentLine.branch_id,
            AssignmentLine.from_branch_id,
            AssignmentLine.centimetres,
            AssignmentLine.place,
        )
        .where(AssignmentLine.tenant_id == scope.tenant_id, wanted)
        .order_by(AssignmentLine.id)
    ).all()
    member_ids = [line[0] for line in lines]
    cases = _locked_cases(scope, member_ids)
    rows = db.session.execute(
        select(Member.id, Member.branch_id).where(
            Member.tenant_id == scope.tenant_id,
            one_of(Member.id, member_ids),
            Member.left_on.is_(None),
        )
    )
    now_in = {member_id: branch_id for member_id, branch_id in rows}
    standing = [
        Standing(
            member_id,
            branch_id,
            from_branch_id,
            now_in[member_id],
            *cases.get(member_id, (None, "")),
            centimetres,
            place,
        )
        for member_id, branch_id, from_branch_id, centimetres, place in lines
        if branch_id is not None and member_id in now_in
    ]
    hold_branches(
        scope,
        {id_ for line in standing for id_ in (line.branch_id, line.from_branch_id) if id_},
    )
    return standing


def _locked_cases(scope: Scope, member_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID | None, str]]:
    """Member -> case and its state, where there is one; open proposals locked before them."""
    arrival_ids = db.session.execute(
        select(Arrival.id).where(
            Arrival.tenant_id == scope.tenant_id, one_of(Arrival.member_id, member_ids)
        )
    ).scalars()
    of_these = list(arrival_ids)
    db.session.execute(
        select(Proposal.id)
        .where(
            Proposal.tenant_id == scope.tenant_id,
            Proposal.decision == "open",
            one_of(Proposal.arrival_id, of_these),
        )
        .order_by(Proposal.id)
        .with_for_update()
    )
    rows = db.session.execute(
        select(Arrival.member_id, Arrival.id, Arrival.state)
        .where(Arrival.tenant_id == scope.tenant_id, one_of(Arrival.id, of_these))
        .order_by(Arrival.id)
        .with_for_update()
    )
    return {member_id: (arrival_id, state) for member_id, arrival_id, state in rows}


def sift(scope: Scope, standing: Sequence[Standing]) -> tuple[list[Standing], list[Left]]:
    """Who can be placed as things are now, by order of the lines."""
    as_found, left = [], []
    for line in standing:
        if _moved_since(line):
            left.append(Left(line.member_id, "moved"))
        else:
            as_found.append((line, line.now_in, line.branch_id))
    fit, without = _seated(scope, as_found)
    return fit, left + without


def sift_back(scope: Scope, standing: Sequence[Standing]) -> tuple[list[Standing], list[Left]]:
    """Who can be taken back to where they were before the run, by order of the lines."""
    as_left, left = [], []
    for line in standing:
        if line.now_in == line.branch_id and line.state in ("placed", ""):
            as_left.append((line, line.now_in, line.from_branch_id))
        else:
            left.append(Left(line.member_id, "moved"))
    fit, without = _seated(scope, as_left)
    return fit, left + without


def _moved_since(line: Standing) -> bool:
    """Whether somebody decided about the person after the run."""
    states = ("placed", "") if line.now_in else (*MAY_BE_PLACED, "")
    return line.now_in != line.from_branch_id or line.state not in states


def _seated(scope: Scope, ways: Sequence[Way]) -> tuple[list[Standing], list[Left]]:
    """Those for whom there is a seat where they go, once everybody who goes has left theirs."""
    places, today = {branch.id: branch for branch in branches(scope)}, date.today()
    going, left = [], []
    for line, origin, goal in ways:
        if goal is None or places[goal].open_on(today):
            going.append((line, origin, goal))
        else:
            left.append(Left(line.member_id, "closed"))
    free = {id_: place.free for id_, place in places.items()}
    while surplus := _surplus(going, free):
        left += [Left(member_id, "no_seat") for member_id in surplus]
        going = [way for way in going if way[0].member_id not in surplus]
    return [line for line, _origin, _goal in going], left


def _surplus(going: Sequence[Way], free: dict[UUID, int | None]) -> dict[UUID, None]:
    """Those for whom the seats do not suffice: who is left frees no seat either, so ask again."""
    leaving = Counter(origin for _line, origin, _goal in going if origin)
    coming: Counter[UUID] = Counter()
    surplus: dict[UUID, None] = {}
    for line, _origin, goal in going:
        if goal is None:
            continue
        seats = free[goal]
        if seats is not None and coming[goal] >= seats + leaving[goal]:
            surplus[line.member_id] = None
        coming[goal] += 1
    return surplus
