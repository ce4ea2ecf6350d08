"""Bringing a draft up to a grid that was redrawn meanwhile."""

from uuid import UUID

from sqlalchemy import select, update

from tenants.audit.actions import note
from tenants.database import db
from tenants.grid.drafts.actions import locked
from tenants.grid.drafts.lookups import mark_today
from tenants.grid.drafts.records import DraftCell, GridDraft
from tenants.grid.records import GridCell
from tenants.scope import Scope


def rebase(scope: Scope, draft_id: UUID) -> int:
    """Bring a draft up to the grid in force: its cells continue those that theirs became.

    Shapes stay as drawn. Answers how many cells continue nothing any more, for a person to look at.
    """
    draft = locked(scope, draft_id, "rebase")
    today = set(
        db.session.execute(
            select(GridCell.id).where(
                GridCell.tenant_id == scope.tenant_id, GridCell.valid_to.is_(None)
            )
        ).scalars()
    )
    became = _became(scope)
    cells = _cells(scope, draft_id)
    targets = {cell.id: _today_of(cell.from_cell_id, became, today) for cell in cells}
    lost = sum(1 for cell in cells if cell.from_cell_id and targets[cell.id] is None)
    db.session.execute(
        update(DraftCell)
        .where(DraftCell.tenant_id == scope.tenant_id, DraftCell.draft_id == draft_id)
        .values(from_cell_id=None)
    )
    taken: set[UUID] = set()
    for cell in cells:
        target = targets[cell.id]
        cell.from_cell_id = target if target not in taken else None
        if target is not None:
            taken.add(target)
    draft.based_on = mark_today(scope)
    draft.state, draft.proposed_at, draft.job_id = "draft", None, None
    draft.version += 1
    db.session.flush()
    note(scope, "rebase_grid_draft", "grid_draft", draft_id, lost=lost)
    return lost


def _became(scope: Scope) -> dict[UUID, UUID]:
    """Cell -> the cell that continued it, over every redraw that was applied."""
    rows = db.session.execute(
        select(DraftCell.from_cell_id, DraftCell.cell_id)
        .join(
            GridDraft,
            (GridDraft.tenant_id == DraftCell.tenant_id) & (GridDraft.id == DraftCell.draft_id),
        )
        .where(
            DraftCell.tenant_id == scope.tenant_id,
            DraftCell.cell_id.is_not(None),
            DraftCell.from_cell_id.is_not(None),
            DraftCell.cell_id != DraftCell.from_cell_id,
        )
    )
    became = {old: new for old, new in rows if old is not None and new is not None}
    for ended in db.session.execute(
        select(GridDraft.ended)
        .where(GridDraft.tenant_id == scope.tenant_id, GridDraft.undone_at.is_not(None))
        .order_by(GridDraft.undone_at)
    ).scalars():
        became |= {UUID(old): UUID(new) for old, new in ended.get("restored", {}).items()}
    return became


def _today_of(cell_id: UUID | None, became: dict[UUID, UUID], today: set[UUID]) -> UUID | None:
    seen: set[UUID] = set()
    while cell_id is not None and cell_id not in today and cell_id not in seen:
        seen.add(cell_id)
        cell_id = became.get(cell_id)
    return cell_id if cell_id in today else None


def _cells(scope: Scope, draft_id: UUID) -> list[DraftCell]:
    return list(
        db.session.execute(
            select(DraftCell)
            .where(DraftCell.tenant_id == scope.tenant_id, DraftCell.draft_id == draft_id)
            .order_by(DraftCell.code)
        ).scalars()
    )
