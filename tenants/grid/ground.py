"""The tenant's cells as ground to draw: all of them at once, and a mark that changes with them."""

from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from tenants.database import db
from tenants.grid.records import GridCell
from tenants.scope import Scope


def cells_mark(scope: Scope) -> str:
    """A word that is another one as soon as a cell is drawn, named, changed or closed."""
    each = func.md5(
        func.concat(GridCell.id, GridCell.name, func.md5(func.ST_AsBinary(GridCell.shape)))
    )
    mark = db.session.execute(
        select(func.md5(func.string_agg(each, aggregate_order_by(literal(""), GridCell.id)))).where(
            *_today(scope)
        )
    ).scalar_one()
    return str(mark or "empty")[:16]


def ground_of_cells(scope: Scope) -> list[tuple[str, str, BaseGeometry]]:
    """Every cell of today: id, name, shape (WGS-84), by id."""
    rows = db.session.execute(
        select(GridCell.id, GridCell.name, func.ST_AsBinary(GridCell.shape))
        .where(*_today(scope))
        .order_by(GridCell.id)
    )
    return [(str(id_), name, shapely.from_wkb(bytes(wkb))) for id_, name, wkb in rows]


def own_extent(scope: Scope) -> tuple[float, float, float, float] | None:
    """West, south, east, north of the cells that the scope's person leads; None without any."""
    if not scope.cell_ids:
        return None
    rows = db.session.execute(
        select(func.ST_AsBinary(GridCell.shape)).where(
            *_today(scope), GridCell.id.in_(scope.cell_ids)
        )
    )
    return _extent(shapely.from_wkb(bytes(wkb)) for (wkb,) in rows)


def _extent(shapes: Iterable[BaseGeometry]) -> tuple[float, float, float, float] | None:
    found = list(shapes)
    if not found:
        return None
    west, south, east, north = (float(side) for side in shapely.total_bounds(found))
    return west, south, east, north


def _today(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return GridCell.tenant_id == scope.tenant_id, GridCell.valid_to.is_(None)
