"""Asked of the database: who is away, who has a liaison, and whether anybody stands behind it.

The same as `rules.gone` and `rules.need` say it, so that lists can be narrowed and counted there.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from tenants.liaisons.records import Liaison
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.records import Episode
from tenants.people.lookups import works_here
from tenants.scope import Scope

KEEPER: Any = aliased(Member)
"""The member who agreed to be a liaison."""


def is_away(scope: Scope, member_id: ColumnElement[UUID], day: date) -> ColumnElement[bool]:
    """Whether a member, named by a column, has an absence running on a day."""
    return exists().where(*_running(scope, member_id, day), Episode.direction == "outflow")


def is_gone(scope: Scope, day: date) -> ColumnElement[bool]:
    """Whether nobody stands behind a Liaison whose KEEPER is joined."""
    return or_(
        and_(
            Liaison.person_id.is_not(None),
            ~works_here(Liaison.person_id, scope.tenant_id, day),  # type: ignore[arg-type]
        ),
        and_(
            Liaison.keeper_id.is_not(None),
            or_(
                KEEPER.left_on.is_not(None),
                KEEPER.untraced_since.is_not(None),
                is_away(scope, KEEPER.id, day),
            ),
        ),
    )


def lacks(scope: Scope, day: date) -> ColumnElement[bool]:
    """Whether there is no running Liaison, or one with nobody behind it."""
    return or_(Liaison.id.is_(None), is_gone(scope, day))


def keepers_facts(scope: Scope, day: date) -> tuple[ColumnElement[Any], ...]:
    """What `rules.Keeper` wants of a liaison's person, and the keeper's name, by these names."""
    return (
        works_here(Liaison.person_id, scope.tenant_id, day).label("works_here"),  # type: ignore[arg-type]
        KEEPER.left_on.is_not(None).label("has_left"),
        is_away(scope, KEEPER.id, day).label("keeper_away"),
        KEEPER.untraced_since.is_not(None).label("is_untraced"),
        KEEPER.name.label("keeper_name"),
    )


def of_keeper() -> ColumnElement[bool]:
    return and_(KEEPER.tenant_id == Liaison.tenant_id, KEEPER.id == Liaison.keeper_id)


def needing(scope: Scope, day: date) -> Select[*tuple[Any, ...]]:
    """Members who ought to have a liaison, each with the running one and its keeper, if any."""
    away = is_away(scope, Member.id, day)  # type: ignore[arg-type]
    place = (
        select(Episode.other_place)
        .where(*_running(scope, Member.id, day))  # type: ignore[arg-type]
        .order_by(Episode.started_on.desc().nulls_last(), Episode.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Member.id,
            Member.name,
            Member.affiliation,
            Member.branch_id,
            away.label("away"),
            place.label("other_place"),
            Liaison,
            *keepers_facts(scope, day),
        )
        .outerjoin(
            Liaison,
            and_(
                Liaison.tenant_id == Member.tenant_id,
                Liaison.member_id == Member.id,
                Liaison.ended_on.is_(None),
            ),
        )
        .outerjoin(KEEPER, of_keeper())
        .where(
            seen_by(scope),
            or_(
                and_(Member.affiliation == "affiliated", away),
                and_(Member.affiliation == "incoming", Member.branch_id.is_not(None)),
            ),
        )
    )


def _running(
    scope: Scope, member_id: ColumnElement[UUID], day: date
) -> tuple[ColumnElement[bool], ...]:
    return (
        Episode.tenant_id == scope.tenant_id,
        Episode.member_id == member_id,
        or_(Episode.started_on.is_(None), Episode.started_on <= day),
        or_(Episode.ended_on.is_(None), Episode.ended_on > day),
    )
