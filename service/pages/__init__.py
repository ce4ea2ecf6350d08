"""Pages for people: each a corridor of door, one lookup or action, one template."""

from flask import Flask

from service.pages import (
    arrivals,
    assignment_map,
    assignment_newcomers,
    assignments,
    audit,
    base_map,
    building_lists,
    buildings,
    cards,
    doors,
    duplicates,
    figures,
    grid,
    grid_drafts,
    home,
    homes,
    households,
    import_columns,
    import_matches,
    imports,
    invitations,
    jobs,
    ledgers,
    map,
    members,
    more,
    movements,
    people,
    places,
    redirects,
    redraws,
    reports,
    tablet,
    talks,
    tenants,
    today,
    traces,
    visits,
)
from service.pages.administration import exports, openings, states, tokens
from service.pages.administration import tenants as below


def attach(app: Flask) -> None:
    app.register_blueprint(home.home)
    app.register_blueprint(invitations.invitations)
    app.register_blueprint(reports.hello)
    base_map.attach(app)
    app.register_blueprint(tablet.tablet_worker)
    for room in (
        map.map_page,
        base_map.base_map,
        cards.cards,
        today.today,
        tablet.tablet,
        visits.visits,
        arrivals.arrivals,
        assignments.assignments,
        assignment_map.assignment_map,
        assignment_newcomers.assignment_newcomers,
        households.households,
        members.members,
        ledgers.ledgers,
        movements.movements,
        places.places,
        grid.grid,
        grid_drafts.grid_drafts,
        redraws.redraws,
        buildings.buildings,
        building_lists.building_lists,
        homes.homes,
        imports.imports,
        import_columns.import_columns,
        import_matches.import_matches,
        jobs.jobs,
        tenants.tenants,
        figures.figures,
        duplicates.duplicates,
        talks.talks,
        traces.traces,
        reports.reports,
        below.administration,
        openings.openings,
        states.states,
        exports.exports,
        people.people,
        tokens.tokens,
        doors.doors,
        redirects.redirects,
        audit.audit,
        more.more,
    ):
        app.register_blueprint(room, url_prefix="/t/<tenant>")
