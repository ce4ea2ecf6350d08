"""The second lock: what each database role sees and may do, asked in plain SQL.

The application's own code is left out on purpose: these are the answers that a mistake in it, or
somebody who stole the connection, would get.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import environ

import pytest
from psycopg.errors import CheckViolation, ForeignKeyViolation, InsufficientPrivilege
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from tenants.database import Unstamped, db, engine, new_id
from tenants.people.door import person_by_email
from tenants.records import ALL
from tenants.scope import Scope, entered
from tests.factories.arrivals import a_proposed_arrival
from tests.factories.counties import a_community, a_county
from tests.factories.people import a_leader, a_person

TABLES = sorted(
    table.name for table in ALL[0].db.metadata.tables.values() if "tenant_id" in table.columns
)
DIRECTORY = {"branch", "station"}
"""What tenants of one county may read of each other."""
FULL = {"boundary", "tenant_key", "grid_cell", "branch", "station", "standing", "api_token"} | {
    "audit_entry",
    "job_request",
    "member",
    "episode",
    "arrival",
    "match_run",
    "proposal",
}
"""Tables in which the two communities below have rows; the others are empty, and still locked."""


@pytest.fixture(scope="module")
def ours(app):
    """A community with a row in nearly every table."""
    return _a_full_community(a_county(app))


@pytest.fixture(scope="module")
def next_door(ours):
    """Another community of the same county."""
    return _a_full_community(ours.county)


@pytest.fixture(scope="module")
def abroad(app):
    """A community of another county."""
    return _a_full_community(a_county(app))


def _a_full_community(county):
    community = a_community(county)
    a_proposed_arrival(community)
    assert a_leader(community).token
    assert a_person(county, "county_admin").scope
    return community


@contextmanager
def connected(role: str, scope: Scope | None) -> Iterator[Connection]:
    """A connection of a database role, stamped as the scope's transactions are; rolled back."""
    bare = create_engine(environ[f"WANGGE_{role}_URL"])
    try:
        with bare.connect() as connection:
            # That a role's transactions are read-only by default protects nobody: it can be unset.
            connection.exec_driver_sql("SET LOCAL transaction_read_only = off")
            for name, value in (scope.stamps if scope else {}).items():
                connection.exec_driver_sql(f"SET LOCAL {name} = '{value}'")
            yield connection
            connection.rollback()
    finally:
        bare.dispose()


def count(connection: Connection, table: str, condition: str = "true") -> int:
    return connection.exec_driver_sql(
        f'SELECT count(*) FROM "{table}" WHERE {condition}'
    ).scalar_one()


@contextmanager
def refused(why: type[Exception]) -> Iterator[None]:
    with pytest.raises(DBAPIError) as raised:
        yield
    assert isinstance(raised.value.orig, why)


@pytest.mark.parametrize("table", TABLES)
def test_own_rows_are_seen_and_nobody_elses(ours, next_door, abroad, table):
    with connected("APP", ours.scope) as connection:
        mine = count(connection, table, f"tenant_id = {ours.tenant_id}")
        assert mine > 0 or table not in FULL
        strangers = count(connection, table, f"tenant_id = {abroad.tenant_id}")
        neighbours = count(connection, table, f"tenant_id = {next_door.tenant_id}")
        assert strangers == 0
        assert (neighbours > 0) == (table in DIRECTORY)
        everything = count(connection, table)
        assert everything == mine + (neighbours if table in DIRECTORY else 0)


@pytest.mark.parametrize("table", TABLES)
def test_without_a_stamp_there_is_nothing(ours, table):
    with connected("APP", None) as connection:
        assert count(connection, table) == 0


def test_tenants_of_the_county_know_each_other_and_nobody_else(ours, abroad):
    with connected("APP", ours.scope) as connection:
        assert count(connection, "tenant", f"id = {ours.county.tenant_id}") == 1
        assert count(connection, "tenant", f"id = {abroad.tenant_id}") == 0
    with connected("APP", None) as connection:
        assert count(connection, "tenant") == 0


def test_our_engine_begins_no_transaction_without_a_scope(app):
    with app.app_context(), pytest.raises(Unstamped):
        db.session.execute(text("SELECT 1"))
    with app.app_context(), pytest.raises(Unstamped), engine().connect() as connection:
        connection.execute(text("SELECT 1"))
    with app.app_context(), pytest.raises(Unstamped), engine("oversee").connect() as connection:
        connection.execute(text("SELECT 1"))


def test_a_scope_cannot_change_inside_a_transaction(app, ours, abroad):
    with app.app_context(), entered(ours.scope):
        db.session.execute(text("SELECT 1"))
        with pytest.raises(RuntimeError), entered(abroad.scope):
            pass


def test_the_stamp_ends_with_its_transaction(ours):
    with connected("APP", ours.scope) as connection:
        assert count(connection, "member") > 0
        connection.rollback()
        assert count(connection, "member") == 0


