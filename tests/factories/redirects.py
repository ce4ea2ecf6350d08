"""Redirects between two communities of a county, by the real actions and the real job."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from tenants.database import db
from tenants.redirects.actions import accept, propose
from tenants.redirects.suggestions.lookups import suggestions_of
from tests.factories.arrivals import an_arrival
from tests.factories.counties import Community, a_community, beside
from tests.factories.jobs import work_off


def a_neighbour(community: Community) -> Community:
    """The community to the east, in the same county."""
    return a_community(community.county, name="东邻社区", centre=beside(community))


def a_redirect(
    community: Community, neighbour: Community, *, reason: str = "nearer", **wanted: Any
) -> tuple[UUID, UUID]:
    """(redirect, arrival): proposed to the neighbour's first branch, and carried there."""
    arrival_id = an_arrival(community, **wanted)
    with community.acting() as scope:
        redirect_id = propose(scope, arrival_id, neighbour.branches[0], reason)
    work_off(community)
    return redirect_id, arrival_id


def an_accepted_redirect(
    community: Community, neighbour: Community, **wanted: Any
) -> tuple[UUID, UUID]:
    """(redirect, arrival): accepted by the neighbour, the sender knows of it."""
    redirect_id, arrival_id = a_redirect(community, neighbour, **wanted)
    with neighbour.acting() as scope:
        accept(scope, redirect_id)
    work_off(neighbour)
    return redirect_id, arrival_id


def a_suggestion(community: Community) -> UUID:
    """An open suggestion of a run for somebody at the edge, where another community is."""
    arrival_id = an_arrival(community, home=community.inside(4, east=240))
    further = a_neighbour(community)
    with further.acting():
        db.session.execute(text("UPDATE branch SET classes = '{}', capacity = NULL"))
    work_off(community)
    with community.acting() as scope:
        return suggestions_of(scope, [arrival_id])[arrival_id].id
