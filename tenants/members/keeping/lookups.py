"""Who was taken out of the register by hand."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, tuple_

from tenants.database import db
from tenants.members.records import Member
from tenants.scope import Scope

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class LeftLine:
    """Somebody who was taken out; `left_reason` is one of LEFT_REASONS."""

    id: UUID
    name: str
    affiliation: str
    left_on: date | None
    left_reason: str


def taken_out(
    scope: Scope, *, words: str = "", after: UUID | None = None, limit: int = PAGE
) -> list[LeftLine]:
    """Who was taken out, the last first; `after`: the last id of the page before.

    `words`: a part of the name.
    """
    question = select(
        Member.id, Member.name, Member.affiliation, Member.left_on, Member.left_reason
    ).where(out_of(scope))
    if words:
        question = question.where(Member.name.contains(words.strip(), autoescape=True))
    if after is not None:
        last = select(Member.left_on).where(out_of(scope), Member.id == after).scalar_subquery()
        question = question.where(tuple_(Member.left_on, Member.id) < tuple_(last, after))
    rows = db.session.execute(
        question.order_by(Member.left_on.desc(), Member.id.desc()).limit(limit)
    )
    return [LeftLine(*row) for row in rows]


def out_of(scope: Scope) -> ColumnElement[bool]:
    """Members of the tenant who were taken out by hand, and may be brought back."""
    return and_(Member.tenant_id == scope.tenant_id, Member.left_reason != "")
