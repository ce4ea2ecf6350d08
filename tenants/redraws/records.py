"""Who would change cell and group with a draft grid, and who stays (domain ORG-1, ASG-10)."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db


class RedrawLine(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One person whose cell would be another one, by the place (home, else work) that decides.

    `stays`: in the middle of a case, so their leader goes on with it and their group stays.
    `to_draft_cell_id` None: the draft leaves that ground to no cell.
    """

    __tablename__ = "redraw_line"
    __table_args__ = (
        CheckConstraint("place IN ('home', 'work')", name="place"),
        CheckConstraint("outcome IN ('moves', 'stays')", name="outcome"),
        ForeignKeyConstraint(["tenant_id", "draft_id"], ["grid_draft.tenant_id", "grid_draft.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "from_cell_id"], ["grid_cell.tenant_id", "grid_cell.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "from_group_id"], ["group.tenant_id", "group.id"]),
        ForeignKeyConstraint(["tenant_id", "to_group_id"], ["group.tenant_id", "group.id"]),
        Index("uq_redraw_line_member", "tenant_id", "draft_id", "member_id", unique=True),
    )

    draft_id: Mapped[UUID]
    member_id: Mapped[UUID]
    place: Mapped[str] = mapped_column(String(4))
    from_cell_id: Mapped[UUID | None]
    to_draft_cell_id: Mapped[UUID | None]
    from_group_id: Mapped[UUID | None]
    to_group_id: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(String(5))
    reason: Mapped[str] = mapped_column(String(20))
