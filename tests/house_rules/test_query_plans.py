"""A dozen questions that must stay quick at a county's size, and how PostgreSQL answers them.

Asked under row-level security as the product asks them, over a county with enough rows for a plan
to mean something: no table of people or places is read from end to end, and what is found in it is
found by an index whose condition names the tenant, its area or the place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from os import environ
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text

from tenants.arrivals.lookups import arrival_features
from tenants.audit.lookups import Wanted, entries
from tenants.database import db, engine
from tenants.grid.lookups import cell_features
from tenants.members.features import member_features
from tenants.members.lookups import members
from tenants.mobility.lookups import open_episodes_and_theirs
from tenants.oversight.lookups import boundaries_below, own_line, trend_below
from tenants.oversight.records import CountSnapshot
from tenants.oversight.summaries import summarise
from tenants.places.buildings_features import building_features
from tenants.places.lookups import place_features
from tenants.scope import Scope, entered
from tests.factories.counties import HALF_EAST, HALF_NORTH, a_community, a_county
from tests.factories.people import a_leader, a_person

COMMUNITIES, MEMBERS = 24, 700
LARGE = {"member", "episode", "building", "visit", "count_snapshot", "audit_entry", "arrival"}
"""Tables that grow with the people, and may not be read from end to end."""
DAY = date(2026, 11, 21)
FILL = (
    """
    INSERT INTO member (id, name, affiliation, home, phone_blind)
    SELECT gen_random_uuid(), 'n' || n, 'affiliated',
           ST_SetSRID(ST_Point(:lon + :east * (2 * random() - 1),
                               :lat + :north * (2 * random() - 1)), 4326),
           decode(md5(n::text), 'hex')
    FROM generate_series(1, :members) AS n
    """,
    """
    INSERT INTO episode (id, member_id, direction, started_on)
    SELECT gen_random_uuid(), id, 'outflow', '2026-03-01' FROM member WHERE right(name, 1) = '7'
    """,
    """
    INSERT INTO visit (id, member_id, happened_on, kind, outcome, way, source)
    SELECT gen_random_uuid(), id, '2026-10-01', 'contact', 'reached', 'phone', 'page' FROM member
    """,
    """
    INSERT INTO building (id, kind, name, normal_name, place)
    SELECT gen_random_uuid(), 'building', n || '号楼', n || '号楼',
           ST_SetSRID(ST_Point(:lon + :east * (2 * random() - 1),
                               :lat + :north * (2 * random() - 1)), 4326)
    FROM generate_series(1, 300) AS n
    """,
    """
    INSERT INTO arrival (id, member_id, state) SELECT gen_random_uuid(), id, 'proposed'
    FROM member WHERE right(name, 1) IN ('5', '6')
    """,
    """
    INSERT INTO audit_entry (id, role, act, subject_kind)
    SELECT gen_random_uuid(), 'worker', 'read_member', 'member' FROM generate_series(1, 30)
    """,
)

NUMBERS = [
    column.name
    for column in CountSnapshot.__table__.columns
    if column.name not in ("tenant_id", "id", "area", "day", "counted_at")
]
FURTHER_COUNTS = f"""
    INSERT INTO count_snapshot (id, day, {", ".join(NUMBERS)})
    SELECT gen_random_uuid(), day - n, {", ".join(NUMBERS)}
    FROM count_snapshot, generate_series(1, 6000) AS n
