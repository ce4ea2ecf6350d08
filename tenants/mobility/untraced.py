"""Members nobody knows the whereabouts of, and what was tried to find them (domain REG-12).

Whoever has no contact, no home and no unit on record may be untraced; that they are is said by a
person, one by one or for all of them at once, and by a person it ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from tenants.database import db
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.records import TraceStep
from tenants.people.lookups import shown_names
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Step:
    """One attempt. `who`: the name of who made it."""

    tried_on: date
    way: str
    outcome: str
    who: str


@dataclass(frozen=True, slots=True)
class Untraced:
    """A member who is looked for, since when, and what was tried, newest first."""

    member_id: UUID
    name: str
    since: date
    steps: tuple[Step, ...]


def untraced(scope: Scope, limit: int = 200) -> list[Untraced]:
    """Who is looked for, longest first."""
    rows = db.session.execute(
        select(Member.id, Member.name, Member.untraced_since)
        .where(seen_by(scope), Member.untraced_since.is_not(None))
        .order_by(Member.untraced_since, Member.id)
        .limit(limit)
    ).all()
    steps = steps_of(scope, [row.id for row in rows])
    return [
        Untraced(row.id, row.name, row.untraced_since, tuple(steps.get(row.id, ()))) for row in rows
    ]


def steps_of(scope: Scope, member_ids: Iterable[UUID]) -> dict[UUID, list[Step]]:
    """What was tried for these members, newest first; the caller may see them."""
    rows = (
        db.session.execute(
            select(TraceStep)
            .where(TraceStep.tenant_id == scope.tenant_id, TraceStep.member_id.in_(member_ids))
            .order_by(TraceStep.tried_on.desc(), TraceStep.recorded_at.desc())
        )
        .scalars()
        .all()
    )
    names = shown_names(scope, [row.done_by for row in rows if row.done_by])
    found: dict[UUID, list[Step]] = {}
    for row in rows:
        who = names.get(row.done_by, "") if row.done_by else ""
        found.setdefault(row.member_id, []).append(Step(row.tried_on, row.way, row.outcome, who))
    return found


def tried_since(scope: Scope, members: Iterable[Member]) -> set[UUID]:
    """Which of these members somebody looked for since they were put on the list."""
    since = {member.id: member.untraced_since for member in members}
    rows = db.session.execute(
        select(TraceStep.member_id, TraceStep.recorded_at).where(
            TraceStep.tenant_id == scope.tenant_id, TraceStep.member_id.in_(since)
        )
    )
    return {
        member_id
        for member_id, at in rows
        if (begun := since[member_id]) is not None and at.date() >= begun
    }


def how_many_untraced(scope: Scope) -> int:
    """How many are looked for."""
    return db.session.execute(
        select(func.count())
        .select_from(Member)
        .where(seen_by(scope), Member.untraced_since.is_not(None))
    ).scalar_one()


def how_many_begun(scope: Scope, day: date) -> int:
    """How many were put on the list on `day`."""
    return db.session.execute(
        select(func.count()).select_from(Member).where(seen_by(scope), Member.untraced_since == day)
    ).scalar_one()


def how_many_with_nothing(scope: Scope) -> int:
    """Members with no phone, no address, no place and no unit who are not looked for yet."""
    return db.session.execute(
        select(func.count()).select_from(Member).where(with_nothing(scope))
    ).scalar_one()


def with_nothing(scope: Scope) -> ColumnElement[bool]:
    """The "four lacks" (四无党员) of domain section 9, as far as a register can know them."""
    return and_(
        seen_by(scope),
        Member.untraced_since.is_(None),
        Member.affiliation == "affiliated",
        Member.phone_sealed.is_(None),
        Member.address_sealed.is_(None),
        Member.home.is_(None),
        Member.work.is_(None),
        Member.employer == "",
    )
