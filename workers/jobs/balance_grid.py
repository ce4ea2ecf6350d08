"""Draw a draft so that each cell has so many people and few of them change cell (domain ORG-2)."""

from uuid import UUID

from geo.grid_balance import balance
from tenants.database import db
from tenants.grid.drafts.actions import edit_cells
from tenants.grid.drafts.changes import CellEdit
from tenants.grid.drafts.lookups import draft, draft_cells
from tenants.marking import N_
from tenants.redraws.actions import keep_balance
from tenants.redraws.lookups import places_of_people
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease

WORDS = N_("正在寻找改动少而人数均衡的画法")


def balance_grid(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Only the draft is drawn on, under the versions it had: a person who draws there meanwhile
    is not overwritten, the job fails instead."""
    draft_id = UUID(lease.arguments["draft"])
    wanted = draft(scope, draft_id).plan
    cells = draft_cells(scope, draft_id)
    lon, lat = places_of_people(scope)
    db.session.rollback()
    progress(0, 2, WORDS)
    found = balance(
        {cell.id: cell.shape for cell in cells},
        lon,
        lat,
        fewest=wanted["fewest"],
        most=wanted["most"],
    )
    progress(1, 2, WORDS)
    edits = [
        CellEdit(cell.id, cell.version, cell.code, cell.name, found.shapes[cell.id])
        for cell in cells
        if cell.id in found.shapes
    ]

    def write() -> None:
        if edits:
            edit_cells(scope, draft_id, edits)
        keep_balance(
            scope,
            draft_id,
            {"changes": found.changes, "least": found.least, "within": found.within},
        )

    return write
