"""Which cells a cell went on from: redraws give cells new ids, and standings go along with them."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from tenants.database import db
from tenants.grid.drafts.records import DraftCell, GridDraft
from tenants.scope import Scope

Step = tuple[UUID, UUID, date]
"""A cell, the one it became, the day of it."""


def redrawn_since(scope: Scope, since: date) -> list[Step]:
    """Every cell that became another one on `since` or later, by a redraw or by undoing one."""
    drafts = db.session.execute(
        select(GridDraft.id, GridDraft.applied_on, GridDraft.undone_at, GridDraft.ended).where(
            GridDraft.tenant_id == scope.tenant_id,
            GridDraft.applied_on.is_not(None),
            or_(GridDraft.applied_on >= since, GridDraft.undone_at >= since),
        )
    ).all()
    days: dict[UUID, date] = {row.id: row.applied_on for row in drafts}
    cells = db.session.execute(
        select(DraftCell.draft_id, DraftCell.from_cell_id, DraftCell.cell_id).where(
            DraftCell.tenant_id == scope.tenant_id,
            DraftCell.draft_id.in_(days),
            DraftCell.from_cell_id.is_not(None),
            DraftCell.cell_id.is_not(None),
            DraftCell.from_cell_id != DraftCell.cell_id,
        )
    )
    steps = [
        (before, after, days[draft_id]) for draft_id, before, after in cells if before and after
    ]
    for row in drafts:
        if row.undone_at is not None:
            restored = row.ended.get("restored", {})
            on = row.undone_at.date()
            steps += [(UUID(before), UUID(after), on) for before, after in restored.items()]
    return steps


def earlier_cells(cell_id: UUID, steps: list[Step], since: date) -> set[UUID]:
    """The cells that this one went on from, step by step, on `since` or later. Pure."""
    found: set[UUID] = set()
    left = {cell_id}
    while left:
        left = {before for before, after, on in steps if after in left and on >= since} - found
        found |= left
    return found - {cell_id}