UPDATABLE = sorted(
    set(TABLES)
    - {"audit_entry", "audit_link", "door", "tenant_key", "episode_extension", "visit"}
    - {"not_the_same", "verification", "trace_step", "certificate_entry"}
)
DELETABLE = sorted(
    set(TABLES)
    - {"audit_entry", "tenant_key", "standing", "api_token", "job_request", "match_run"}
    - {"audit_link", "door", "redirect"}
    - {"roster_import", "episode_extension", "rule_pack_choice"}
    - {"open_letter", "verification", "trace_step"}
    - {"building", "building_import"}
    - {"visit", "service_request", "device", "count_snapshot", "member_link"}
    - {"activity_certificate", "certificate_entry"}
)


@pytest.mark.parametrize("table", UPDATABLE)
@pytest.mark.parametrize("whose", ["next_door", "abroad"])
def test_nobody_elses_rows_are_changed(ours, table, whose, request):
    other = request.getfixturevalue(whose)
    with connected("APP", ours.scope) as connection:
        changed = connection.exec_driver_sql(
            f'UPDATE "{table}" SET tenant_id = tenant_id WHERE tenant_id = {other.tenant_id}'
        )
        assert changed.rowcount == 0


@pytest.mark.parametrize("table", DELETABLE)
def test_nobody_elses_rows_are_removed(ours, next_door, table):
    with connected("APP", ours.scope) as connection:
        removed = connection.exec_driver_sql(
            f'DELETE FROM "{table}" WHERE tenant_id = {next_door.tenant_id}'
        )
        assert removed.rowcount == 0


@pytest.mark.parametrize("table", UPDATABLE)
def test_a_row_cannot_be_given_to_another_tenant(ours, next_door, table):
    with connected("APP", ours.scope) as connection:
        if count(connection, table, f"tenant_id = {ours.tenant_id}") == 0:
            return
        with refused(InsufficientPrivilege):
            connection.exec_driver_sql(
                f'UPDATE "{table}" SET tenant_id = {next_door.tenant_id}'
                f" WHERE tenant_id = {ours.tenant_id}"
            )


@pytest.mark.parametrize("table", sorted(FULL))
def test_a_row_cannot_be_put_into_another_tenant(ours, next_door, table):
    with connected("APP", ours.scope) as connection:
        columns = [c.name for c in ALL[0].db.metadata.tables[table].columns]
        others = [f'"{name}"' for name in columns if name not in ("tenant_id", "id")]
        with refused(InsufficientPrivilege):
            connection.exec_driver_sql(
                f'INSERT INTO "{table}" (tenant_id, id, {", ".join(others)})'
                f" SELECT {next_door.tenant_id}, '{new_id()}', {', '.join(others)}"
                f' FROM "{table}" WHERE tenant_id = {ours.tenant_id} LIMIT 1'
            )


def test_a_row_of_ours_cannot_carry_another_area(ours, next_door):
    with connected("APP", ours.scope) as connection, refused(InsufficientPrivilege):
        connection.exec_driver_sql(f"UPDATE member SET area = {next_door.scope.area}")


def test_the_key_refuses_another_tenants_branch(ours, next_door):
    with connected("APP", ours.scope) as connection, refused(ForeignKeyViolation):
        connection.exec_driver_sql(f"UPDATE member SET branch_id = '{next_door.branches[0]}'")
    with connected("APP", ours.scope) as connection, refused(ForeignKeyViolation):
        connection.exec_driver_sql(f"UPDATE proposal SET branch_id = '{next_door.branches[0]}'")
    with connected("APP", ours.scope) as connection, refused(ForeignKeyViolation):
        connection.exec_driver_sql(
            f"UPDATE standing SET cell_id = '{next_door.cells[0]}' WHERE role = 'grid_leader'"
        )


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"])
@pytest.mark.parametrize("role", ["APP", "OVERSEE", "DISPATCH"])
def test_what_was_written_down_stays(ours, act, role):
    with connected(role, ours.scope) as connection, refused(InsufficientPrivilege):
        connection.exec_driver_sql(act)


def test_a_community_cannot_open_or_move_a_tenant(ours, next_door):
    with connected("APP", ours.scope) as connection, refused(InsufficientPrivilege):
        connection.exec_driver_sql(
            "INSERT INTO tenant (area, slug, name, level)"
            f" VALUES ({ours.scope.area + 1}, 'x-{ours.slug}', 'x', 'community')"
        )
    with connected("APP", ours.scope) as connection:
        changed = connection.exec_driver_sql(
            f"UPDATE tenant SET name = 'x' WHERE id = {next_door.tenant_id}"
        )
        assert changed.rowcount == 0
    with connected("APP", ours.scope) as connection, refused(InsufficientPrivilege):
        connection.exec_driver_sql("UPDATE tenant SET area = area + 1")


