"""The chain over the audit: who makes it, and that whatever is done to it past us is found."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from os import environ
from threading import Barrier

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from tenants.audit.actions import note
from tenants.audit.lookups import anchors_of, first_break, head
from tenants.audit.rules import WHYS, anchor_line
from tenants.database import db, new_id
from tests.factories.counties import Community

LINKS = "SELECT count(*) FROM audit_link"


@pytest.fixture
def chained(community) -> Community:
    """A community whose chain holds a few entries more."""
    for number in range(6):
        with community.acting() as scope:
            note(scope, "read_member", "member", new_id(), number=number, word='党员 "甲"\n\t\\')
    return community


@pytest.fixture
def superuser() -> Iterator[Connection]:
    """Somebody who may do anything to the tables. What they do is kept."""
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # As whoever restores a dump does: without the triggers.
        connection.exec_driver_sql("SET session_replication_role = replica")
        yield connection
    engine.dispose()


def judged(community, anchors=None):
    with community.acting() as scope:
        return first_break(scope, anchors or {})


def head_of(community):
    with community.acting() as scope:
        return head(scope)


def test_every_entry_has_its_link_and_the_walk_computes_the_same(chained):
    with chained.acting():
        entries = db.session.execute(text("SELECT count(*) FROM audit_entry")).scalar_one()
        assert db.session.execute(text(LINKS)).scalar_one() == entries
    assert judged(chained) == (entries, None)


def test_an_entry_that_is_not_kept_leaves_no_gap(chained):
    before = head_of(chained).seq
    with chained.acting() as scope:
        note(scope, "read_member", "member")
        db.session.flush()
        db.session.rollback()
    with chained.acting() as scope:
        note(scope, "read_member", "member")
    assert judged(chained) == (before + 1, None)


def test_many_at_once_make_one_chain(chained):
    before, at_once = head_of(chained).seq, 8
    line = Barrier(at_once)

    def work(_number):
        line.wait()
        for _ in range(5):
            with chained.acting() as scope:
                note(scope, "read_member", "member", new_id())

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(work, range(at_once)))
    assert judged(chained) == (before + 5 * at_once, None)


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(DBAPIError) as raised:
        yield
    assert isinstance(raised.value.orig, InsufficientPrivilege)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_link (id, seq, hash) SELECT id, 1000, '' FROM audit_entry LIMIT 1",
        "UPDATE audit_link SET hash = ''",
        "DELETE FROM audit_link",
        "UPDATE audit_entry SET act = 'x'",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry (id, at, role, act, subject_kind)"
        " VALUES (gen_random_uuid(), now() - interval '1 year', 'x', 'x', 'x')",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_chain ON audit_entry",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_cannot_go_around_it(chained, statement):
    with refused(), chained.acting():
        db.session.execute(text(statement))
    assert judged(chained)[1] is None


TAMPERING = {
    "a field changed": (
        "UPDATE audit_entry SET act = 'read_members' WHERE {third}",
        ("changed", 3),
    ),
    "who did it, taken out": (
        "UPDATE audit_entry SET person_id = gen_random_uuid() WHERE {third}",
        ("changed", 3),
    ),
    "when, changed": (
        "UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE {third}",
        ("changed", 3),
    ),
    "a fact changed": (
        "UPDATE audit_entry SET facts = facts || '{{\"more\": 1}}' WHERE {third}",
        ("changed", 3),
    ),
    "an entry removed": ("DELETE FROM audit_entry WHERE {third}", ("missing", 3)),
    "an entry and its link removed": (
        "WITH gone AS (DELETE FROM audit_link WHERE tenant_id = {tenant} AND seq = 3 RETURNING id)"
        " DELETE FROM audit_entry WHERE tenant_id = {tenant} AND id = (SELECT id FROM gone)",
        ("missing", 3),
    ),
    "an entry removed from the end": (
        "DELETE FROM audit_entry WHERE tenant_id = {tenant} AND id ="
        " (SELECT id FROM audit_link WHERE tenant_id = {tenant} ORDER BY seq DESC LIMIT 1)",
        ("missing", None),
    ),
    "an entry put in": (
        "INSERT INTO audit_entry (tenant_id, id, role, act, subject_kind)"
        " VALUES ({tenant}, gen_random_uuid(), 'community_admin', 'read_member', 'member')",
        ("unlinked", 0),
    ),
    "two links that changed places": (
        "UPDATE audit_link a SET hash = b.hash FROM audit_link b WHERE a.tenant_id = {tenant}"
        " AND b.tenant_id = {tenant} AND a.seq IN (3, 4) AND b.seq = 7 - a.seq",
        ("changed", 3),
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_what_is_done_past_us_is_found_where_it_begins(chained, superuser, what):
    statement, (why, seq) = TAMPERING[what]
    tenant = chained.tenant_id
    third = (
        f"tenant_id = {tenant} AND id ="
        f" (SELECT id FROM audit_link WHERE tenant_id = {tenant} AND seq = 3)"
    )
    last = head_of(chained).seq
    superuser.exec_driver_sql(statement.format(tenant=tenant, third=third))
    found = judged(chained)[1]
    assert (found.why, found.seq) == (why, last if seq is None else seq)
    assert found.why in WHYS


CUT = """
    WITH cut AS (DELETE FROM audit_link WHERE tenant_id = {tenant} AND seq > {seq} RETURNING id)
    DELETE FROM audit_entry WHERE tenant_id = {tenant} AND id IN (SELECT id FROM cut)
"""


def test_only_an_anchor_tells_that_the_end_was_cut_off_whole(chained, superuser, tmp_path):
    last = head_of(chained)
    line = anchor_line(chained.tenant_id, last.seq, last.hash, last.linked_at)
    (tmp_path / "audit-2026-11.txt").write_text(line + "\n", encoding="utf-8")
    with chained.acting() as scope:
        anchors = anchors_of(scope, tmp_path)
    assert judged(chained, anchors) == (last.seq, None)
    superuser.exec_driver_sql(CUT.format(tenant=chained.tenant_id, seq=last.seq - 2))
    assert judged(chained)[1] is None
    found = judged(chained, anchors)[1]
    assert (found.why, found.seq) == ("anchor_missing", last.seq)


def test_only_an_anchor_tells_that_the_end_was_written_anew(chained, superuser):
    last = head_of(chained)
    superuser.exec_driver_sql(CUT.format(tenant=chained.tenant_id, seq=last.seq - 2))
    for _ in range(3):
        with chained.acting() as scope:
            note(scope, "read_member", "member")
    assert judged(chained)[1] is None
    found = judged(chained, {last.seq: last.hash})[1]
    assert (found.why, found.seq) == ("anchor_differs", last.seq)


def test_what_was_there_before_the_chain_is_chained_by_the_migration(chained):
    from importlib import import_module

    step = import_module("migrations.versions.0014_audit_chain_and_doors")
    before = head_of(chained)
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"])
    with engine.connect() as connection:
        connection.exec_driver_sql("DELETE FROM audit_link")
        connection.exec_driver_sql(step.BACKFILL)
        again = connection.execute(
            text("SELECT count(*), max(seq) FROM audit_link WHERE tenant_id = :id"),
            {"id": chained.tenant_id},
        ).one()
        connection.rollback()
    engine.dispose()
    assert tuple(again) == (before.seq, before.seq)
