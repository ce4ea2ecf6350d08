"""What a run of one tenant needs to know: people with their places, branches with their seats."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Row, func, select

from tenants.arrivals.records import Arrival
from tenants.database import db
from tenants.matching.assignments.findings import Person
from tenants.matching.assignments.sets import one_of
from tenants.matching.records import Proposal
from tenants.matching.rules import Branch, Point
from tenants.members.records import Member
from tenants.members.stages import FULL
from tenants.places.lookups import branches
from tenants.scope import Scope

Case = tuple[UUID | None, str]
Known = tuple[Point | None, Point | None]
"""Where somebody lives and works."""
_NO_CASE: Case = (None, "")
NOT_YET_PLACED = ("signalled", "verified", "proposed", "consented", "unserved")
MAY_MOVE = ("placed", "")
"""States of a case that may go to another branch; "" is a member without a case. What was filed
with the upper office is not moved from here."""


def people(
    scope: Scope, whom: str, *, keep_placed: bool, only: Sequence[UUID] | None = None
) -> list[Person]:
    """Whom a run is about, by id: see `records.WHOM`. `only` restricts it to these members.

    Who has a branch, or agreed to one, stays there; with `keep_placed` off those move whose case
    still may.
    """
    cases = _cases(scope, whom, only)
    question = (
        select(
            Member.id,
            func.ST_X(Member.home),
            func.ST_Y(Member.home),
            func.ST_X(Member.work),
            func.ST_Y(Member.work),
            Member.class_,
            Member.branch_id,
            Member.stage,
        )
        .where(Member.tenant_id == scope.tenant_id, Member.left_on.is_(None))
        .order_by(Member.id)
    )
    if whom == "waiting":
        question = question.where(one_of(Member.id, cases))
    elif whom == "incoming":
        question = question.where(Member.affiliation == "incoming")
    if only is not None:
        question = question.where(one_of(Member.id, only))
    proposed, refused = _proposals(scope, "open"), _proposals(scope, "another")
    return [
        _person(row, cases.get(row[0], _NO_CASE), proposed, refused, keep_placed)
        for row in db.session.execute(question)
    ]


def seats(scope: Scope, who: Sequence[Person], today: date) -> list[Branch]:
    """Branches with the seats this run may give: free ones, and those its own people would leave.

    A seat proposed to somebody who is not looked for anew is held.
    """
    anew = {person.member_id for person in who if not person.stays}
    left = Counter(person.branch_id for person in who if not person.stays and person.branch_id)
    proposed = _proposals(scope, "open")
    rows = db.session.execute(
        select(Arrival.id, Arrival.member_id).where(
            Arrival.tenant_id == scope.tenant_id, one_of(Arrival.id, proposed)
        )
    )
    held = Counter(
        branch_id
        for arrival_id, member_id in rows
        if member_id not in anew
        for branch_id in proposed[arrival_id]
    )
    return [
        Branch(
            branch.id,
            (branch.lon, branch.lat),
            None
            if branch.capacity is None
            else max(0, branch.capacity - branch.taken + left[branch.id] - held[branch.id]),
            frozenset(branch.classes),
            branch.open_on(today),
        )
        for branch in branches(scope)
    ]


def known_places(scope: Scope, member_ids: Sequence[UUID]) -> dict[UUID, Known]:
    """Where these members live and work, those that are still here."""
    rows = db.session.execute(
        select(
            Member.id,
            func.ST_X(Member.home),
            func.ST_Y(Member.home),
            func.ST_X(Member.work),
            func.ST_Y(Member.work),
        ).where(
            Member.tenant_id == scope.tenant_id,
            Member.left_on.is_(None),
            one_of(Member.id, member_ids),
        )
    )
    return {id_: (_point(x, y), _point(at_x, at_y)) for id_, x, y, at_x, at_y in rows}


def _cases(scope: Scope, whom: str, only: Sequence[UUID] | None) -> dict[UUID, Case]:
    """Member -> their case: its id and state."""
    question = select(Arrival.member_id, Arrival.id, Arrival.state).where(
        Arrival.tenant_id == scope.tenant_id
    )
    if whom == "waiting":
        question = question.where(Arrival.state.in_(NOT_YET_PLACED))
    if only is not None:
        question = question.where(one_of(Arrival.member_id, only))
    return {member_id: (id_, state) for member_id, id_, state in db.session.execute(question)}


def _proposals(scope: Scope, decision: str) -> dict[UUID, frozenset[UUID]]:
    """Case -> branches proposed to it that were decided so; "another" is domain ASG-5."""
    rows = db.session.execute(
        select(Proposal.arrival_id, func.array_agg(Proposal.branch_id))
        .where(Proposal.tenant_id == scope.tenant_id, Proposal.decision == decision)
        .group_by(Proposal.arrival_id)
    )
    return {arrival_id: frozenset(branch_ids) for arrival_id, branch_ids in rows}


def _person(
    row: Row[UUID, float | None, float | None, float | None, float | None, str, UUID | None, str],
    case: Case,
    proposed: dict[UUID, frozenset[UUID]],
    refused: dict[UUID, frozenset[UUID]],
    keep_placed: bool,
) -> Person:
    member_id, home_lon, home_lat, work_lon, work_lat, class_, branch_id, stage = row
    case_id, state = case
    agreed = (
        next(iter(proposed.get(case_id, ())), None) if case_id and state == "consented" else None
    )
    told = branch_id or agreed
    may_move = not keep_placed and state in MAY_MOVE
    return Person(
        member_id,
        _point(home_lon, home_lat),
        _point(work_lon, work_lat),
        class_,
        told,
        stays=told is not None and not may_move,
        refused=refused.get(case_id, frozenset()) if case_id else frozenset(),
        full=stage == FULL,
    )


def _point(lon: float | None, lat: float | None) -> Point | None:
    return None if lon is None or lat is None else (lon, lat)
