"""Taking hold of one episode before it is changed. Whoever may not see the member finds nothing."""

from uuid import UUID

from sqlalchemy import and_, select

from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.records import Episode
from tenants.scope import Scope


def seen_episode(scope: Scope, episode_id: UUID) -> Episode:
    """One episode of a member the scope may see. Raises NotFound."""
    episode = db.session.execute(
        select(Episode)
        .join(Member, and_(Member.tenant_id == Episode.tenant_id, Member.id == Episode.member_id))
        .where(Episode.tenant_id == scope.tenant_id, Episode.id == episode_id, seen_by(scope))
    ).scalar_one_or_none()
    if episode is None:
        raise NotFound
    return episode


def open_episode(scope: Scope, episode_id: UUID) -> Episode:
    """The same, not ended. Raises NotFound, Conflict."""
    episode = seen_episode(scope, episode_id)
    if episode.ended_on is not None:
        raise Conflict("这次流动已经结束，请刷新后再看。")
    return episode


def check_season(first: int | None, last: int | None) -> None:
    """A season is two months 1..12, or none at all. Raises InvalidInput."""
    months = (first, last)
    if (None in months) != (months == (None, None)) or any(
        month is not None and not 1 <= month <= 12 for month in months
    ):
        raise InvalidInput("季节要写从几月到几月，两个都填或都不填。")
