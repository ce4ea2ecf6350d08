"""Cells of a tenant: for the map, for a leader, for "which cell is this in"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, or_, select

from geo.shapes import Box
from tenants.database import db
from tenants.grid.records import CellStay, GridCell, Group, GroupCell
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of today. `shape` is WGS-84."""

    id: UUID
    code: str
    name: str
    shape: BaseGeometry


def cells_today(scope: Scope) -> list[Cell]:
    """All cells of the tenant that are in force, by code."""
    rows = db.session.execute(
        select(GridCell.id, GridCell.code, GridCell.name, func.ST_AsBinary(GridCell.shape))
        .where(GridCell.tenant_id == scope.tenant_id, GridCell.valid_to.is_(None))
        .order_by(GridCell.code)
    )
    return [Cell(id_, code, name, shapely.from_wkb(bytes(wkb))) for id_, code, name, wkb in rows]


def cell_card(scope: Scope, cell_id: UUID) -> tuple[str, str, list[str]] | None:
    """Code, name and the names of the groups that run the cell; None when it is not ours."""
    cell = db.session.execute(
        select(GridCell.code, GridCell.name).where(
            GridCell.tenant_id == scope.tenant_id, GridCell.id == cell_id
        )
    ).one_or_none()
    if cell is None:
        return None
    groups = db.session.execute(
        select(Group.name)
        .join(
            GroupCell,
            (GroupCell.tenant_id == Group.tenant_id) & (GroupCell.group_id == Group.id),
        )
        .where(
            Group.tenant_id == scope.tenant_id,
            GroupCell.cell_id == cell_id,
            GroupCell.valid_to.is_(None),
        )
        .order_by(Group.name)
    )
    return cell.code, cell.name, list(groups.scalars())


def cell_features(scope: Scope, box: Box) -> list[tuple[UUID, str, str, bool]]:
    """Cells that meet `box` (west, south, east, north): id, name, GeoJSON geometry, led by me."""
    rows = db.session.execute(
        select(GridCell.id, GridCell.name, func.ST_AsGeoJSON(GridCell.shape, 7))
        .where(
            GridCell.tenant_id == scope.tenant_id,
            GridCell.valid_to.is_(None),
            GridCell.shape.op("&&")(func.ST_MakeEnvelope(*box, 4326)),
        )
        .order_by(GridCell.code)
    )
    return [(id_, name, shape, id_ in scope.cell_ids) for id_, name, shape in rows]


def groups_today(scope: Scope, branch_id: UUID | None = None) -> list[tuple[UUID, str]]:
    """Groups in force, those of one branch when given, by name."""
    question = select(Group.id, Group.name).where(
        Group.tenant_id == scope.tenant_id, Group.valid_to.is_(None)
    )
    if branch_id is not None:
        question = question.where(Group.branch_id == branch_id)
    return [(id_, name) for id_, name in db.session.execute(question.order_by(Group.name))]


def in_my_cells(scope: Scope, place: Any) -> Any:
    """The condition that a point column lies in a cell the scope's leader leads."""
    return (
        select(GridCell.id)
        .where(
            GridCell.tenant_id == scope.tenant_id,
            GridCell.id.in_(scope.cell_ids),
            GridCell.valid_to.is_(None),
            GridCell.valid_from <= date.today(),
            GridCell.shape.op("&&")(place),
            func.ST_Intersects(GridCell.shape, place),
        )
        .exists()
    )


def cells_on(scope: Scope, day: date) -> list[Cell]:
    """The cells that were, are or will be in force on a day, by code: from `valid_from` on, until
    the day before `valid_to`."""
    rows = db.session.execute(
        select(GridCell.id, GridCell.code, GridCell.name, func.ST_AsBinary(GridCell.shape))
        .where(
            GridCell.tenant_id == scope.tenant_id,
            GridCell.valid_from <= day,
            or_(GridCell.valid_to.is_(None), GridCell.valid_to > day),
        )
        .order_by(GridCell.code)
    )
    return [Cell(id_, code, name, shapely.from_wkb(bytes(wkb))) for id_, code, name, wkb in rows]


def days_of_change(scope: Scope) -> list[date]:
    """The days on which a grid began, the newest first."""
    rows = db.session.execute(
        select(GridCell.valid_from)
        .where(GridCell.tenant_id == scope.tenant_id)
        .distinct()
        .order_by(GridCell.valid_from.desc())
    )
    return list(rows.scalars())


def groups_of_cells(scope: Scope, cell_ids: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """Cell -> the groups that run it today, by name."""
    rows = db.session.execute(
        select(GroupCell.cell_id, Group.id, Group.name)
        .join(Group, (Group.tenant_id == GroupCell.tenant_id) & (Group.id == GroupCell.group_id))
        .where(
            GroupCell.tenant_id == scope.tenant_id,
            GroupCell.cell_id.in_(list(cell_ids)),
            GroupCell.valid_to.is_(None),
            Group.valid_to.is_(None),
        )
        .order_by(Group.name)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for cell_id, group_id, name in rows:
        found.setdefault(cell_id, []).append((group_id, name))
    return found


def stays_in_my_cells(scope: Scope, member_id: Any) -> Any:
    """The condition that a member stays with a cell of the scope's leader until a case is over."""
    return (
        select(CellStay.id)
        .where(
            CellStay.tenant_id == scope.tenant_id,
            CellStay.member_id == member_id,
            CellStay.cell_id.in_(scope.cell_ids),
            CellStay.until.is_(None),
        )
        .exists()
    )


def cell_names(scope: Scope, cell_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of cells, of today or of earlier."""
    rows = db.session.execute(
        select(GridCell.id, GridCell.name).where(
            GridCell.tenant_id == scope.tenant_id, GridCell.id.in_(list(cell_ids))
        )
    )
    return {id_: name for id_, name in rows}