SENSITIVE = [
    *(
        f"member.{column}"
        for column in (
            "name", "sex", "born_on", "joined_on", "phone_sealed", "phone_blind",
            "address_sealed", "employer", "home_source", "work_source", "id", "home", "work",
            "class",
        )
    ),
    "arrival.member_id", "proposal.arrival_id", "proposal.nearer", "roster_import.file_sealed", "roster_import.reading_sealed", "roster_match.values_sealed", "person.password_hash",
    "person.email", "tenant_key.wrapped", "api_token.token_hash", "standing.shown_name",
    "audit_entry.facts", "job_request.arguments",
]  # fmt: skip
"""A county's assignment run asks a function where the waiting are; never who they are."""


@pytest.mark.parametrize("column", SENSITIVE)
def test_the_offices_above_cannot_ask_for_what_tells_who_somebody_is(ours, column):
    table, _, name = column.partition(".")
    with connected("OVERSEE", ours.county.scope) as connection, refused(InsufficientPrivilege):
        connection.exec_driver_sql(f'SELECT "{name}" FROM "{table}"')


@pytest.mark.parametrize("column", [*SENSITIVE, "job_request.asked_by"])
def test_the_relay_cannot_ask_for_it_either(ours, column):
    table, _, name = column.partition(".")
    with connected("DISPATCH", ours.scope) as connection, refused(InsufficientPrivilege):
        connection.exec_driver_sql(f'SELECT "{name}" FROM "{table}"')


def areas(connection: Connection, table: str) -> set[int]:
    return set(connection.exec_driver_sql(f"SELECT DISTINCT area FROM {table}").scalars())


@pytest.mark.parametrize(
    "table", ["member", "arrival", "episode", "branch", "station", "boundary", "grid_cell"]
)
def test_the_offices_above_see_what_lies_below_them(ours, next_door, abroad, table):
    below = {ours.scope.area, next_door.scope.area}
    for scope, expected in (
        (ours.county.scope, below),
        (ours.county.township.scope, below),
        (ours.scope, {ours.scope.area}),
        (abroad.county.scope, {abroad.scope.area}),
        (None, set()),
    ):
        with connected("OVERSEE", scope) as connection:
            assert areas(connection, table) == expected


def test_the_offices_above_are_told_the_places_of_the_waiting_below_and_no_more(
    ours, next_door, abroad
):
    question = "SELECT * FROM door_waiting_places()"
    with connected("OVERSEE", ours.county.scope) as connection:
        answer = connection.exec_driver_sql(question)
        assert list(answer.keys()) == ["area", "home", "work", "class", "stage"]
        assert {row.area for row in answer} == {ours.scope.area, next_door.scope.area}
    with connected("OVERSEE", None) as connection:
        assert connection.exec_driver_sql(question).all() == []
    with connected("APP", ours.scope) as connection, refused(InsufficientPrivilege):
        connection.exec_driver_sql(question)


def test_the_offices_above_change_nothing(ours):
    for statement in (
        "UPDATE member SET residence = 'inside'",
        "DELETE FROM member",
        "UPDATE tenant SET name = 'x'",
    ):
        with connected("OVERSEE", ours.county.scope) as connection:
            with refused(InsufficientPrivilege):
                connection.exec_driver_sql(statement)


def test_the_relay_sees_ids_kinds_and_times_of_every_tenants_jobs(ours, abroad):
    with connected("DISPATCH", None) as connection:
        seen = connection.exec_driver_sql(
            "SELECT DISTINCT tenant_id FROM job_request WHERE state IS NOT NULL"
        ).scalars()
        assert {ours.tenant_id, abroad.tenant_id} <= set(seen)
        assert count(connection, "tenant", f"id = {ours.tenant_id}") == 1
    for statement in ("DELETE FROM job_request", "UPDATE job_request SET token = 1"):
        with connected("DISPATCH", None) as connection, refused(InsufficientPrivilege):
            connection.exec_driver_sql(statement)
    with connected("DISPATCH", None) as connection, refused(InsufficientPrivilege):
        count(connection, "member")


@pytest.mark.parametrize("column", ["password_hash", "email", "uniquifier", "id"])
def test_who_answers_pages_reads_no_list_of_who_signs_in(ours, column):
    with connected("APP", ours.scope) as connection, refused(InsufficientPrivilege):
        connection.exec_driver_sql(f"SELECT {column} FROM person")


def test_an_id_alone_changes_nobody(app, ours):
    somebody = a_person(ours, "community_admin")
    with connected("APP", ours.scope) as connection:
        connection.execute(
            text("SELECT door_person_keep(:id, 'stolen', NULL, NULL)"),
            {"id": str(somebody.person_id)},
        )
        connection.commit()
    with app.app_context():
        assert person_by_email(somebody.email).password_hash != "stolen"


def test_a_case_cannot_be_unserved_without_a_reason(ours):
    with connected("APP", ours.scope) as connection, refused(CheckViolation):
        connection.exec_driver_sql("UPDATE arrival SET state = 'unserved'")
