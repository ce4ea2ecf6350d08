"""A closed tenant's data, erased when its term is over; what remains is that it happened."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text, update

from tenants.area import county_range
from tenants.audit.actions import note
from tenants.database import db
from tenants.organisations.records import Tenant
from tenants.people.lookups import everybody_here
from tenants.scope import Scope, acting_below

ERASE_JOB: Final = "erase_tenant"
KEPT: Final = {"audit_entry", "audit_link"}
"""Ids, counts and metres, never a name: evidence of what was done, and of the erasure."""


def erase(scope: Scope) -> dict[str, int]:
    """Remove every row of the scope's own tenant; answers how many there were, by table.

    The door's function refuses a tenant that is not closed or whose term is not over. People who
    signed in nowhere else are forgotten too. The caller commits.
    """
    people = everybody_here(scope)
    counts = {}
    for table in reversed(db.metadata.sorted_tables):
        if "tenant_id" in table.columns and table.name not in KEPT:
            counts[table.name] = _number("SELECT door_erase(:wanted)", table.name)
    counts["person"] = _number("SELECT door_forget_people(:wanted)", people)
    found = {name: count for name, count in counts.items() if count}
    db.session.execute(
        update(Tenant).where(Tenant.id == scope.tenant_id).values(erased_at=func.now())
    )
    note(scope, ERASE_JOB, "tenant", None, rows=found)
    office = _county_of(scope)
    with acting_below(office):
        note(office, ERASE_JOB, "tenant", None, tenant=scope.tenant_id, rows=found)
    return found


def _number(question: str, wanted: str | list[UUID]) -> int:
    return int(db.session.execute(text(question), {"wanted": wanted}).scalar_one())


def _county_of(scope: Scope) -> Scope:
    area = county_range(scope.area)[0]
    row = db.session.execute(
        select(Tenant.id, Tenant.slug, Tenant.name, Tenant.level).where(Tenant.area == area)
    ).one()
    return replace(
        scope,
        tenant_id=row.id,
        slug=row.slug,
        name=row.name,
        level=row.level,
        area=area,
        state="open",
    )
