"""Pages for people: each a corridor of door, one lookup or action, one template."""

from flask import Flask

from service.pages import (
    arrivals,
    assignment_map,
    assignments,
    audit,
    base_map,
    building_lists,
    buildings,
    cards,
    doors,
    figures,
    home,
    homes,
    households,
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
    tenants,
    today,
    visits,
)
from service.pages.administration import tenants as below
from service.pages.administration import tokens


def attach(app: Flask) -> None:
    app.register_blueprint(home.home)
    app.register_blueprint(invitations.invitations)
    base_map.attach(app)
    for room in (
        map.map_page,
        base_map.base_map,
        cards.cards,
        today.today,
        visits.visits,
        arrivals.arrivals,
        assignments.assignments,
        assignment_map.assignment_map,
        households.households,
        members.members,
        ledgers.ledgers,
        movements.movements,
        places.places,
        buildings.buildings,
        building_lists.building_lists,
        homes.homes,
        imports.imports,
        jobs.jobs,
        tenants.tenants,
        figures.figures,
        below.administration,
        people.people,
        tokens.tokens,
        doors.doors,
        audit.audit,
        more.more,
    ):
        app.register_blueprint(room, url_prefix="/t/<tenant>")
