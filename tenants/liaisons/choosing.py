"""Who may be chosen as a liaison, how many one may have, and what was named last."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from tenants.database import db
from tenants.liaisons.lookups import MOST, Holder, running
from tenants.liaisons.orphans import is_away
from tenants.liaisons.records import Liaison
from tenants.liaisons.rules import UNDO_WITHIN
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.lookups import chosen_pack
from tenants.mobility.pack import Rule
from tenants.people.lookups import working_here
from tenants.scope import Scope


def liaison_most(scope: Scope, day: date) -> Rule[int] | None:
    """The rule pack's cap on one person's load; None where the pack is silent."""
    return chosen_pack(scope, day).pack.liaison_most


def holders(scope: Scope, day: date, *, words: str = "") -> list[Holder]:
    """Who may be chosen: people who work here, members who are one already, and by name others.

    `words`: part of the name of members who are here, to ask one who has agreed.
    """
    staff = [Holder("person", id_, name) for id_, name in working_here(scope, day).items()]
    known = {
        each.holder.id: each.holder
        for each in running(scope, day, limit=MOST)
        if each.holder.kind == "member" and not each.holder.gone
    }
    if words:
        rows = db.session.execute(
            select(Member.id, Member.name)
            .where(
                seen_by(scope),
                Member.affiliation == "affiliated",
                Member.name.contains(words, autoescape=True),
                Member.untraced_since.is_(None),
                ~is_away(scope, Member.id, day),  # type: ignore[arg-type]
            )
            .order_by(Member.name, Member.id)
            .limit(20)
        )
        known |= {id_: Holder("member", id_, name) for id_, name in rows}
    return [
        *sorted(staff, key=lambda each: (each.name, each.id)),
        *sorted(known.values(), key=lambda each: (each.name, each.id)),
    ]


def how_many_held(scope: Scope, person_id: UUID) -> int:
    """Of how many members and branches somebody who works here is the liaison."""
    return db.session.execute(
        select(func.count()).where(
            Liaison.tenant_id == scope.tenant_id,
            Liaison.person_id == person_id,
            Liaison.ended_on.is_(None),
        )
    ).scalar_one()


def last_batch(scope: Scope) -> tuple[UUID, int] | None:
    """The newest act of the asking person within a day, and how many it was about."""
    if scope.person_id is None:
        return None
    row = db.session.execute(
        select(Liaison.started_in, func.count())
        .where(
            Liaison.tenant_id == scope.tenant_id,
            Liaison.given_by == scope.person_id,
            Liaison.ended_on.is_(None),
            Liaison.given_at > func.now() - UNDO_WITHIN,
        )
        .group_by(Liaison.started_in)
        .order_by(func.max(Liaison.given_at).desc(), Liaison.started_in.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])
