"""What a run of one tenant needs to know: people with their places, branches with their seats."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from tenants.arrivals.records import Arrival
from tenants.database import db
from tenants.matching.assignments.rules import Branch, Person, Point
from tenants.matching.records import Proposal
from tenants.members.records import Member
from tenants.places.lookups import branches
from tenants.scope import Scope

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
    proposed = and_(
        Proposal.tenant_id == Arrival.tenant_id,
        Proposal.arrival_id == Arrival.id,
        Proposal.decision == "open",
    )
    question = (
        select(
            Member.id,
            func.ST_X(Member.home),
            func.ST_Y(Member.home),
            func.ST_X(Member.work),
            func.ST_Y(Member.work),
            Member.class_,
            Member.branch_id,
            func.coalesce(Arrival.state, ""),
            Proposal.branch_id,
        )
        .select_from(Member)
        .outerjoin(
            Arrival, and_(Arrival.tenant_id == Member.tenant_id, Arrival.member_id == Member.id)
        )
        .outerjoin(Proposal, proposed)
        .where(Member.tenant_id == scope.tenant_id, Member.left_on.is_(None), _meant(whom))
        .order_by(Member.id)
    )
    if only is not None:
        question = question.where(Member.id.in_(only))
    refused = _refused(scope)
    return [
        _person(row, refused.get(row[0], frozenset()), keep_placed)
        for row in db.session.execute(question)
    ]


def seats(scope: Scope, who: Sequence[Person], today: date) -> list[Branch]:
    """Branches with the seats this run may give: free ones, and those its own people would leave.

    A seat proposed to somebody who is not looked for anew is held.
    """
    anew = {person.member_id for person in who if not person.stays}
    left = Counter(person.branch_id for person in who if not person.stays and person.branch_id)
    held = Counter(
        branch_id
        for branch_id, member_id in db.session.execute(
            select(Proposal.branch_id, Arrival.member_id)
            .join(
                Arrival,
                and_(Arrival.tenant_id == Proposal.tenant_id, Arrival.id == Proposal.arrival_id),
            )
            .where(Proposal.tenant_id == scope.tenant_id, Proposal.decision == "open")
        )
        if member_id not in anew
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


def _meant(whom: str) -> ColumnElement[bool]:
    if whom == "waiting":
        return Arrival.state.in_(NOT_YET_PLACED)
    if whom == "incoming":
        return Member.affiliation == "incoming"
    return or_(Member.affiliation == "affiliated", Member.affiliation == "incoming")


def _person(row: Sequence[object], refused: frozenset[UUID], keep_placed: bool) -> Person:
    id_, home_lon, home_lat, work_lon, work_lat, class_, branch_id, state, proposed_id = row
    agreed = proposed_id if state == "consented" else None
    told = branch_id or agreed
    may_move = not keep_placed and state in MAY_MOVE
    return Person(
        id_,  # type: ignore[arg-type]
        _point(home_lon, home_lat),
        _point(work_lon, work_lat),
        class_,  # type: ignore[arg-type]
        told,  # type: ignore[arg-type]
        stays=told is not None and not may_move,
        refused=refused,
    )


def _refused(scope: Scope) -> dict[UUID, frozenset[UUID]]:
    """Member -> branches for which they asked for another (domain ASG-5)."""
    rows = db.session.execute(
        select(Arrival.member_id, func.array_agg(Proposal.branch_id))
        .join(
            Arrival,
            and_(Arrival.tenant_id == Proposal.tenant_id, Arrival.id == Proposal.arrival_id),
        )
        .where(Proposal.tenant_id == scope.tenant_id, Proposal.decision == "another")
        .group_by(Arrival.member_id)
    )
    return {member_id: frozenset(branch_ids) for member_id, branch_ids in rows}


def _point(lon: object, lat: object) -> Point | None:
    return None if lon is None or lat is None else (float(lon), float(lat))  # type: ignore[arg-type]
