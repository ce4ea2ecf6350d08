# needs: database
"""What row-level security costs one map request: `./run bench row_security [--rounds 200]`.

200 communities of four counties with 200,000 members; one of them has 5,000. The statements of
one map request (members, cells and branches in a box) are taken down as the product sends them and
sent again over two connections in turn: as `wangge_app`, whose every table has a policy, and as a
superuser, whom no policy binds. Both stamp their transaction the same way, both filter by tenant
in the statement; the only difference is the policy. Ratios are of medians.

The issue expects at most 1.10. Measured on two shared cores with others at work on them
(PostgreSQL 15 + PostGIS 3.3), 100 rounds, the whole request:

    administrator, a quarter of the community    1.00   23.9 ms / 23.9 ms
    administrator, the whole of it               1.07   49.5 ms / 46.1 ms
    leader of one cell, a quarter                1.07   59.1 ms / 55.3 ms
    leader of one cell, the whole                1.10  150.7 ms / 137.2 ms
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from os import environ
from typing import Any

import psycopg
from sqlalchemy import event

from benchmarks.nearest_turns import in_turn, line
from service.app import create_app
from service.settings import read
from tenants.arrivals.lookups import arrival_features
from tenants.database import db, engine
from tenants.grid.lookups import cell_features
from tenants.members.features import member_features
from tenants.places.lookups import place_features
from tenants.scope import Scope, entered
from tests.factories.counties import HALF_EAST, HALF_NORTH, Community, a_community, a_county
from tests.factories.people import a_leader, a_person

COUNTIES, COMMUNITIES = 4, 50
LARGE, OTHERS = 5_000, 980
AT_MOST = 1.10
ZOOM = 17

Statement = tuple[str, dict[str, Any]]

FILL = """
    INSERT INTO member (tenant_id, area, id, name, affiliation, home)
    SELECT %(tenant)s, %(area)s, gen_random_uuid(), 'n' || n, 'affiliated',
           ST_SetSRID(ST_Point(%(lon)s + %(east)s * (2 * random() - 1),
                               %(lat)s + %(north)s * (2 * random() - 1)), 4326)
    FROM generate_series(1, %(many)s) AS n
"""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=200)
    rounds = options.parse_args().rounds
    app = create_app(read(environ, "web"))
    communities = [
        a_community(county, centre=(110 + column * 0.02, 28 + row * 0.02))
        for row, county in enumerate(a_county(app) for _ in range(COUNTIES))
        for column in range(COMMUNITIES)
    ]
    large = communities[len(communities) // 2]
    ours, superuser = connected("WANGGE_APP_URL"), connected("WANGGE_SUPERUSER_URL")
    fill(superuser, communities, large)
    for who, scope in (
        ("community's administrator", a_person(large, "community_admin").scope),
        ("leader of one cell", a_leader(large).scope),
    ):
        for what, box in (("a quarter", quarter(large)), ("the whole", whole(large))):
            request = taken_down(large, scope, box)
            told(f"{who}, {what}", request, scope, ours, superuser, rounds)
    for one in (ours, superuser):
        one.close()


def connected(url: str) -> psycopg.Connection:
    return psycopg.connect(environ[url].replace("+psycopg", "", 1))


def fill(superuser: psycopg.Connection, communities: list[Community], large: Community) -> None:
    for one in communities:
        values = {
            "tenant": one.tenant_id,
            "area": one.scope.area,
            "lon": one.centre[0],
            "lat": one.centre[1],
            "east": HALF_EAST,
            "north": HALF_NORTH,
            "many": LARGE if one is large else OTHERS,
        }
        superuser.execute(FILL, values)
    superuser.commit()
    superuser.autocommit = True
    superuser.execute("VACUUM ANALYZE")
    superuser.autocommit = False


def quarter(community: Community) -> tuple[float, float, float, float]:
    lon, lat = community.centre
    return lon - HALF_EAST, lat, lon, lat + HALF_NORTH


def whole(community: Community) -> tuple[float, float, float, float]:
    west, south, east, north = community.boundary.bounds
    return west, south, east, north


def taken_down(
    community: Community, scope: Scope, box: tuple[float, float, float, float]
) -> dict[str, list[Statement]]:
    """Layer -> the statements the product sends for it."""
    layers: dict[str, Callable[[], object]] = {
        "members": lambda: member_features(scope, box, ZOOM),
        "arrivals": lambda: arrival_features(scope, box, ZOOM),
        "cells": lambda: cell_features(scope, box),
        "branches": lambda: place_features(scope, "branches", box),
    }
    sent: list[Statement] = []

    def take(_connection, _cursor, statement, parameters, _context, _many):  # type: ignore[no-untyped-def]
        if not statement.startswith("SET LOCAL"):
            sent.append((statement, dict(parameters)))

    request = {}
    with community.app.app_context(), entered(scope):
        event.listen(engine(), "before_cursor_execute", take)
        for layer, find in layers.items():
            find()
            request[layer] = list(sent)
            sent.clear()
        db.session.rollback()
        event.remove(engine(), "before_cursor_execute", take)
    return request


def told(
    what: str,
    request: dict[str, list[Statement]],
    scope: Scope,
    ours: psycopg.Connection,
    superuser: psycopg.Connection,
    rounds: int,
) -> None:
    everything = [statement for layer in request.values() for statement in layer]
    for layer, statements in {"whole request": everything, **request}.items():
        bound, free = in_turn(
            rounds, asking(ours, scope, statements), asking(superuser, scope, statements)
        )
        limit = AT_MOST if layer == "whole request" else None
        note = f"{bound * 1000:.2f} ms / {free * 1000:.2f} ms"
        line(f"{what}: {layer}", bound / free, limit, note)


def asking(
    connection: psycopg.Connection, scope: Scope, statements: list[Statement]
) -> Callable[[], None]:
    """One transaction with its stamps and these statements, as the product begins and ends it."""
    stamps = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in scope.stamps.items())

    def ask() -> None:
        connection.execute(stamps)
        for statement, values in statements:
            connection.execute(statement, values).fetchall()
        connection.rollback()

    return ask


if __name__ == "__main__":
    main()
