"""Redraws through the real actions: proposed, approved, and what is in force afterwards."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tenants.grid.drafts.lookups import draft
from tenants.grid.lookups import cells_on, cells_today
from tenants.redraws.actions import approve, propose
from tests.factories.counties import Community
from tests.factories.grid import a_draft_grid, move_the_middle
from tests.factories.jobs import work_off


def proposed(community: Community, draft_id: UUID) -> None:
    """Proposed, and the reckoning worked off."""
    with community.acting() as scope:
        propose(scope, draft_id)
    work_off(community)


def approved(community: Community, draft_id: UUID) -> bool:
    """Approved as it stands; whether it is in force at once."""
    with community.acting() as scope:
        return approve(scope, draft_id, draft(scope, draft_id).version)


def moved_east(community: Community, on: date | None = None) -> UUID:
    """A proposed draft in which cell 1 takes a strip of cell 2."""
    draft_id = a_draft_grid(community, on=on)
    move_the_middle(community, draft_id)
    proposed(community, draft_id)
    return draft_id


def in_the_strip(community: Community) -> tuple[float, float]:
    """A home that `moved_east` gives to cell 1."""
    return community.inside(2, east=-200)


def shapes(community: Community, day: date | None = None) -> dict[str, str]:
    """Code -> shape of the cells in force, today or on a day."""
    with community.acting() as scope:
        cells = cells_today(scope) if day is None else cells_on(scope, day)
        return {cell.code: cell.shape.wkt for cell in cells}
