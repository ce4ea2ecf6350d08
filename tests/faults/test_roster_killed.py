"""kill -9 while a roster is being taken in, after its people were written and before the commit.

The moment is not guessed: the database is asked whether a transaction holds what it wrote.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import environ
from time import monotonic, sleep

import psycopg
import pytest
from sqlalchemy import make_url

from launcher.processes import Child, in_session
from tenants.members.imports import accept_import, start_import
from tests.factories.counties import Community, a_community, a_county
from tests.factories.members import some_members
from tests.factories.rosters import BOUNDARY, COMMUNITY_NAME, csv_bytes, person, table
from tests.faults.conftest import Site
from tests.faults.test_storm import rows, wait_until

PEOPLE, KILLS = 300, 3
_WRITTEN = """
    SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE c.relname = 'member' AND l.mode = 'RowExclusiveLock' AND l.granted
"""


@pytest.fixture
def community(site: Site) -> Community:
    middle = BOUNDARY.centroid
    return a_community(
        a_county(site.app),
        name=COMMUNITY_NAME,
        centre=(round(middle.x, 7), round(middle.y, 7)),
        capacities=(None, None, None),
    )


@contextmanager
def watching() -> Iterator[psycopg.Connection]:
    """The server itself, past the line that could be cut."""
    url = make_url(environ["WANGGE_SUPERUSER_URL"])
    with psycopg.connect(
        host=str(url.query["host"]),
        user=url.username,
        dbname=f"{url.database}_faults",
        autocommit=True,
    ) as connection:
        yield connection


def kill(child: Child) -> None:
    for pid in in_session(child.process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    child.process.wait()


def wait_until_written(connection: psycopg.Connection) -> None:
    patience = monotonic() + 60
    while not connection.execute(_WRITTEN).fetchone()[0]:
        assert monotonic() < patience, "nobody is writing members"
        sleep(0.005)


def state(community: Community) -> str:
    return rows(community, "SELECT state FROM roster_import")[0][0]


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_completes(site, community):
    cast = [person(70_000 + number) for number in range(PEOPLE)]
    some_members(community, 1, name=cast[0]["姓名"], phone=cast[0]["手机"], employer="旧厂")
    cast[0]["工作单位"] = "新厂"
    relay, worker = site.start("relay"), site.start("worker")
    with community.acting() as scope:
        import_id = start_import(scope, "roster.csv", csv_bytes(table(cast)), "wgs84")
    wait_until(lambda: state(community) == "checked", 90, "the roster is not checked")
    with watching() as connection:
        with community.acting() as scope:
            accept_import(scope, import_id, changed="update")
        for _ in range(KILLS):
            wait_until_written(connection)
            kill(worker)
            # Its backend lives a moment longer, and must not be taken for the next one's.
            wait_until(
                lambda: not connection.execute(_WRITTEN).fetchone()[0], 30, "a backend lives on"
            )
            assert rows(community, "SELECT count(*) FROM member") == [(1,)]
            assert rows(community, "SELECT employer, version FROM member") == [("旧厂", 1)]
            assert state(community) == "accepting"
            worker = site.start("worker")
    wait_until(lambda: state(community) == "accepted", 90, "nobody took the roster in")
    assert rows(community, "SELECT accepted, duplicates FROM roster_import") == [(PEOPLE, 0)]
    assert rows(community, "SELECT count(*), count(DISTINCT id) FROM member") == [(PEOPLE, PEOPLE)]
    changed = "SELECT employer, version FROM member WHERE import_id IS NULL"
    assert rows(community, changed) == [("新厂", 2)]
    taken = "SELECT token > 3, state FROM job_request WHERE kind = 'accept_roster'"
    assert rows(community, taken) == [(True, "done")]
    for child in (worker, relay):
        kill(child)
