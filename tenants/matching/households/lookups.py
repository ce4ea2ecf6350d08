"""Questions about centre households: who hosts, who is proposed, who agreed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select

from tenants.database import db
from tenants.grid.records import GridCell
from tenants.matching.households.records import (
    OPEN_STATES,
    CentreHousehold,
    HouseholdPair,
    HouseholdRun,
)
from tenants.matching.households.rules import Host, Neighbour
from tenants.members.records import Member
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class PairLine:
    """A member and the household proposed to them, as the office sees it."""

    id: UUID
    member_id: UUID
    name: str
    metres: float
    state: str


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """A centre household. `cell` is where it lies: the door is nobody's business."""

    id: UUID
    host_id: UUID
    host: str
    cell: str
    fewest: int
    most: int
    host_agreed_on: date
    pairs: tuple[PairLine, ...]

    @property
    def active(self) -> int:
        return sum(pair.state == "active" for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class SettlementCard:
    """The last run over all households; `ended_at` None while it is computing."""

    id: UUID
    asked_at: datetime
    ended_at: datetime | None
    people: int
    placed: int
    total_metres: float
    gap: float
    explanation: str


def households(scope: Scope) -> list[HouseholdCard]:
    """Every centre household of today with its open pairs, by cell and name of the host."""
    pairs = _open_pairs(scope)
    rows = db.session.execute(
        select(
            CentreHousehold.id,
            CentreHousehold.host_id,
            Member.name,
            func.coalesce(_cell_of_home(), ""),
            CentreHousehold.fewest,
            CentreHousehold.most,
            CentreHousehold.host_agreed_on,
        )
        .join(Member, _host())
        .where(CentreHousehold.tenant_id == scope.tenant_id, CentreHousehold.ended_on.is_(None))
    )
    found = [HouseholdCard(*row, tuple(pairs.get(row[0], ()))) for row in rows]
    return sorted(found, key=lambda card: (card.cell, card.host, card.id))


def hosts(scope: Scope) -> list[Host]:
    """The households of today as a run sees them, by id."""
    rows = db.session.execute(
        select(
            CentreHousehold.id,
            func.ST_X(Member.home),
            func.ST_Y(Member.home),
            CentreHousehold.fewest,
            CentreHousehold.most,
        )
        .join(Member, _host())
        .where(
            CentreHousehold.tenant_id == scope.tenant_id,
            CentreHousehold.ended_on.is_(None),
            Member.home.is_not(None),
            Member.left_on.is_(None),
        )
        .order_by(CentreHousehold.id)
    )
    return [Host(id_, (lon, lat), fewest, most) for id_, lon, lat, fewest, most in rows]


def neighbours(scope: Scope) -> list[Neighbour]:
    """Members who live here and host nobody, by id; with what they agreed to and declined."""
    hosting = select(CentreHousehold.host_id).where(
        CentreHousehold.tenant_id == scope.tenant_id, CentreHousehold.ended_on.is_(None)
    )
    agreed, refused = {}, defaultdict(set)
    for member_id, household_id, state in db.session.execute(
        select(HouseholdPair.member_id, HouseholdPair.household_id, HouseholdPair.state).where(
            HouseholdPair.tenant_id == scope.tenant_id,
            HouseholdPair.state.in_(("host_agreed", "active", "another")),
        )
    ):
        if state == "another":
            refused[member_id].add(household_id)
        else:
            agreed[member_id] = household_id
    rows = db.session.execute(
        select(Member.id, func.ST_X(Member.home), func.ST_Y(Member.home))
        .where(
            Member.tenant_id == scope.tenant_id,
            Member.left_on.is_(None),
            Member.residence != "outside",
            Member.id.not_in(hosting),
        )
        .order_by(Member.id)
    )
    return [
        Neighbour(
            id_,
            None if lon is None else (lon, lat),
            agreed.get(id_),
            frozenset(refused.get(id_, ())),
        )
        for id_, lon, lat in rows
    ]


def last_settlement(scope: Scope) -> SettlementCard | None:
    """The newest run, or None."""
    row = db.session.execute(
        select(
            HouseholdRun.id,
            HouseholdRun.asked_at,
            HouseholdRun.ended_at,
            HouseholdRun.people,
            HouseholdRun.placed,
            HouseholdRun.total_metres,
            HouseholdRun.gap,
            HouseholdRun.explanation,
        )
        .where(HouseholdRun.tenant_id == scope.tenant_id)
        .order_by(HouseholdRun.asked_at.desc(), HouseholdRun.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else SettlementCard(*row)


def _open_pairs(scope: Scope) -> dict[UUID, list[PairLine]]:
    found = defaultdict(list)
    rows = db.session.execute(
        select(
            HouseholdPair.household_id,
            HouseholdPair.id,
            HouseholdPair.member_id,
            Member.name,
            HouseholdPair.metres,
            HouseholdPair.state,
        )
        .join(
            Member,
            and_(Member.tenant_id == HouseholdPair.tenant_id, Member.id == HouseholdPair.member_id),
        )
        .where(HouseholdPair.tenant_id == scope.tenant_id, HouseholdPair.state.in_(OPEN_STATES))
        .order_by(HouseholdPair.metres, HouseholdPair.id)
    )
    for household_id, id_, member_id, name, metres, state in rows:
        found[household_id].append(PairLine(id_, member_id, name, metres, state))
    return found


def _host() -> ColumnElement[bool]:
    return and_(Member.tenant_id == CentreHousehold.tenant_id, Member.id == CentreHousehold.host_id)


def _cell_of_home() -> ScalarSelect[str]:
    return (
        select(GridCell.name)
        .where(
            GridCell.tenant_id == Member.tenant_id,
            GridCell.valid_to.is_(None),
            GridCell.valid_from <= func.current_date(),
            GridCell.shape.op("&&")(Member.home),
            func.ST_Intersects(GridCell.shape, Member.home),
        )
        .order_by(GridCell.code)
        .limit(1)
        .correlate(Member)
        .scalar_subquery()
    )
