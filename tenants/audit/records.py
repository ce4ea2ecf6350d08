"""What happened and who read what. Rows are only ever added: no role may change or remove one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now


class AuditEntry(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One act or one reading. `person_id` is empty when a worker did it.

    `facts` holds ids, counts and metres, never a name, a phone or an address.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "tenant_id", "subject_kind", "subject_id"),
        Index("ix_audit_entry_at", "tenant_id", "at"),
        Index(
            "ix_audit_entry_people",
            "facts",
            postgresql_using="gin",
            postgresql_ops={"facts": "jsonb_path_ops"},
        ),
    )

    at: Mapped[datetime] = mapped_column(server_default=now())
    person_id: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(String(20))
    act: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
