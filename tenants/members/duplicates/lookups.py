"""Questions about duplicates: pairs nobody has looked at, links that hold, people told apart."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text

from tenants.database import db
from tenants.members.duplicates.records import MemberLink, MemberMark, NotTheSame
from tenants.members.duplicates.rules import Known, signs
from tenants.members.lookups import MemberCard, member_card, names_of
from tenants.members.records import Member
from tenants.organisations.sealing import county_mark, seal_of
from tenants.scope import Scope

MOST = 20
"""Pairs on one page; the next come up when these are settled."""

_PAIRS = text("""
    WITH here AS (
        SELECT id, name, phone_blind, document_blind, born_on, born_precision, joined_on,
               joined_precision
        FROM member WHERE tenant_id = :tenant AND left_on IS NULL
    ), pair AS (
        SELECT a.id AS first_id, b.id AS second_id FROM here a JOIN here b
            ON b.phone_blind = a.phone_blind AND a.id < b.id
        UNION
        SELECT a.id, b.id FROM here a JOIN here b
            ON b.document_blind = a.document_blind AND a.id < b.id
        UNION
        SELECT a.id, b.id FROM here a JOIN here b ON b.name = a.name AND a.id < b.id
        WHERE (date_trunc('month', a.born_on) = date_trunc('month', b.born_on)
               AND a.born_precision IN ('day', 'month') AND b.born_precision IN ('day', 'month'))
           OR (date_trunc('month', a.joined_on) = date_trunc('month', b.joined_on)
               AND a.joined_precision IN ('day', 'month')
               AND b.joined_precision IN ('day', 'month'))
    )
    SELECT first_id, second_id FROM pair p
    WHERE NOT EXISTS (SELECT FROM not_the_same n WHERE n.tenant_id = :tenant
                      AND n.first_id = p.first_id AND n.second_id = p.second_id)
    ORDER BY first_id, second_id
""")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, the earlier one first, and why."""

    first: MemberCard
    second: MemberCard
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A record that stands behind another. `name`: of the merged one."""

    id: UUID
    kept_id: UUID
    merged_id: UUID
    name: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class ToldApart:
    """Two who look alike and are two people."""

    id: UUID
    first_id: UUID
    second_id: UUID
    said_at: datetime


def pairs(scope: Scope, limit: int = MOST) -> tuple[list[Pair], int]:
    """Pairs that nobody has looked at, and how many there are in all.

    Whether the softer dates agree to the day is asked of the rule; the question only finds who
    may be meant.
    """
    found = db.session.execute(_PAIRS, {"tenant": scope.tenant_id}).all()
    known = _known(scope, {id_ for pair in found for id_ in pair})
    true = [
        (first, second, said)
        for first, second in found
        if first in known and second in known and (said := signs(known[first], known[second]))
    ]
    shown = [
        Pair(member_card(scope, first), member_card(scope, second), said)
        for first, second, said in true[:limit]
    ]
    return shown, len(true)


def links(scope: Scope, kept_id: UUID | None = None, limit: int = MOST) -> list[Link]:
    """Links that hold, newest first; of one kept member, or of all."""
    question = (
        select(MemberLink, Member.name)
        .join(
            Member,
            (Member.tenant_id == MemberLink.tenant_id) & (Member.id == MemberLink.merged_id),
        )
        .where(MemberLink.tenant_id == scope.tenant_id, MemberLink.unlinked_at.is_(None))
    )
    if kept_id is not None:
        question = question.where(MemberLink.kept_id == kept_id)
    rows = db.session.execute(question.order_by(MemberLink.linked_at.desc()).limit(limit))
    return [
        Link(link.id, link.kept_id, link.merged_id, name, link.linked_at) for link, name in rows
    ]


def told_apart(scope: Scope, limit: int = MOST) -> list[tuple[ToldApart, str, str]]:
    """Pairs that are two people, newest first, with both names."""
    rows = db.session.execute(
        select(NotTheSame)
        .where(NotTheSame.tenant_id == scope.tenant_id)
        .order_by(NotTheSame.said_at.desc())
        .limit(limit)
    ).scalars()
    found = [ToldApart(row.id, row.first_id, row.second_id, row.said_at) for row in rows]
    names = names_of(scope, {id_ for each in found for id_ in (each.first_id, each.second_id)})
    return [(each, names.get(each.first_id, ""), names.get(each.second_id, "")) for each in found]


def known_elsewhere(scope: Scope, member_id: UUID) -> bool:
    """Whether another tenant of the county has somebody with the member's phone. Nothing more.

    Raises NotFound for a member the scope may not see; without a phone the answer is no.
    """
    member_card(scope, member_id)
    sealed = db.session.execute(
        select(Member.phone_sealed).where(
            Member.tenant_id == scope.tenant_id, Member.id == member_id
        )
    ).scalar_one()
    if sealed is None:
        return False
    phone = seal_of(scope).open(bytes(sealed), member_id, "phone")
    return db.session.execute(
        select(func.door_known_elsewhere(county_mark(scope, phone)))
    ).scalar_one()


def without_mark(scope: Scope, limit: int) -> list[tuple[UUID, bytes, bytes]]:
    """(id, sealed phone, its blind value) of members whose mark is missing or out of date."""
    rows = db.session.execute(
        select(Member.id, Member.phone_sealed, Member.phone_blind)
        .outerjoin(
            MemberMark, (MemberMark.tenant_id == Member.tenant_id) & (MemberMark.id == Member.id)
        )
        .where(
            Member.tenant_id == scope.tenant_id,
            Member.phone_blind.is_not(None),
            Member.phone_sealed.is_not(None),
            Member.left_on.is_(None),
            MemberMark.phone_blind.is_distinct_from(Member.phone_blind),
        )
        .order_by(Member.id)
        .limit(limit)
    )
    return [(id_, bytes(sealed or b""), bytes(blind or b"")) for id_, sealed, blind in rows]


def _known(scope: Scope, ids: set[UUID]) -> dict[UUID, Known]:
    rows = db.session.execute(
        select(
            Member.id,
            Member.name,
            Member.born_on,
            Member.born_precision,
            Member.joined_on,
            Member.joined_precision,
            Member.phone_blind,
            Member.document_blind,
        ).where(Member.tenant_id == scope.tenant_id, Member.id.in_(ids))
    )
    return {
        row[0]: Known(*row[1:6], *(bytes(blind) if blind else None for blind in row[6:]))
        for row in rows
    }
