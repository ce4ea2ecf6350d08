"""Who is not the same person, who was linked to whom, and marks that a county compares."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, TenantOwned, db, now


class NotTheSame(TenantOwned, db.Model):  # type: ignore[name-defined]
    """Two members who look alike and are two people: somebody looked and said so."""

    __tablename__ = "not_the_same"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="order"),
        ForeignKeyConstraint(["tenant_id", "first_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "second_id"], ["member.tenant_id", "member.id"]),
        Index("uq_not_the_same_pair", "tenant_id", "first_id", "second_id", unique=True),
    )

    first_id: Mapped[UUID]
    second_id: Mapped[UUID]
    said_by: Mapped[UUID | None]
    said_at: Mapped[datetime] = mapped_column(server_default=now())


class MemberLink(TenantOwned, db.Model):  # type: ignore[name-defined]
    """The merged record stands behind the kept one until the link is taken away again.

    Nothing is deleted: the merged member only counts as left while the link holds. `stay_id`: the
    stay with a former cell that went over to the kept one meanwhile.
    """

    __tablename__ = "member_link"
    __table_args__ = (
        CheckConstraint("kept_id <> merged_id", name="two"),
        ForeignKeyConstraint(["tenant_id", "kept_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "merged_id"], ["member.tenant_id", "member.id"]),
        Index("ix_member_link_kept", "tenant_id", "kept_id"),
        Index(
            "uq_member_link_merged",
            "tenant_id",
            "merged_id",
            unique=True,
            postgresql_where=text("unlinked_at IS NULL"),
        ),
    )

    kept_id: Mapped[UUID]
    merged_id: Mapped[UUID]
    linked_by: Mapped[UUID | None]
    linked_at: Mapped[datetime] = mapped_column(server_default=now())
    unlinked_by: Mapped[UUID | None]
    unlinked_at: Mapped[datetime | None]
    stay_id: Mapped[UUID | None]


class MemberMark(Overseen, db.Model):  # type: ignore[name-defined]
    """A keyed mark of a member's phone that is equal within the county; its id is the member's.

    No role reads it beyond its own tenant: one door function says whether somebody elsewhere in
    the county has the same mark, and nothing else. `phone_blind` tells when it is out of date.
    """

    __tablename__ = "member_mark"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "id"], ["member.tenant_id", "member.id"]),
        Index("ix_member_mark_mark", "mark"),
    )

    mark: Mapped[bytes]
    phone_blind: Mapped[bytes]
