"""Who is whose liaison, from when to when (domain LIA-1), for members and for organisations."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now


class Liaison(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One person for one member, or for one branch; `ended_on` is the first day it holds no more.

    The person is either somebody who works here (`person_id`) or a member of the register who
    agreed to it (`keeper_id`, `agreed_on`). `started_in` and `ended_in` name the one act, of one or
    of many, that began and ended it: that act can be undone as a whole.
    """

    __tablename__ = "liaison"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (branch_id IS NULL)", name="whose"),
        CheckConstraint("(person_id IS NULL) <> (keeper_id IS NULL)", name="who"),
        CheckConstraint("(keeper_id IS NULL) = (agreed_on IS NULL)", name="agreed_on"),
        CheckConstraint("keeper_id <> member_id", name="two"),
        CheckConstraint("ended_on >= from_day", name="ended_on"),
        CheckConstraint("(ended_on IS NULL) = (ended_in IS NULL)", name="ended_in"),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "branch_id"], ["branch.tenant_id", "branch.id"]),
        ForeignKeyConstraint(["tenant_id", "keeper_id"], ["member.tenant_id", "member.id"]),
        Index(
            "uq_liaison_member",
            "tenant_id",
            "member_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL AND member_id IS NOT NULL"),
        ),
        Index(
            "uq_liaison_branch",
            "tenant_id",
            "branch_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL AND branch_id IS NOT NULL"),
        ),
        Index("ix_liaison_of", "tenant_id", "member_id"),
        Index("ix_liaison_person", "tenant_id", "person_id"),
        Index("ix_liaison_keeper", "tenant_id", "keeper_id"),
    )

    member_id: Mapped[UUID | None]
    branch_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    keeper_id: Mapped[UUID | None]
    agreed_on: Mapped[date | None]
    from_day: Mapped[date]
    ended_on: Mapped[date | None]
    started_in: Mapped[UUID]
    ended_in: Mapped[UUID | None]
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime] = mapped_column(server_default=now())
    ended_at: Mapped[datetime | None]
