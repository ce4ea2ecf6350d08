"""Centre households named through the real action, and proposals by the real job."""

from __future__ import annotations

from uuid import UUID

from tenants.matching.households.actions import ask_for_settlement, name_host
from tests.factories.counties import Community
from tests.factories.jobs import work_off
from tests.factories.members import a_member


def a_household(community: Community, cell: int = 1, fewest: int = 1, most: int = 3) -> UUID:
    """A household whose host lives in the middle of a cell."""
    host = a_member(community, home=community.inside(cell))
    with community.acting() as scope:
        return name_host(scope, host, fewest=fewest, most=most)


def settled(community: Community) -> UUID:
    """A finished proposal over everybody; answers the run's id."""
    with community.acting() as scope:
        run_id = ask_for_settlement(scope)
    work_off(community)
    return run_id
