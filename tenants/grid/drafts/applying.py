"""A draft put in force, and taken out again. The cells that go on keep who leads and who runs them.

A cell that changes gets a new row from the day on; the old row ends there and is never touched
again, so that the map of any past day stays what it was (`cells_on`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from tenants.database import db, new_id
from tenants.errors import Conflict
from tenants.grid.drafts.lookups import cells_given_up, draft_cells
from tenants.grid.drafts.records import DraftCell, GridDraft
from tenants.grid.records import CellStay, GridCell, GroupCell
from tenants.people.records import Standing
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Replaced:
    """`became`: cell that ended -> the one that goes on from it, or None when none does."""

    became: dict[UUID, UUID | None]
    cells: int


def one_at_a_time(scope: Scope) -> None:
    """Whoever changes the tenant's grid waits here until the one before has finished."""
    db.session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended("grid", scope.tenant_id)))
    )


def put_in_force(scope: Scope, draft: GridDraft, day: date) -> Replaced:
    """Replace the cells from a day on, and take leaders and groups along. The draft is locked."""
    drawn = draft_cells(scope, draft.id)
    given_up = [cell.id for cell in cells_given_up(scope, draft.id)]
    changed = [cell for cell in drawn if cell.differs != "same"]
    became: dict[UUID, UUID | None] = dict.fromkeys(given_up)
    names = {cell.id: new_id() for cell in changed}
    for cell in changed:
        if cell.from_cell_id is not None:
            became[cell.from_cell_id] = names[cell.id]
    _end_cells(scope, became, day)
    _begin_copies(
        scope,
        [(names[cell.id], cell.id) for cell in changed],
        DraftCell,
        day,
    )
    _say_what_became(scope, draft.id, names)
    draft.ended = _take_along(scope, became, day)
    for cell in drawn:
        if cell.differs == "new" and cell.group_id is not None:
            db.session.add(
                GroupCell(group_id=cell.group_id, cell_id=names[cell.id], valid_from=day)
            )
    draft.applied_on = day
    db.session.flush()
    return Replaced(became, len(changed))


def take_out_of_force(scope: Scope, draft: GridDraft, day: date) -> Replaced:
    """The grid as it was before the draft, from a day on. Raises Conflict after a later redraw."""
    drawn = draft_cells(scope, draft.id)
    made = {cell.cell_id: cell.from_cell_id for cell in drawn if cell.cell_id != cell.from_cell_id}
    in_force = set(
        db.session.execute(
            select(GridCell.id).where(
                GridCell.tenant_id == scope.tenant_id, GridCell.valid_to.is_(None)
            )
        ).scalars()
    )
    if in_force != {cell.cell_id for cell in drawn}:
        raise Conflict("这次调整以后网格又改过。请先撤销后来的那一次。")
    ended = dict(draft.ended)
    old = [*(id_ for id_ in made.values() if id_), *map(UUID, ended["cells"])]
    names = {id_: new_id() for id_ in old}
    became: dict[UUID, UUID | None] = {
        now: None if before is None else names[before]
        for now, before in made.items()
        if now is not None
    }
    _end_cells(scope, became, day)
    _begin_copies(scope, [(name, id_) for id_, name in names.items()], GridCell, day)
    _take_along(scope, became, day)
    _bring_back(scope, ended, names, day)
    _earlier_redraws_follow(scope, draft.id, names)
    draft.ended = ended | {
        "restored": {
            str(id_): str(name) for id_, name in {**names, **became}.items() if name is not None
        }
    }
    db.session.flush()
    return Replaced(became, len(became))


def _end_cells(scope: Scope, cell_ids: Iterable[UUID], day: date) -> None:
    wanted = list(cell_ids)
    ended = db.session.execute(
        update(GridCell)
        .where(
            GridCell.tenant_id == scope.tenant_id,
            GridCell.id.in_(wanted),
            GridCell.valid_to.is_(None),
        )
        .values(valid_to=func.greatest(GridCell.valid_from, day))
        .returning(GridCell.id)
    ).all()
    if len(ended) != len(wanted):
        raise Conflict("今天的网格刚刚被别人改过。请刷新后再看。")


