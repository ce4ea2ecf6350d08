"""Drawing a draft: cells changed with the version that was seen, cut, joined, never overwritten.

Two people may draw at once. Whoever saves a cell that has changed meanwhile is told by a Conflict
that carries both facts; the page paints them and the person decides.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select

from geo.drawn_cells import BadCell, read_cell
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.grid.drafts import rules
from tenants.grid.drafts.changes import CellEdit, Edited, Seen
from tenants.grid.drafts.lookups import mark_today
from tenants.grid.drafts.records import DraftCell, GridDraft
from tenants.grid.drafts.refusals import (
    polygon_of,
    refuse_changed,
    refuse_taken_codes,
    refuse_too_large,
    refuse_too_many,
)
from tenants.grid.records import GridCell
from tenants.organisations.lookups import boundary_shape
from tenants.scope import Scope


def start_draft(scope: Scope, name: str, effective_on: date, *, empty: bool = False) -> UUID:
    """A draft that begins as the grid in force, or with no cell at all; answers its id.

    Raises InvalidInput for a day that has passed, Conflict with too many open drafts.
    """
    words = " ".join(name.split())[:60]
    if not words:
        raise InvalidInput("请给这份草稿起个名字。")
    if effective_on < date.today():
        raise InvalidInput("生效的日子已经过去。请选今天或以后的一天。")
    refuse_too_many(scope)
    draft = GridDraft(
        name=words,
        effective_on=effective_on,
        based_on=mark_today(scope),
        made_by=scope.person_id,
    )
    db.session.add(draft)
    db.session.flush()
    if not empty:
        _copy_today(scope, draft.id)
    note(scope, "start_grid_draft", "grid_draft", draft.id, empty=empty)
    return draft.id


def edit_cells(
    scope: Scope,
    draft_id: UUID,
    edits: Sequence[CellEdit],
    removed: Iterable[Seen] = (),
) -> Edited:
    """Save cells as they should be and remove others, all of it or nothing.

    Raises NotFound, Conflict (the draft is closed, or a cell was changed by somebody else: its
    facts tell `theirs`), InvalidInput (a shape that is no cell: its facts hold what to paint).
    """
    draft = locked(scope, draft_id, "edit")
    gone = list(removed)
    known = _known(scope, draft_id, [edit.id for edit in edits] + [each.id for each in gone])
    refuse_changed(scope, edits, gone, known)
    refuse_taken_codes(scope, draft_id, edits, gone)
    boundary = boundary_shape(scope)
    shapes: list[BaseGeometry] = []
    for each in gone:
        shapes.append(polygon_of(known[each.id]))
        db.session.delete(known[each.id])
    for number, edit in enumerate(edits):
        if edit.id in known and known[edit.id].code != edit.code:
            known[edit.id].code = f"\u0001{number}"
    # Codes that are freed must be free before others take them.
    db.session.flush()
    versions = {
        edit.id: _keep(scope, draft_id, edit, known.get(edit.id), boundary, shapes)
        for edit in edits
    }
    draft.version += 1
    db.session.flush()
    refuse_too_large(scope, draft_id)
    note(scope, "edit_grid_draft", "grid_draft", draft_id, cells=len(versions), removed=len(gone))
    return Edited(draft.version, versions, shapes)


def locked(scope: Scope, draft_id: UUID, act: str) -> GridDraft:
    """The draft, held until the transaction ends. Raises NotFound, or Conflict in a wrong state."""
    draft = db.session.execute(
        select(GridDraft)
        .where(GridDraft.tenant_id == scope.tenant_id, GridDraft.id == draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if draft is None:
        raise NotFound
    if not rules.may(act, draft.state):
        raise Conflict("这份草稿的状态已经变了，不能再这样做。请刷新后再看。")
    return draft


def change_draft(scope: Scope, draft_id: UUID, name: str, effective_on: date) -> None:
    """Another name or another day. Raises InvalidInput, Conflict once it is not a draft."""
    draft = locked(scope, draft_id, "edit")
    words = " ".join(name.split())[:60]
    if not words or effective_on < date.today():
        raise InvalidInput("请填名字，生效的日子选今天或以后的一天。")
    draft.name, draft.effective_on = words, effective_on
    draft.version += 1
    note(scope, "change_grid_draft", "grid_draft", draft_id)


def withdraw(scope: Scope, draft_id: UUID) -> None:
    """Give a draft up. It can still be read; nothing of it was ever in force."""
    draft = locked(scope, draft_id, "withdraw")
    draft.state = "withdrawn"
    draft.version += 1
    note(scope, "withdraw_grid_draft", "grid_draft", draft_id)


def _copy_today(scope: Scope, draft_id: UUID) -> None:
    rows = db.session.execute(
        select(GridCell.id, GridCell.code, GridCell.name, GridCell.shape).where(
            GridCell.tenant_id == scope.tenant_id, GridCell.valid_to.is_(None)
        )
    ).all()
    if rows:
        db.session.execute(
            DraftCell.__table__.insert(),
            [
                {
                    "id": new_id(),
                    "draft_id": draft_id,
                    "code": code,
                    "name": name,
                    "shape": shape,
                    "from_cell_id": id_,
                    "changed_by": scope.person_id,
                }
                for id_, code, name, shape in rows
            ],
        )


def _known(scope: Scope, draft_id: UUID, ids: list[UUID]) -> dict[UUID, DraftCell]:
    rows = db.session.execute(
        select(DraftCell)
        .where(
            DraftCell.tenant_id == scope.tenant_id,
            DraftCell.draft_id == draft_id,
            DraftCell.id.in_(ids),
        )
        .execution_options(populate_existing=True)
    ).scalars()
    return {cell.id: cell for cell in rows}


def _keep(
    scope: Scope,
    draft_id: UUID,
    edit: CellEdit,
    cell: DraftCell | None,
    boundary: BaseGeometry | None,
    shapes: list[BaseGeometry],
) -> int:
    shape = _shape(edit, boundary)
    if cell is None:
        if shape is None:
            raise InvalidInput("请先画出这个网格。", cell=str(edit.id))
        cell = DraftCell(
            id=edit.id,
            draft_id=draft_id,
            version=0,
            from_cell_id=_in_force(scope, edit.continues),
        )
        db.session.add(cell)
    elif shape is not None:
        shapes.append(polygon_of(cell))
    if shape is not None:
        cell.shape = from_shape(shape, srid=4326)
        shapes.append(shape)
    cell.code, cell.name = edit.code.strip(), edit.name.strip() or edit.code.strip()
    cell.group_id = edit.group_id
    cell.changed_by, cell.changed_at = scope.person_id, func.now()
    cell.version += 1
    return cell.version


def _in_force(scope: Scope, cell_id: UUID | None) -> UUID | None:
    if cell_id is None:
        return None
    return db.session.execute(
        select(GridCell.id).where(
            GridCell.tenant_id == scope.tenant_id,
            GridCell.id == cell_id,
            GridCell.valid_to.is_(None),
        )
    ).scalar_one_or_none()


def _shape(edit: CellEdit, boundary: BaseGeometry | None) -> Polygon | None:
    if edit.geometry is None or isinstance(edit.geometry, Polygon):
        return edit.geometry
    try:
        return read_cell(edit.geometry, boundary)
    except BadCell as bad:
        raise InvalidInput(
            bad.sentence, **bad.values, fault=bad.code, shape=bad.geometry, cell=str(edit.id)
        ) from bad
