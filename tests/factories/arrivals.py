"""People who came, registered through the real action, and their proposals through the real job."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from tenants.arrivals.actions import ArrivalDraft, register_arrival
from tenants.matching.lookups import ProposalCard, open_proposals
from tests.factories.counties import Community
from tests.factories.jobs import work_off
from tests.factories.members import a_draft


def an_arrival(community: Community, *, arrived_on: date | None = None, **wanted: Any) -> UUID:
    """One arrival that waits for a proposal; other fields as in `members.a_draft`."""
    member = a_draft(community, **{"affiliation": "incoming", **wanted})
    with community.acting() as scope:
        return register_arrival(scope, ArrivalDraft(member, arrived_on))


def a_proposed_arrival(community: Community, **wanted: Any) -> tuple[UUID, ProposalCard]:
    """One arrival with its open proposal, made by the job itself."""
    arrival_id = an_arrival(community, **wanted)
    work_off(community)
    with community.acting() as scope:
        return arrival_id, open_proposals(scope, [arrival_id])[arrival_id]
