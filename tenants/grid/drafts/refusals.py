"""What a save is refused for: somebody else's change, a code that is taken, too much of it."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from shapely.geometry import Polygon, mapping
from sqlalchemy import func, select

from tenants.database import db
from tenants.errors import Conflict, InvalidInput
from tenants.grid.drafts import rules
from tenants.grid.drafts.changes import CellEdit, Seen
from tenants.grid.drafts.records import DraftCell, GridDraft
from tenants.people.lookups import shown_names
from tenants.scope import Scope

MOST_CELLS = 20_000
MOST_OPEN_DRAFTS = 20


def polygon_of(cell: DraftCell) -> Polygon:
    """The cell's shape (WGS-84)."""
    return cast(Polygon, to_shape(cast(WKBElement, cell.shape)))


def refuse_changed(
    scope: Scope,
    edits: Sequence[CellEdit],
    removed: Sequence[Seen],
    known: dict[UUID, DraftCell],
) -> None:
    seen: list[tuple[UUID, int | None]] = [(edit.id, edit.version) for edit in edits]
    seen += [(each.id, each.version) for each in removed]
    theirs = []
    for id_, version in seen:
        cell = known.get(id_)
        if (None if cell is None else cell.version) != version:
            theirs.append(_fact(id_, cell))
    if not theirs:
        return
    people = [cell.changed_by for cell in known.values() if cell.changed_by]
    names = shown_names(scope, people)
    for fact in theirs:
        fact["who"] = names.get(fact.pop("by"), "")
    raise Conflict("别人刚刚改过同一个网格。两种画法都标在图上，请选一种。", theirs=theirs)


def _fact(id_: UUID, cell: DraftCell | None) -> dict[str, Any]:
    if cell is None:
        return {"id": str(id_), "removed": True, "by": None}
    return {
        "id": str(id_),
        "removed": False,
        "version": cell.version,
        "code": cell.code,
        "name": cell.name,
        "geometry": mapping(polygon_of(cell)),
        "by": cell.changed_by,
    }


def refuse_taken_codes(
    scope: Scope, draft_id: UUID, edits: Sequence[CellEdit], removed: Sequence[Seen]
) -> None:
    mine = [edit.code for edit in edits]
    for edit in edits:
        if not edit.code.strip() or len(edit.code) > 20 or len(edit.name) > 60:
            raise InvalidInput(
                "网格要有编号，编号最多 20 个字，名称最多 60 个字。", cell=str(edit.id)
            )
        if mine.count(edit.code) > 1:
            raise InvalidInput("编号 %(code)s 用了两次，请换一个。", code=edit.code)
    touched = [edit.id for edit in edits] + [each.id for each in removed]
    other = db.session.execute(
        select(DraftCell.code)
        .where(
            DraftCell.tenant_id == scope.tenant_id,
            DraftCell.draft_id == draft_id,
            DraftCell.code.in_(mine),
            DraftCell.id.not_in(touched),
        )
        .limit(1)
    ).scalar_one_or_none()
    if other is not None:
        raise InvalidInput("编号 %(code)s 已经有了，请换一个。", code=other)


def refuse_too_many(scope: Scope) -> None:
    opened = db.session.execute(
        select(func.count()).where(
            GridDraft.tenant_id == scope.tenant_id, GridDraft.state.in_(rules.OPEN)
        )
    ).scalar_one()
    if opened >= MOST_OPEN_DRAFTS:
        raise Conflict("没有完成的草稿太多了。请先撤回用不着的。")


def refuse_too_large(scope: Scope, draft_id: UUID) -> None:
    cells = db.session.execute(
        select(func.count()).where(
            DraftCell.tenant_id == scope.tenant_id, DraftCell.draft_id == draft_id
        )
    ).scalar_one()
    if cells > MOST_CELLS:
        raise InvalidInput("一份草稿最多 %(most)s 个网格。", most=MOST_CELLS)
