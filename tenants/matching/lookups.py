"""What a match run needs to know, and the proposals it made."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select

from tenants.arrivals.records import Arrival
from tenants.database import db
from tenants.matching.records import Proposal
from tenants.matching.rules import Branch, Point, Waiting
from tenants.members.records import Member
from tenants.places.lookups import branches
from tenants.scope import Scope

ROUGH_METRES: Final = 500.0
"""The step in which whoever came through a door is told how far somebody lives."""


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """A proposal as a page shows it; `nearer` as in `records.Proposal`.

    `run_id` None: a person chose the branch.
    """

    id: UUID
    arrival_id: UUID
    branch_id: UUID
    metres: float
    place: str
    nearer: list[dict[str, Any]]
    decision: str
    decided_by: UUID | None
    decided_at: datetime | None
    made_at: datetime
    run_id: UUID | None = None


def waiting_arrivals(scope: Scope, states: Iterable[str]) -> list[Waiting]:
    """Cases in these states with their places, who registered first comes first."""
    rows = db.session.execute(
        select(
            Arrival.id,
            func.ST_X(Member.home),
            func.ST_Y(Member.home),
            func.ST_X(Member.work),
            func.ST_Y(Member.work),
            Member.class_,
        )
        .join(Member, and_(Member.tenant_id == Arrival.tenant_id, Member.id == Arrival.member_id))
        .where(
            Arrival.tenant_id == scope.tenant_id,
            Arrival.state.in_(tuple(states)),
            Member.left_on.is_(None),
        )
        .order_by(Arrival.registered_at, Arrival.id)
    ).all()
    refused = _refused(scope, [row[0] for row in rows])
    return [
        Waiting(
            arrival_id,
            _point(home_lon, home_lat),
            _point(work_lon, work_lat),
            class_,
            refused.get(arrival_id, frozenset()),
        )
        for arrival_id, home_lon, home_lat, work_lon, work_lat, class_ in rows
    ]


def seats(scope: Scope, today: date) -> list[Branch]:
    """Branches of the tenant with their free places; an open proposal holds a place."""
    held = held_seats(scope)
    return [
        Branch(
            branch.id,
            (branch.lon, branch.lat),
            None if branch.free is None else max(0, branch.free - held.get(branch.id, 0)),
            frozenset(branch.classes),
            branch.open_on(today),
        )
        for branch in branches(scope)
    ]


def held_seats(scope: Scope, *, but_for: UUID | None = None) -> dict[UUID, int]:
    """How many seats of each branch are proposed and not decided; one arrival can be left out."""
    question = select(Proposal.branch_id, func.count()).where(
        Proposal.tenant_id == scope.tenant_id, Proposal.decision == "open"
    )
    if but_for is not None:
        question = question.where(Proposal.arrival_id != but_for)
    rows = db.session.execute(question.group_by(Proposal.branch_id))
    return {branch_id: count for branch_id, count in rows}


def open_proposals(scope: Scope, arrival_ids: Iterable[UUID]) -> dict[UUID, ProposalCard]:
    """The open proposal of each of these arrivals, where there is one."""
    return {
        card.arrival_id: card
        for card in _cards(scope, list(arrival_ids))
        if card.decision == "open"
    }


def proposals(scope: Scope, arrival_id: UUID) -> list[ProposalCard]:
    """Every proposal ever made for an arrival, newest first."""
    return _cards(scope, [arrival_id])


def _cards(scope: Scope, arrival_ids: list[UUID]) -> list[ProposalCard]:
    rows = db.session.execute(
        select(
            Proposal.id,
            Proposal.arrival_id,
            Proposal.branch_id,
            Proposal.metres,
            Proposal.place,
            Proposal.nearer,
            Proposal.decision,
            Proposal.decided_by,
            Proposal.decided_at,
            Proposal.made_at,
            Proposal.run_id,
        )
        .where(Proposal.tenant_id == scope.tenant_id, Proposal.arrival_id.in_(arrival_ids))
        .order_by(Proposal.made_at.desc(), Proposal.id.desc())
    )
    cards = [ProposalCard(*row) for row in rows]
    return [_roughly(card) for card in cards] if scope.came_through_a_door else cards


def _roughly(card: ProposalCard) -> ProposalCard:
    """Distances to three branches, to the metre, are as good as the home's coordinates."""
    nearer = [{**near, "metres": _in_steps(near["metres"])} for near in card.nearer]
    return replace(card, metres=_in_steps(card.metres), nearer=nearer)


def _in_steps(metres: float) -> float:
    return max(1, ceil(metres / ROUGH_METRES)) * ROUGH_METRES


def _refused(scope: Scope, arrival_ids: list[UUID]) -> dict[UUID, frozenset[UUID]]:
    rows = db.session.execute(
        select(Proposal.arrival_id, func.array_agg(Proposal.branch_id))
        .where(
            Proposal.tenant_id == scope.tenant_id,
            Proposal.arrival_id.in_(arrival_ids),
            Proposal.decision == "another",
        )
        .group_by(Proposal.arrival_id)
    )
    return {arrival_id: frozenset(branch_ids) for arrival_id, branch_ids in rows}


def _point(lon: float | None, lat: float | None) -> Point | None:
    return None if lon is None or lat is None else (lon, lat)
