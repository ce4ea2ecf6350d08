"""Redirects as each side sees them, and the branches elsewhere that could take somebody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import cos, radians
from uuid import UUID

from sqlalchemy import and_, func, or_, select, text

from tenants.database import db, overseeing
from tenants.errors import NotFound
from tenants.matching.choosing import BranchChoice, choices
from tenants.members.lookups import MemberCard, names_of
from tenants.organisations.records import Tenant
from tenants.places.lookups import BranchPlace, directory
from tenants.redirects.records import Redirect
from tenants.redirects.rules import OPEN, Stand
from tenants.scope import Scope

SHOWN = 50
WORTH_MEASURING = 300
OUR_TURN = (("to", ("proposed",)), ("from", ("accepted", "correction")))
"""Side and states in which nobody but the tenant itself can go on."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side's leg with plain values; fields as in `records.Redirect`.

    `name`: whom it is about, on the sender's side only, and where the scope may see them.
    """

    id: UUID
    side: str
    state: str
    round: int
    other_id: int
    other: str
    arrival_id: UUID | None
    member_id: UUID | None
    branch_id: UUID
    branch: str
    class_: str
    metres: float | None
    place: str
    reason: str
    answer: str
    next_branch_id: UUID | None
    by_county: bool
    sent_version: int | None
    opened_at: datetime
    state_since: datetime
    name: str = ""

    @property
    def stand(self) -> Stand:
        return Stand(self.state, self.round)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN[self.side]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many redirects of one community wait for the same step, and the oldest one's moment.

    `count` None: it is hidden from whoever reads it.
    """

    tenant: str
    area: int
    state: str
    count: int | None
    oldest: datetime


_COLUMNS = tuple(getattr(Redirect, name) for name in Leg.__slots__ if name != "name")


def leg(scope: Scope, redirect_id: UUID) -> Leg:
    """The tenant's own leg. Raises NotFound."""
    found = leg_or_none(scope, redirect_id)
    if found is None:
        raise NotFound
    return _named(scope, [found])[0]


def leg_or_none(scope: Scope, redirect_id: UUID) -> Leg | None:
    """The tenant's own leg without a name, or None when nothing was carried here yet."""
    row = db.session.execute(
        select(*_COLUMNS).where(Redirect.tenant_id == scope.tenant_id, Redirect.id == redirect_id)
    ).one_or_none()
    return None if row is None else Leg(*row)


def legs_by_id(scope: Scope, redirect_ids: Sequence[UUID]) -> dict[UUID, Leg]:
    """The tenant's own legs of these redirects, by id, without names."""
    rows = db.session.execute(
        select(*_COLUMNS).where(
            Redirect.tenant_id == scope.tenant_id, Redirect.id.in_(redirect_ids)
        )
    )
    return {row.id: Leg(*row) for row in rows}


def legs(scope: Scope, side: str, *, still_open: bool, limit: int = SHOWN) -> list[Leg]:
    """Legs of one side: the open ones oldest first, or the ended ones newest first."""
    question = select(*_COLUMNS).where(Redirect.tenant_id == scope.tenant_id, Redirect.side == side)
    if still_open:
        question = question.where(Redirect.state.in_(OPEN[side])).order_by(
            Redirect.state_since, Redirect.id
        )
    else:
        question = question.where(Redirect.state.not_in(OPEN[side])).order_by(
            Redirect.state_since.desc(), Redirect.id
        )
    return _named(scope, [Leg(*row) for row in db.session.execute(question.limit(limit))])


def waiting_for_us(scope: Scope) -> int:
    """How many redirects wait for the tenant's own answer, asked or asking."""
    ours = or_(
        *(and_(Redirect.side == side, Redirect.state.in_(states)) for side, states in OUR_TURN)
    )
    return db.session.execute(
        select(func.count())
        .select_from(Redirect)
        .where(Redirect.tenant_id == scope.tenant_id, ours)
    ).scalar_one()


def open_leg_of(scope: Scope, arrival_id: UUID) -> Leg | None:
    """The open redirect of an arrival of ours, or None."""
    row = db.session.execute(
        select(*_COLUMNS).where(
            Redirect.tenant_id == scope.tenant_id,
            Redirect.arrival_id == arrival_id,
            Redirect.side == "from",
            Redirect.state.in_(OPEN["from"]),
        )
    ).one_or_none()
    return None if row is None else Leg(*row)


def elsewhere(
    scope: Scope, person: MemberCard, today: date, *, limit: int = 30
) -> list[tuple[BranchChoice, BranchPlace]]:
    """Branches of other communities of the county for one person, those that can be chosen first."""
    others = [branch for branch in directory(scope)[0] if branch.area != scope.area]
    others = _roughly_nearest(person, others)
    by_id = {branch.id: branch for branch in others}
    found = choices(person.home, person.work, person.class_, others, today)
    return [(choice, by_id[choice.id]) for choice in found if choice.can_be_chosen][:limit]


def county_choices(
    scope: Scope, but_for: Sequence[int], class_: str, today: date
) -> list[BranchPlace]:
    """Open branches with a free place for a class, by area and name, some tenants left out."""
    excluded = set(db.session.execute(select(Tenant.area).where(Tenant.id.in_(but_for))).scalars())
    return [
        branch
        for branch in directory(scope)[0]
        if branch.area not in excluded
        and branch.open_on(today)
        and branch.free != 0
        and (not branch.classes or class_ in branch.classes)
    ]


def keeper_of(scope: Scope, area: int) -> tuple[int, str]:
    """Number and name of the open tenant of an area in the county. Raises NotFound."""
    row = db.session.execute(
        select(Tenant.id, Tenant.name).where(Tenant.area == area, Tenant.closed_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.id, row.name


def county_office(scope: Scope) -> int | None:
    """The number of the scope's county, which settles what two communities cannot."""
    return db.session.execute(
        select(Tenant.id).where(
            Tenant.area == scope.stamps["app.county_lo"],
            Tenant.level == "county",
            Tenant.closed_at.is_(None),
        )
    ).scalar_one_or_none()


def open_below(scope: Scope) -> list[Waiting]:
    """Open redirects of every community below, by area and step: counts and ages, no person."""
    with overseeing() as connection:
        rows = connection.execute(
            text("""
                SELECT t.name, t.area, r.state, count(*), min(r.state_since)
                FROM redirect r JOIN tenant t ON t.area = r.area
                WHERE r.side = 'from' AND r.state = ANY(:states)
                GROUP BY t.name, t.area, r.state ORDER BY t.area, min(r.state_since)
            """),
            {"states": list(OPEN["from"])},
        )
        return [Waiting(*row) for row in rows]


def _roughly_nearest(person: MemberCard, branches: list[BranchPlace]) -> list[BranchPlace]:
    """The few hundred that exact distances are worth computing for; all without a known place."""
    places = [place for place in (person.home, person.work) if place]
    if not places:
        return branches

    def square(branch: BranchPlace) -> float:
        return min(
            ((branch.lon - lon) * cos(radians(lat))) ** 2 + (branch.lat - lat) ** 2
            for lon, lat in places
        )

    return sorted(branches, key=square)[:WORTH_MEASURING]


def _named(scope: Scope, found: list[Leg]) -> list[Leg]:
    ours = [each.member_id for each in found if each.side == "from" and each.member_id]
    names = names_of(scope, ours)
    return [
        replace(each, name=names.get(each.member_id, ""))
        if each.side == "from" and each.member_id
        else each
        for each in found
    ]