"""
"""Another county's counts of many days: nobody's question here is about them."""


@pytest.fixture(scope="module")
def large(app):
    """A county of communities with people, places and counts; the one that asks is in the middle."""
    county = a_county(app, "大县")
    communities = [a_community(county, centre=(110 + n * 0.02, 28)) for n in range(COMMUNITIES)]
    for one in communities:
        values = {
            "lon": one.centre[0],
            "lat": one.centre[1],
            "east": HALF_EAST,
            "north": HALF_NORTH,
            "members": MEMBERS,
        }
        with one.acting() as scope:
            for statement in FILL:
                db.session.execute(text(statement), values)
            for month in range(1, 12):
                summarise(scope, date(2026, month, 20), DAY)
    with a_community(a_county(app, "外县")).acting() as scope:
        summarise(scope, DAY, DAY)
        db.session.execute(text(FURTHER_COUNTS))
    owner = create_engine(environ["WANGGE_OWNER_URL"], isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        for table in sorted(LARGE | {"grid_cell", "branch", "station", "tenant", "boundary"}):
            connection.exec_driver_sql(f"ANALYZE {table}")
    owner.dispose()
    return communities[COMMUNITIES // 2]


def a_box(community) -> tuple[float, float, float, float]:
    lon, lat = community.centre
    return lon - HALF_EAST / 2, lat - HALF_NORTH / 2, lon + HALF_EAST / 2, lat + HALF_NORTH / 2


QUESTIONS: dict[str, tuple[str, Callable[[Scope, Any], object]]] = {
    "members in a box": ("admin", lambda s, box: member_features(s, box, 17)),
    "a leader's members in a box": ("leader", lambda s, box: member_features(s, box, 17)),
    "arrivals in a box": ("admin", lambda s, box: arrival_features(s, box, 17)),
    "cells in a box": ("admin", lambda s, box: cell_features(s, box)),
    "branches in a box": ("admin", lambda s, box: place_features(s, "branches", box)),
    "buildings in a box": ("admin", lambda s, box: building_features(s, box, 18)),
    "a page of the register": ("admin", lambda s, _box: members(s)),
    "somebody by name": ("admin", lambda s, _box: members(s, words="n123")),
    "somebody by phone": (
        "admin",
        lambda s, _box: members(s, words="19912345678", phones=True),
    ),
    "who is away": ("admin", lambda s, _box: open_episodes_and_theirs(s, DAY)),
    "counting a tenant": ("admin", lambda s, _box: summarise(s, DAY, DAY)),
    "a tenant's own figures": ("admin", lambda s, _box: own_line(s, DAY)),
    "a county's trend": ("county", lambda s, _box: trend_below(s, DAY)),
    "boundaries of a county": ("county", lambda s, box: boundaries_below(s, box)),
    "a page of the audit": ("admin", lambda s, _box: entries(s, Wanted())),
}


@pytest.fixture(scope="module")
def askers(large):
    return {
        "admin": a_person(large, "community_admin").scope,
        "leader": a_leader(large).scope,
        "county": a_person(large.county, "county_admin").scope,
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_large_table_is_read_from_end_to_end(large, askers, question):
    who, ask = QUESTIONS[question]
    plans = list(plans_of(large, askers[who], lambda scope: ask(scope, a_box(large))))
    assert plans, "nothing was asked"
    for statement, plan in plans:
        for node in nodes(plan):
            if node.get("Relation Name") in LARGE:
                assert node["Node Type"] != "Seq Scan", (node["Relation Name"], statement)
            assert not bare_index(node), (node, statement)


def test_a_plan_that_reads_everything_is_noticed(large, askers):
    """The rule can fail: a question without the tenant's index reads the table."""
    [(_, plan)] = plans_of(
        large,
        askers["admin"],
        lambda _scope: db.session.execute(text("SELECT max(employer) FROM member WHERE sex = 'x'")),
        without_index=True,
    )
    assert any(node["Node Type"] == "Seq Scan" for node in nodes(plan))


def bare_index(node: dict[str, Any]) -> bool:
    """Whether an index over a large table is walked without a condition of whose rows."""
    if node.get("Relation Name") not in LARGE or "Index" not in node["Node Type"]:
        return False
    condition = str(node.get("Index Cond", ""))
    return not any(word in condition for word in ("tenant_id", "area", "&&", "id ="))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def plans_of(
    community: Any, scope: Scope, ask: Callable[[Scope], object], *, without_index: bool = False
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each reading statement that `ask` sends, with its plan under the very same stamps."""
    found: list[tuple[str, dict[str, Any]]] = []

    def explain(connection, _cursor, statement, parameters, _context, _many):  # type: ignore[no-untyped-def]
        said = statement.lstrip().upper()
        if not said.startswith(("SELECT", "WITH")):
            return
        raw = connection.connection.driver_connection
        with raw.cursor() as cursor:
            if without_index:
                cursor.execute("SET LOCAL enable_indexscan = off")
                cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters or None)
            answer = cursor.fetchone()[0]
        plan = answer if isinstance(answer, list) else json.loads(answer)
        found.append((statement, plan[0]["Plan"]))

    with community.app.app_context(), entered(scope):
        engines = [engine(), engine("oversee")]
        for each in engines:
            event.listen(each, "before_cursor_execute", explain)
        try:
            ask(scope)
        finally:
            db.session.rollback()
            for each in engines:
                event.remove(each, "before_cursor_execute", explain)
    return iter(found)
