"""A draft somebody has begun: the largest cell cut in two from next month on, not yet submitted."""

from datetime import date, timedelta

from shapely.geometry import LineString

from tenants.grid.drafts.actions import start_draft
from tenants.grid.drafts.changes import Seen
from tenants.grid.drafts.cutting import split_cell
from tenants.grid.drafts.lookups import draft_cells
from tenants.scope import Scope

CELLS = 10
"""The community of ten cells gets the draft (domain ORG-1)."""


def begin_draft(scope: Scope) -> None:
    """From the cell's west to its east through the middle of its south and north."""
    draft_id = start_draft(scope, "把最大的网格分成两个", date.today() + timedelta(days=30))
    largest = max(draft_cells(scope, draft_id), key=lambda cell: cell.shape.area)
    _west, south, _east, north = largest.shape.bounds
    middle = largest.shape.representative_point().x
    line = LineString([(middle, south - 0.001), (middle, north + 0.001)])
    split_cell(scope, draft_id, Seen(largest.id, largest.version), line)
