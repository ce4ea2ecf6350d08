"""Doors from the county's office into a community, opened through the real action."""

from __future__ import annotations

from uuid import UUID

from tenants.oversight.doors import VISITOR, open_door
from tenants.people.door import standings_of
from tests.factories.counties import Community
from tests.factories.people import Cast, a_person

REASON = "核对一封来信反映的情况"


def a_door(community: Community, by: Cast | None = None) -> tuple[UUID, Cast]:
    """The id of an open door, and whoever came through it, inside the community."""
    officer = by or a_person(community.county, "county_admin", name="县干部己")
    with officer.acting() as scope:
        door_id = open_door(scope, community.slug, REASON)
    with community.app.app_context():
        inside = next(s for s in standings_of(officer.person_id) if s.role == VISITOR)
    return door_id, Cast(community, inside, officer.person_id, officer.email, officer.name)
