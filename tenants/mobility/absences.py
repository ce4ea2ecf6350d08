"""Who is away now, of all the members at once."""

from uuid import UUID

from sqlalchemy import select

from tenants.database import db
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
