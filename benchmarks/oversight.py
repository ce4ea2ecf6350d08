# needs: database
"""What the county's page costs at full size: `./run bench oversight [--rounds 100]`.

A county of 2,000 communities in 80 townships with 1.1 M members and a year of monthly counts. The
page of the county, the one of a township, and the workbook are asked for in turn with a request
that only asks the database `SELECT 1`; ratios are of the 95th percentiles. Counting one community
of 550 members is timed beside them.

The issue expects the oversight page at no more than 20 times the bare request. Measured on two
shared cores with load 11 (PostgreSQL 15), 12 rounds, 95th percentiles, with one letter near its
expiry in every eleventh community:

    county, 80 townships              7.5 x   223 ms (bare 30 ms)
    county, organisations             6.5 x   192 ms
    one township, 25 communities     13.5 x   400 ms, most of it hiding small counts
    workbook of the county            7.7 x   228 ms

Counting one community: 30 ms.
"""

from __future__ import annotations

import argparse
from datetime import date
from os import environ
from statistics import median, quantiles
from time import perf_counter

import psycopg
from sqlalchemy import text

from service.app import create_app
from service.rights import open_to_all
from service.settings import read
from tenants.area import area_number
from tenants.database import at_the_door
from tenants.oversight.records import CountSnapshot
from tenants.oversight.summaries import summarise
from tenants.people.door import scope_of_tenant
from tenants.scope import entered
from tests.factories.counties import County, a_county
from tests.factories.people import a_person

TOWNSHIPS, COMMUNITIES, MEMBERS, MONTHS = 80, 25, 550, 12
AT_MOST = 20

TENANTS = """
    INSERT INTO tenant (id, area, slug, name, level)
    SELECT nextval('tenant_id_seq'), %(county)s + town * 1000 + part,
           'big-' || town || '-' || part || '-' || %(county)s,
           CASE part WHEN 0 THEN '第' || town || '镇' ELSE '第' || town || '-' || part || '社区' END,
           CASE part WHEN 0 THEN 'township' ELSE 'community' END
    FROM generate_series(2, %(towns)s + 1) AS town, generate_series(0, %(parts)s) AS part
"""
PEOPLE = """
    INSERT INTO member (tenant_id, area, id, name, affiliation, residence, home)
    SELECT t.id, t.area, gen_random_uuid(), 'n' || n,
           CASE WHEN n %% 20 = 0 THEN 'incoming' ELSE 'affiliated' END, 'inside',
           ST_SetSRID(ST_Point(110 + random(), 28 + random()), 4326)
    FROM tenant t, generate_series(1, %(members)s) AS n
    WHERE t.area BETWEEN %(county)s AND %(county)s + 999999 AND t.level = 'community'
      AND t.slug LIKE 'big-%%'
"""
LEFT = """
    INSERT INTO episode (tenant_id, area, id, member_id, direction, started_on)
    SELECT tenant_id, area, gen_random_uuid(), id, 'outflow', CURRENT_DATE - 100
    FROM member WHERE right(name, 1) = '7' AND area BETWEEN %(county)s AND %(county)s + 999999
"""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=100)
    rounds = options.parse_args().rounds
    app = create_app(read(environ, "web"))
    county = a_county(app, "大县")
    fill(county)
    seat = a_person(county, "county_admin")

    @app.get("/bare")
    @open_to_all
    def bare() -> str:
        with at_the_door() as door:
            return str(door.execute(text("SELECT 1")).scalar_one())

    pages = f"/t/{county.slug}/tenants"
    township = area_number(county.number, 2)
    ways = {
        "bare SELECT 1": "/bare",
        "county, 80 townships": pages,
        "county, organisations": f"{pages}?about=organisations",
        "one township, 25 communities": f"{pages}?township={township}",
        "workbook of the county": f"{pages}/file",
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, where in ways.items():
            started = perf_counter()
            answer = seat.client.get(where)
            times[name].append(perf_counter() - started)
            assert answer.status_code == 200, (name, answer.status_code)
    floor = p95(times["bare SELECT 1"])
    for name, taken in times.items():
        print(
            f"{name:32} median {median(taken) * 1000:7.1f} ms  p95 {p95(taken) * 1000:7.1f} ms"
            f"  {p95(taken) / floor:5.1f} x (at most {AT_MOST})"
        )
    count_one(county)


def p95(taken: list[float]) -> float:
    return quantiles(taken, n=20)[-1]


def fill(county: County) -> None:
    """As a superuser, whom no policy binds; the figures are made up but hang together."""
    url = environ["WANGGE_SUPERUSER_URL"].replace("+psycopg", "", 1)
    low = area_number(county.number)
    values = {"county": low, "towns": TOWNSHIPS, "parts": COMMUNITIES, "members": MEMBERS}
    with psycopg.connect(url) as superuser:
        for statement in (TENANTS, PEOPLE, LEFT, snapshots()):
            superuser.execute(statement, values)
        superuser.commit()
        superuser.autocommit = True
        superuser.execute("VACUUM ANALYZE")
        members = superuser.execute("SELECT count(*) FROM member").fetchone()
    print(f"{TOWNSHIPS * COMMUNITIES} communities, {members[0] if members else 0} members")


def snapshots() -> str:
    """A count for each of the last months of every tenant: numbers that add up."""
    given = {
        "day": "CURRENT_DATE - 30 * m",
        "served_since": "CURRENT_DATE - 30 * m - 90",
        "affiliated": "s.n + 40",
        "outflow": "s.away",
        "elsewhere": "s.away",
        "inflow": "s.came",
        "present": "s.n + 40 - s.away + s.came",
        "served": "s.n",
        "letters_near_expiry": "(s.n) % 11 / 10",
        "branches_without_liaison": "(s.n) % 2",
    }
    names = [
        column.name
        for column in CountSnapshot.__table__.columns
        if column.name not in ("tenant_id", "id", "area", "counted_at")
    ]
    numbers = ", ".join(given.get(name, "0") for name in names)
    return f"""
        INSERT INTO count_snapshot (tenant_id, area, id, {", ".join(names)})
        SELECT t.id, t.area, gen_random_uuid(), {numbers}
        FROM tenant t, generate_series(0, {MONTHS - 1}) AS m,
             LATERAL (SELECT (t.id * 7 + m) % 500 AS n, (t.id * 13 + m) % 40 AS away,
                             (t.id * 11 + m) % 9 AS came) s
        WHERE t.area BETWEEN %(county)s AND %(county)s + 999999 AND t.slug LIKE 'big-%%'
    """.replace(") % ", ") %% ")


def count_one(county: County) -> None:
    taken = []
    with county.app.app_context():
        scope = scope_of_tenant(slug=f"big-2-1-{area_number(county.number)}")
        assert scope is not None
    with county.app.app_context(), entered(scope):
        for _ in range(10):
            started = perf_counter()
            summarise(scope, date.today(), date.today())
            taken.append(perf_counter() - started)
    print(f"counting one community of {MEMBERS}: {median(taken) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
