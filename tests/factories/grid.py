"""Drafts of a community's grid, begun and drawn through the real actions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shapely import box
from shapely.geometry import Polygon, mapping

from tenants.database import new_id
from tenants.grid.drafts.actions import edit_cells, start_draft
from tenants.grid.drafts.changes import CellEdit
from tenants.grid.drafts.lookups import DrawnCell, draft_cells
from tests.factories.counties import HALF_EAST, HALF_NORTH, Community


def a_draft_grid(community: Community, name: str = "虚构的草稿", on: date | None = None) -> UUID:
    """A draft that is the grid in force; takes effect today unless a day is given."""
    with community.acting() as scope:
        return start_draft(scope, name, on or date.today())


def drawn(community: Community, draft_id: UUID) -> dict[str, DrawnCell]:
    """The draft's cells by code."""
    with community.acting() as scope:
        return {cell.code: cell for cell in draft_cells(scope, draft_id)}


def edit_of(cell: DrawnCell, shape: Polygon | None = None, **wanted: object) -> CellEdit:
    """The cell as it is, but for what is wanted."""
    fields = {
        "id": cell.id,
        "version": cell.version,
        "code": cell.code,
        "name": cell.name,
        "geometry": None if shape is None else mapping(shape),
        "group_id": cell.group_id,
    }
    return CellEdit(**(fields | wanted))


def part(community: Community, west: float, south: float, east: float, north: float) -> Polygon:
    """A rectangle of the community's square; sides run from 0 to 1, from the south-west."""
    left, low = community.centre[0] - HALF_EAST, community.centre[1] - HALF_NORTH
    wide, high = 2 * HALF_EAST, 2 * HALF_NORTH
    return box(left + west * wide, low + south * high, left + east * wide, low + north * high)


def move_the_middle(community: Community, draft_id: UUID, east: float = 0.6) -> None:
    """Moves the border between the western and the eastern cells of the northern half."""
    cells = drawn(community, draft_id)
    with community.acting() as scope:
        edit_cells(
            scope,
            draft_id,
            [
                edit_of(cells["G1"], part(community, 0, 0.5, east, 1)),
                edit_of(cells["G2"], part(community, east, 0.5, 1, 1)),
            ],
        )


def a_save(way: str) -> dict[str, object]:
    """What a program sends to `edits`, `split` or `merge`: well formed, about a cell of nobody."""
    seen = {"id": str(new_id()), "version": 1}
    return (
        {
            "edits": {"removed": [seen]},
            "split": {"cell": seen, "line": [[112.0, 28.0], [112.1, 28.1]]},
            "merge": {"kept": seen, "other": seen},
        }[way]
        if way in ("edits", "split", "merge")
        else {}
    )
