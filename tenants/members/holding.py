"""Holding one member while somebody changes them."""

from uuid import UUID

from sqlalchemy import select

from tenants.database import db
from tenants.errors import Conflict, NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.scope import Scope


def held(scope: Scope, member_id: UUID, seen_version: int) -> Member:
    """A member the scope sees, locked until the commit.

    Raises NotFound, and Conflict when the member was changed since `seen_version`.
    """
    member: Member | None = db.session.execute(
        select(Member).where(seen_by(scope), Member.id == member_id).with_for_update(of=Member)
    ).scalar_one_or_none()
    if member is None:
        raise NotFound
    if member.version != seen_version:
        raise Conflict("有人刚刚改过这份资料，请看现在的内容再决定。")
    return member
