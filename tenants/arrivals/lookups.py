"""Questions about inflow cases."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from geo.shapes import Box
from tenants.arrivals.records import Arrival
from tenants.database import db
from tenants.errors import NotFound
from tenants.grid.records import GridCell
from tenants.members.features import point_features
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.scope import Scope

PAGE = 50
OPEN = ("signalled", "verified", "proposed", "consented", "unserved")
"""States of those who are not with a branch yet."""
_MEMBER = and_(Member.tenant_id == Arrival.tenant_id, Member.id == Arrival.member_id)


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    """A case as lists and cards show it. `home` says only whether a place is known."""

    id: UUID
    member_id: UUID
    name: str
    state: str
    state_since: datetime
    unserved_reason: str
    arrived_on: date | None
    registered_at: datetime
    branch_id: UUID | None
    version: int


def arrivals(
    scope: Scope,
    *,
    state: str = "",
    states: Collection[str] = (),
    words: str = "",
    after: UUID | None = None,
    limit: int = PAGE,
    oldest_first: bool = False,
) -> list[ArrivalLine]:
    """Cases the scope may see, newest first; `after` is the last id of the page before.

    `oldest_first`: who has been in their state longest comes first; such a list has one page.
    """
    question = _lines(scope)
    if state:
        question = question.where(Arrival.state == state)
    if states:
        question = question.where(Arrival.state.in_(states))
    if words:
        question = question.where(Member.name.contains(words.strip(), autoescape=True))
    if after is not None:
        question = question.where(Arrival.id < after)
    order = (Arrival.state_since, Arrival.id) if oldest_first else (Arrival.id.desc(),)
    rows = db.session.execute(question.order_by(*order).limit(limit))
    return [ArrivalLine(*row) for row in rows]


def arrival_of(scope: Scope, member_id: UUID) -> ArrivalLine | None:
    """The inflow case of a member the scope may see, or None."""
    row = db.session.execute(_lines(scope).where(Arrival.member_id == member_id)).one_or_none()
    return None if row is None else ArrivalLine(*row)


def arrival(scope: Scope, arrival_id: UUID) -> ArrivalLine:
    """One case. Raises NotFound."""
    row = db.session.execute(_lines(scope).where(Arrival.id == arrival_id)).one_or_none()
    if row is None:
        raise NotFound
    return ArrivalLine(*row)


def counts_by_state(scope: Scope) -> dict[str, int]:
    """How many of the cases the scope may see are in each state."""
    rows = db.session.execute(
        select(Arrival.state, func.count())
        .join(Member, _MEMBER)
        .where(Arrival.tenant_id == scope.tenant_id, seen_by(scope))
        .group_by(Arrival.state)
    )
    return {state: count for state, count in rows}


def cell_counts(scope: Scope, cell_id: UUID) -> tuple[int, int]:
    """How many members live in a cell, and how many arrivals among them wait for a branch."""
    rows = db.session.execute(
        select(func.count(), func.count().filter(Arrival.state.in_(OPEN)))
        .select_from(Member)
        .join(
            GridCell,
            and_(
                GridCell.tenant_id == Member.tenant_id,
                GridCell.id == cell_id,
                GridCell.shape.op("&&")(Member.home),
                func.ST_Intersects(GridCell.shape, Member.home),
            ),
        )
        .outerjoin(Arrival, _MEMBER)
        .where(Member.tenant_id == scope.tenant_id, Member.left_on.is_(None))
    )
    members, waiting = rows.one()
    return members, waiting


def arrival_features(scope: Scope, box: Box, zoom: int) -> tuple[list[dict[str, Any]], int]:
    """Homes of arrivals not yet placed; see `members.features.point_features`.

    Whoever came through a door from above places nobody, and gets counts (domain section 5).
    """
    question = (
        select(Arrival.id, Member.home)
        .join(Member, _MEMBER)
        .where(
            Arrival.tenant_id == scope.tenant_id,
            Arrival.state.in_(OPEN),
            seen_by(scope),
        )
    )
    visits = scope.role == "visitor_from_above"
    return point_features(scope, question, box, zoom, counts_only=visits)


def _lines(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Arrival.id,
            Arrival.member_id,
            Member.name,
            Arrival.state,
            Arrival.state_since,
            Arrival.unserved_reason,
            Arrival.arrived_on,
            Arrival.registered_at,
            Member.branch_id,
            Arrival.version,
        )
        .join(Member, _MEMBER)
        .where(Arrival.tenant_id == scope.tenant_id, seen_by(scope))
    )
