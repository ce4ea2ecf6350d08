"""Names of the people who work in a tenant."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from tenants.database import db
from tenants.people.records import Standing
from tenants.scope import Scope


def shown_names(scope: Scope, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The name by which the tenant knows each of these people, past standings included."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Standing.person_id, Standing.shown_name).where(Standing.person_id.in_(wanted))
    )
    return {person_id: name for person_id, name in rows}
