"""Cutting a cell in two, making one of two, drawing one to its neighbours: each on request."""

from uuid import UUID

from shapely.geometry import LineString

from geo.grid_cuts import BadCut, Snapped, merge, snap_to_neighbours, split
from tenants.database import new_id
from tenants.errors import InvalidInput
from tenants.grid.drafts.actions import edit_cells
from tenants.grid.drafts.changes import CellEdit, Edited, Seen
from tenants.grid.drafts.lookups import DrawnCell, draft_cell, draft_cells
from tenants.grid.drafts.rules import free_code
from tenants.grid.lookups import groups_of_cells
from tenants.organisations.lookups import boundary_shape
from tenants.scope import Scope

_NEAR_DEGREES = 0.001
"""About a hundred metres: farther cells are no neighbours of a border."""


def split_cell(scope: Scope, draft_id: UUID, seen: Seen, line: LineString) -> Edited:
    """Cut a cell along a line (WGS-84). The larger part goes on as the cell, with its leader and
    groups; the other is new, run by the same group until somebody says otherwise.

    Raises as `edit_cells`, and InvalidInput when the line does not cut it in two.
    """
    cell = draft_cell(scope, draft_id, seen.id)
    try:
        larger, smaller = split(cell.shape, line)
    except BadCut as bad:
        raise InvalidInput(bad.sentence, **bad.values) from bad
    code = free_code([each.code for each in draft_cells(scope, draft_id)], cell.code)
    groups = groups_of_cells(scope, [cell.from_cell_id] if cell.from_cell_id else [])
    runs = cell.group_id or next((found[0][0] for found in groups.values()), None)
    name = f"{cell.name[:57]}({code[-1]})"
    part = CellEdit(new_id(), None, code, name, smaller, group_id=runs)
    return edit_cells(scope, draft_id, [_as_is(cell, seen, larger), part])


def merge_cells(scope: Scope, draft_id: UUID, kept: Seen, other: Seen) -> Edited:
    """Make one cell of two neighbours; it goes on as `kept`. Raises as `edit_cells`, and
    InvalidInput when they share no border."""
    first = draft_cell(scope, draft_id, kept.id)
    second = draft_cell(scope, draft_id, other.id)
    try:
        whole = merge(first.shape, second.shape)
    except BadCut as bad:
        raise InvalidInput(bad.sentence, **bad.values) from bad
    return edit_cells(scope, draft_id, [_as_is(first, kept, whole)], [other])


def snapped(scope: Scope, draft_id: UUID, cell_id: UUID) -> Snapped:
    """The cell as it would be with its border on its neighbours'; nothing is kept.

    Raises NotFound, InvalidInput when the border would cross itself.
    """
    cells = {each.id: each for each in draft_cells(scope, draft_id)}
    cell = draft_cell(scope, draft_id, cell_id)
    neighbours = [each.shape for each in cells.values() if each.id != cell_id]
    boundary = boundary_shape(scope)
    if boundary is not None:
        neighbours.append(boundary)
    near = [each for each in neighbours if each.distance(cell.shape) < _NEAR_DEGREES]
    try:
        return snap_to_neighbours(cell.shape, near)
    except BadCut as bad:
        raise InvalidInput(bad.sentence, **bad.values) from bad


def _as_is(cell: DrawnCell, seen: Seen, shape: object) -> CellEdit:
    return CellEdit(cell.id, seen.version, cell.code, cell.name, shape, group_id=cell.group_id)
