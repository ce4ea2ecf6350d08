"""Drafts of the grid: which there are, their cells, and what is wrong with them as one coverage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select

from geo.grid import Around, Judgement, judge_around, judge_cells
from geo.shapes import Box
from tenants.database import db
from tenants.errors import NotFound
from tenants.grid.drafts.records import DraftCell, GridDraft
from tenants.grid.drafts.rules import difference, mark_of
from tenants.grid.lookups import Cell, cells_today
from tenants.grid.records import GridCell
from tenants.organisations.lookups import boundary_shape
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as a page shows it. `applied_on` None: it is not, or not yet, in force."""

    id: UUID
    name: str
    effective_on: date
    state: str
    version: int
    based_on: str
    plan: dict[str, Any]
    job_id: UUID | None
    made_by: UUID | None
    made_at: datetime
    proposed_at: datetime | None
    approved_by: UUID | None
    approved_at: datetime | None
    applied_on: date | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """A cell of a draft. `shape` is WGS-84; `differs`: new, same, renamed or changed."""

    id: UUID
    code: str
    name: str
    shape: Polygon
    from_cell_id: UUID | None
    group_id: UUID | None
    version: int
    changed_by: UUID | None
    cell_id: UUID | None
    differs: str


def drafts(scope: Scope) -> list[Draft]:
    """Every draft of the tenant, the newest first."""
    rows = db.session.execute(
        _drafts().where(GridDraft.tenant_id == scope.tenant_id).order_by(GridDraft.id.desc())
    )
    return [Draft(*row) for row in rows]


def draft(scope: Scope, draft_id: UUID) -> Draft:
    """One draft. Raises NotFound."""
    row = db.session.execute(
        _drafts().where(GridDraft.tenant_id == scope.tenant_id, GridDraft.id == draft_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Draft(*row)


def draft_cells(scope: Scope, draft_id: UUID) -> list[DrawnCell]:
    """Every cell of a draft, by code."""
    return [_drawn(row) for row in db.session.execute(_draft_cells(scope, draft_id))]


def draft_cells_by_id(scope: Scope, draft_id: UUID, ids: Iterable[UUID]) -> list[DrawnCell]:
    """These cells of a draft, by code."""
    question = _draft_cells(scope, draft_id).where(DraftCell.id.in_(list(ids)))
    return [_drawn(row) for row in db.session.execute(question)]


def draft_cell(scope: Scope, draft_id: UUID, draft_cell_id: UUID) -> DrawnCell:
    """One cell of a draft. Raises NotFound."""
    found = draft_cells_by_id(scope, draft_id, [draft_cell_id])
    if not found:
        raise NotFound
    return found[0]


def cells_given_up(scope: Scope, draft_id: UUID) -> list[Cell]:
    """Cells in force that no cell of the draft continues, by code."""
    kept = set(
        db.session.execute(
            select(DraftCell.from_cell_id).where(
                DraftCell.tenant_id == scope.tenant_id, DraftCell.draft_id == draft_id
            )
        ).scalars()
    )
    return [cell for cell in cells_today(scope) if cell.id not in kept]


def mark_today(scope: Scope) -> str:
    """The mark of the cells in force now; a draft based on another one is out of date."""
    return mark_of(
        db.session.execute(
            select(GridCell.id).where(
                GridCell.tenant_id == scope.tenant_id, GridCell.valid_to.is_(None)
            )
        ).scalars()
    )


def is_stale(scope: Scope, found: Draft) -> bool:
    """Whether the grid in force has changed since the draft was begun."""
    return found.based_on != mark_today(scope)


def judged(scope: Scope, draft_id: UUID) -> Judgement[UUID]:
    """The whole draft as one coverage of today's boundary."""
    return judge_cells(_shapes(draft_cells(scope, draft_id)), boundary_shape(scope))


def judged_around(scope: Scope, draft_id: UUID, changed: list[BaseGeometry]) -> Around[UUID] | None:
    """What is wrong round shapes that were changed; None while there is no boundary."""
    boundary = boundary_shape(scope)
    if boundary is None or not changed:
        return None
    return judge_around(changed, lambda box: _near(scope, draft_id, box), boundary)


def _near(scope: Scope, draft_id: UUID, box: Box) -> dict[UUID, BaseGeometry]:
    """Only ids and shapes: asked on every save."""
    rows = db.session.execute(
        select(DraftCell.id, func.ST_AsBinary(DraftCell.shape)).where(
            DraftCell.tenant_id == scope.tenant_id,
            DraftCell.draft_id == draft_id,
            DraftCell.shape.op("&&")(func.ST_MakeEnvelope(*box, 4326)),
        )
    )
    return {id_: shapely.from_wkb(bytes(wkb)) for id_, wkb in rows}


def _shapes(cells: list[DrawnCell]) -> dict[UUID, BaseGeometry]:
    return {cell.id: cell.shape for cell in cells}


def _drawn(row: Any) -> DrawnCell:
    id_, code, name, wkb, from_id, group_id, version, by, cell_id, old_code, old_name, same = row
    return DrawnCell(
        id_,
        code,
        name,
        shapely.from_wkb(bytes(wkb)),
        from_id,
        group_id,
        version,
        by,
        cell_id,
        difference(
            from_cell=from_id is not None,
            same_shape=same,
            same_words=(code, name) == (old_code, old_name),
        ),
    )


def _drafts() -> Any:
    return select(
        GridDraft.id,
        GridDraft.name,
        GridDraft.effective_on,
        GridDraft.state,
        GridDraft.version,
        GridDraft.based_on,
        GridDraft.plan,
        GridDraft.job_id,
        GridDraft.made_by,
        GridDraft.made_at,
        GridDraft.proposed_at,
        GridDraft.approved_by,
        GridDraft.approved_at,
        GridDraft.applied_on,
        GridDraft.undone_at,
    )


def _draft_cells(scope: Scope, draft_id: UUID) -> Any:
    return (
        select(
            DraftCell.id,
            DraftCell.code,
            DraftCell.name,
            func.ST_AsBinary(DraftCell.shape),
            DraftCell.from_cell_id,
            DraftCell.group_id,
            DraftCell.version,
            DraftCell.changed_by,
            DraftCell.cell_id,
            GridCell.code,
            GridCell.name,
            func.coalesce(
                func.ST_AsBinary(GridCell.shape) == func.ST_AsBinary(DraftCell.shape), False
            ),
        )
        .outerjoin(
            GridCell,
            (GridCell.tenant_id == DraftCell.tenant_id) & (GridCell.id == DraftCell.from_cell_id),
        )
        .where(DraftCell.tenant_id == scope.tenant_id, DraftCell.draft_id == draft_id)
        .order_by(DraftCell.code)
    )
