"""Many tenants opened from one spreadsheet."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now

OPENING_STATES = ("checking", "checked", "opening", "opened", "unusable", "discarded")


class TenantOpening(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A county's spreadsheet of tenants: checked, then opened as a whole.

    The file and the invitations' links are sealed; the links can be fetched once.
    """

    __tablename__ = "tenant_opening"
    __table_args__ = (CheckConstraint(f"state IN {OPENING_STATES}", name="state"),)

    filename: Mapped[str] = mapped_column(String(200))
    system: Mapped[str] = mapped_column(String(10))
    pack_id: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), server_default="checking")
    file_sealed: Mapped[bytes | None]
    rows: Mapped[int] = mapped_column(server_default="0")
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    links_sealed: Mapped[bytes | None]
    job_id: Mapped[UUID | None]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
    opened_at: Mapped[datetime | None]
