"""Who signs in, where they stand, and the tokens their programs carry."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from tenants.database import TenantOwned, db, new_id, now

ROLES = ("county_admin", "upper_officer", "community_admin", "branch_officer", "grid_leader")


class Person(db.Model):  # type: ignore[name-defined]
    """Somebody who signs in: staff, not a member on a roster. Of no tenant: standings say where.

    No page reads this table: the door functions (`people.door`) answer who signs in, and a
    standing carries the name by which a tenant knows somebody.
    """

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(8), server_default="zh_Hans")
    active: Mapped[bool] = mapped_column(server_default="true")


class Standing(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A person's role in a tenant, from a day to a day; a leader of two cells has two rows.

    `valid_to` is the last day, itself included; `ended_at` ends it at once. Who hands over has the
    handover in `ended_in`, who takes over has the same one in `started_in`.
    """

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint("(role = 'grid_leader') = (cell_id IS NOT NULL)", name="cell_for_leader"),
        CheckConstraint("role <> 'branch_officer' OR branch_id IS NOT NULL", name="branch"),
        ForeignKeyConstraint(["tenant_id", "cell_id"], ["grid_cell.tenant_id", "grid_cell.id"]),
        ForeignKeyConstraint(["tenant_id", "branch_id"], ["branch.tenant_id", "branch.id"]),
        Index("ix_standing_person_id", "person_id"),
    )

    tenant_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("tenant.id"),
        primary_key=True,
        server_default=text("app_tenant()"),
        sort_order=-3,
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    shown_name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(20))
    cell_id: Mapped[UUID | None]
    branch_id: Mapped[UUID | None]
    valid_from: Mapped[date] = mapped_column(server_default=text("CURRENT_DATE"))
    valid_to: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    started_in: Mapped[UUID | None]
    ended_in: Mapped[UUID | None]


class Invitation(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A link that lets one person take up one standing until it expires; only its hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint("(role = 'grid_leader') = (cell_id IS NOT NULL)", name="cell_for_leader"),
        CheckConstraint("role <> 'branch_officer' OR branch_id IS NOT NULL", name="branch"),
        ForeignKeyConstraint(["tenant_id", "cell_id"], ["grid_cell.tenant_id", "grid_cell.id"]),
        ForeignKeyConstraint(["tenant_id", "branch_id"], ["branch.tenant_id", "branch.id"]),
        UniqueConstraint("tenant_id", "token_hash"),
        Index("ix_invitation_token_hash", "token_hash"),
    )

    email: Mapped[str] = mapped_column(String(254))
    shown_name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(20))
    cell_id: Mapped[UUID | None]
    branch_id: Mapped[UUID | None]
    token_hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
    made_by: Mapped[UUID | None]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ApiToken(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A program's key to one tenant with one standing's rights; only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "standing_id"], ["standing.tenant_id", "standing.id"]),
        UniqueConstraint("tenant_id", "token_hash"),
        Index("ix_api_token_token_hash", "token_hash"),
    )

    standing_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[bytes]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
    last_used_on: Mapped[date | None]


class Door(TenantOwned, db.Model):  # type: ignore[name-defined]
    """An office above inside one community for three hours, with its reason; one row on each side.

    `id` is the same on both sides. The community's row is what lets somebody in (`door_visits`,
    migration 0014): it ends by itself at `expires_at`, or earlier when either side ends it.
    """

    __tablename__ = "door"
    __table_args__ = (
        CheckConstraint("side IN ('office', 'community')", name="side"),
        CheckConstraint(
            "tenant_id = CASE side WHEN 'office' THEN office_id ELSE community_id END",
            name="own_side",
        ),
        CheckConstraint("char_length(reason) >= 8", name="reason"),
        CheckConstraint("expires_at <= opened_at + interval '3 hours'", name="three_hours"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_how = '')"
            " AND ended_how IN ('', 'visitor', 'community', 'expired')",
            name="ended_how",
        ),
        Index("ix_door_person", "person_id", postgresql_where=text("ended_at IS NULL")),
    )

    side: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[UUID]
    visitor: Mapped[str] = mapped_column(String(60))
    office_id: Mapped[int] = mapped_column(BigInteger)
    office: Mapped[str] = mapped_column(String(80))
    community_id: Mapped[int] = mapped_column(BigInteger)
    community: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime] = mapped_column(server_default=now())
    expires_at: Mapped[datetime] = mapped_column(server_default=text("now() + interval '3 hours'"))
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str] = mapped_column(String(10), server_default="")