def _begin_copies(scope: Scope, names: list[tuple[UUID, UUID]], source: Any, day: date) -> None:
    """New cells from a day on with the code, name and shape of rows of `source`: (new, source)."""
    rows = {
        row.id: row
        for row in db.session.execute(
            select(source.id, source.code, source.name, source.shape).where(
                source.tenant_id == scope.tenant_id, source.id.in_([of for _new, of in names])
            )
        )
    }
    if names:
        db.session.execute(
            GridCell.__table__.insert(),
            [
                {
                    "id": name,
                    "code": rows[of].code,
                    "name": rows[of].name,
                    "shape": rows[of].shape,
                    "valid_from": day,
                }
                for name, of in names
            ],
        )


def _say_what_became(scope: Scope, draft_id: UUID, names: Mapping[UUID, UUID]) -> None:
    db.session.execute(
        update(DraftCell)
        .where(DraftCell.tenant_id == scope.tenant_id, DraftCell.draft_id == draft_id)
        .values(cell_id=DraftCell.from_cell_id)
    )
    for cell_id, name in names.items():
        db.session.execute(
            update(DraftCell)
            .where(DraftCell.tenant_id == scope.tenant_id, DraftCell.id == cell_id)
            .values(cell_id=name)
        )


def _take_along(scope: Scope, became: Mapping[UUID, UUID | None], day: date) -> dict[str, Any]:
    """Leaders, groups and stays go on with the cell that goes on; where none does, they end.

    Answers what ended: {"cells": [...], "standings": {id: [cell, valid_to]}, "links": [[group,
    cell]]}.
    """
    standings = _leaders_along(scope, became, day)
    links = []
    for link in db.session.execute(
        select(GroupCell).where(
            GroupCell.tenant_id == scope.tenant_id,
            GroupCell.cell_id.in_(list(became)),
            GroupCell.valid_to.is_(None),
        )
    ).scalars():
        link.valid_to = max(link.valid_from, day)
        following = became[link.cell_id]
        if following is None:
            links.append([str(link.group_id), str(link.cell_id)])
        else:
            db.session.add(GroupCell(group_id=link.group_id, cell_id=following, valid_from=day))
    for stay in db.session.execute(
        select(CellStay).where(
            CellStay.tenant_id == scope.tenant_id,
            CellStay.cell_id.in_(list(became)),
            CellStay.until.is_(None),
        )
    ).scalars():
        following = became[stay.cell_id]
        if following is None:
            stay.until = day
        else:
            stay.cell_id = following
    ended = [str(id_) for id_, following in became.items() if following is None]
    return {"cells": ended, "standings": standings, "links": links}


def _leaders_along(
    scope: Scope, became: Mapping[UUID, UUID | None], day: date
) -> dict[str, list[str | None]]:
    """A standing keeps its id: tokens hang on it."""
    ended: dict[str, list[str | None]] = {}
    for standing in db.session.execute(
        select(Standing).where(
            Standing.tenant_id == scope.tenant_id,
            Standing.cell_id.in_(list(became)),
            (Standing.valid_to.is_(None)) | (Standing.valid_to >= day),
        )
    ).scalars():
        cell_id = standing.cell_id
        following = None if cell_id is None else became[cell_id]
        if following is not None:
            standing.cell_id = following
        else:
            until = standing.valid_to
            ended[str(standing.id)] = [str(cell_id), None if until is None else until.isoformat()]
            standing.valid_to = day - timedelta(days=1)
    return ended


def _earlier_redraws_follow(scope: Scope, draft_id: UUID, names: Mapping[UUID, UUID]) -> None:
    """A cell that an earlier redraw made is there again under another id: it can be undone next."""
    for id_, name in names.items():
        db.session.execute(
            update(DraftCell)
            .where(
                DraftCell.tenant_id == scope.tenant_id,
                DraftCell.draft_id != draft_id,
                DraftCell.cell_id == id_,
            )
            .values(cell_id=name)
        )


def _bring_back(
    scope: Scope, ended: Mapping[str, Any], names: Mapping[UUID, UUID], day: date
) -> None:
    """Standings and links that applying ended go on at the cells that are there again."""
    for id_, (cell_id, until) in ended["standings"].items():
        db.session.execute(
            update(Standing)
            .where(Standing.tenant_id == scope.tenant_id, Standing.id == UUID(id_))
            .values(
                cell_id=names[UUID(cell_id)],
                valid_to=None if until is None else date.fromisoformat(until),
            )
        )
    for group_id, cell_id in ended["links"]:
        db.session.add(
            GroupCell(group_id=UUID(group_id), cell_id=names[UUID(cell_id)], valid_from=day)
        )
