"""What happened and who read what, and the chain over it. Rows are only ever added."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now


class AuditEntry(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One act or one reading. `person_id` is empty when a worker did it.

    `facts` holds ids, counts and metres, never a name, a phone or an address. `at` is the
    database's word: the application may not name a moment.
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


class AuditLink(TenantOwned, db.Model):  # type: ignore[name-defined]
    """An entry's place in its tenant's chain; `id` is the entry's.

    A trigger of the database's makes it when the entry's transaction commits (migration 0014);
    the application only reads it. `hash`: see `audit.rules.digest`.
    """

    __tablename__ = "audit_link"
    __table_args__ = (
        UniqueConstraint("tenant_id", "seq"),
        ForeignKeyConstraint(["tenant_id", "id"], ["audit_entry.tenant_id", "audit_entry.id"]),
    )

    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
    linked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
