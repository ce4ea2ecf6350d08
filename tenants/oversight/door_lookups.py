"""Doors as both sides see them: who, why, since when, until when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select

from tenants.area import own_range
from tenants.database import db
from tenants.organisations.records import Tenant
from tenants.people.records import Door
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class DoorLine:
    """A door. `ended_how`: '', visitor, community or expired; '' after its hour: expired too."""

    id: UUID
    visitor: str
    office: str
    community: str
    community_id: int
    reason: str
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_how: str
    person_id: UUID
    slug: str = ""

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.expires_at > datetime.now(UTC)


def doors(scope: Scope, *, limit: int = 100) -> list[DoorLine]:
    """Doors that the tenant opened, or that were opened into it, newest first."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(Door.tenant_id == scope.tenant_id)
        .order_by(Door.opened_at.desc(), Door.id.desc())
        .limit(limit)
    ).all()
    slugs = _slugs({row.community_id for row in rows})
    return [DoorLine(*row, slug=slugs.get(row.community_id, "")) for row in rows]


def open_doors_into(scope: Scope) -> list[DoorLine]:
    """Who from above is inside this community now."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(
            Door.tenant_id == scope.tenant_id,
            Door.side == "community",
            Door.ended_at.is_(None),
            Door.expires_at > func.now(),
        )
        .order_by(Door.opened_at)
    )
    return [DoorLine(*row) for row in rows]


def communities_below(scope: Scope, words: str, *, limit: int = 20) -> list[tuple[str, str]]:
    """(slug, name) of communities below whose name holds `words`, by area."""
    low, high = own_range(scope.area, scope.level)
    rows = db.session.execute(
        select(Tenant.slug, Tenant.name)
        .where(
            Tenant.level == "community",
            Tenant.area.between(low, high),
            Tenant.closed_at.is_(None),
            Tenant.name.contains(words, autoescape=True),
        )
        .order_by(Tenant.area)
        .limit(limit)
    )
    return [(slug, name) for slug, name in rows]


_COLUMNS = (
    Door.id,
    Door.visitor,
    Door.office,
    Door.community,
    Door.community_id,
    Door.reason,
    Door.opened_at,
    Door.expires_at,
    Door.ended_at,
    Door.ended_how,
    Door.person_id,
)


def _slugs(tenant_ids: set[int]) -> dict[int, str]:
    if not tenant_ids:
        return {}
    rows = db.session.execute(select(Tenant.id, Tenant.slug).where(Tenant.id.in_(tenant_ids)))
    return {tenant_id: slug for tenant_id, slug in rows}
