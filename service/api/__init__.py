"""The programs' door: /api/v1, described by OpenAPI. One file per noun."""

from flask import Flask

from service.api import (
    administration,
    arrivals,
    assignments,
    audit,
    buildings,
    certificates,
    doors,
    features,
    grid,
    grid_drafts,
    import_matches,
    imports,
    jobs,
    keeping,
    liaisons,
    members,
    offline,
    operations,
    people,
    places,
    redirect_suggestions,
    redirects,
    search,
    staff,
    tenant_states,
    tenants,
    tiles,
    transfers,
)
from service.api.document import start

TENANT_PREFIX = "/api/v1/tenants/<tenant>"


def attach(app: Flask) -> None:
    # Chinese as itself: half the bytes of its escapes. Signing in brought this way of writing JSON
    # along, so nothing said of it before would last.
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    api = start(app)
    api.add(people.people, "/api/v1")
    for noun in (
        features.features,
        tiles.tiles,
        arrivals.arrivals,
        assignments.assignments,
        members.members,
        keeping.keeping,
        certificates.certificates,
        operations.operations,
        offline.offline,
        places.places,
        buildings.buildings,
        search.search,
        grid.grid,
        grid_drafts.grid_drafts,
        imports.imports,
        import_matches.import_matches,
        jobs.jobs,
        doors.doors,
        redirects.redirects,
        redirect_suggestions.redirect_suggestions,
        transfers.transfers,
        liaisons.liaisons,
        audit.audit,
        tenants.tenants,
        administration.administration,
        tenant_states.tenant_states,
        staff.staff,
    ):
        api.add(noun, TENANT_PREFIX)
