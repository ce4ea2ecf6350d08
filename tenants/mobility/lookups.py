"""Questions about coming and going."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select

from tenants.database import db
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.records import Episode
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """One absence (outflow) or stay (inflow); open while `ended_on` is None."""

    direction: str
    reason: str
    other_place: str
    started_on: date | None
    ended_on: date | None


def episodes(scope: Scope, member_id: UUID) -> list[EpisodeLine]:
    """Episodes of one member the scope may see, newest first."""
    rows = db.session.execute(
        select(
            Episode.direction,
            Episode.reason,
            Episode.other_place,
            Episode.started_on,
            Episode.ended_on,
        )
        .join(Member, and_(Member.tenant_id == Episode.tenant_id, Member.id == Episode.member_id))
        .where(Episode.tenant_id == scope.tenant_id, Episode.member_id == member_id, seen_by(scope))
        .order_by(Episode.id.desc())
    )
    return [EpisodeLine(*row) for row in rows]
