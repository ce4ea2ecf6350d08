"""Pages for people: each a corridor of door, one lookup or action, one template."""

from flask import Flask

from service.pages import (
    arrivals,
    assignment_map,
    assignments,
    base_map,
    cards,
    home,
    households,
    imports,
    jobs,
    ledgers,
    map,
    members,
    more,
    movements,
    places,
    tenants,
)


def attach(app: Flask) -> None:
    app.register_blueprint(home.home)
    base_map.attach(app)
    for room in (
        map.map_page,
        base_map.base_map,
        cards.cards,
        arrivals.arrivals,
        assignments.assignments,
        assignment_map.assignment_map,
        households.households,
        members.members,
        ledgers.ledgers,
        movements.movements,
        places.places,
        imports.imports,
        jobs.jobs,
        tenants.tenants,
        more.more,
    ):
        app.register_blueprint(room, url_prefix="/t/<tenant>")
