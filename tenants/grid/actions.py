"""Drawing cells and linking groups to them."""

from datetime import date
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely import Polygon

from tenants.audit.actions import note
from tenants.database import db
from tenants.grid.records import GridCell, Group, GroupCell
from tenants.scope import Scope


def draw_cell(scope: Scope, code: str, name: str, shape: Polygon, from_day: date) -> UUID:
    """A new cell (WGS-84) from a day on. Answers its id."""
    cell = GridCell(code=code, name=name, shape=from_shape(shape, srid=4326), valid_from=from_day)
    db.session.add(cell)
    db.session.flush()
    note(scope, "draw_cell", "grid_cell", cell.id)
    return cell.id


def form_group(
    scope: Scope, branch_id: UUID, name: str, cell_ids: list[UUID], from_day: date
) -> UUID:
    """A group of a branch that runs these cells from a day on. Answers its id."""
    group = Group(branch_id=branch_id, name=name, valid_from=from_day)
    db.session.add(group)
    db.session.flush()
    for cell_id in cell_ids:
        db.session.add(GroupCell(group_id=group.id, cell_id=cell_id, valid_from=from_day))
    db.session.flush()
    note(scope, "form_group", "group", group.id)
    return group.id
