"""Possible duplicates that somebody has looked at."""

from __future__ import annotations

from uuid import UUID

from tenants.members.duplicates.actions import link, tell_apart
from tests.factories.counties import Community
from tests.factories.members import some_members


def settled_duplicates(community: Community) -> tuple[UUID, UUID]:
    """Ids of a link that holds, and of two people told apart."""
    kept, merged, one, other = some_members(community, 4)
    with community.acting() as scope:
        return link(scope, kept, merged), tell_apart(scope, one, other)
