"""Who is away now, of all the members at once."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, select

from tenants.database import db
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.records import Episode
from tenants.scope import Scope


def absent_members(scope: Scope) -> set[UUID]:
    """Members with an absence that nobody has ended, whenever it begins; also who has left.

    One table and no order: over tens of thousands of episodes written a moment ago, a join is
    planned without knowing how many there are. The scope must see all of the tenant.
    """
    rows = db.session.execute(
        select(Episode.member_id).where(
            Episode.tenant_id == scope.tenant_id,
            Episode.direction == "outflow",
            Episode.ended_on.is_(None),
        )
    )
    return set(rows.scalars())


def open_absences(scope: Scope, member_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Member -> their absence that nobody has ended, the latest one; of those the scope may see."""
    rows = db.session.execute(
        select(Episode.member_id, Episode.id)
        .join(Member, and_(Member.tenant_id == Episode.tenant_id, Member.id == Episode.member_id))
        .where(
            Episode.tenant_id == scope.tenant_id,
            Episode.member_id.in_(member_ids),
            Episode.direction == "outflow",
            Episode.ended_on.is_(None),
            seen_by(scope),
        )
        .order_by(Episode.started_on.nulls_first(), Episode.id)
    )
    return {member_id: episode_id for member_id, episode_id in rows}
