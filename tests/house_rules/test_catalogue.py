"""The migrated database keeps every rule, and every rule notices when it is broken."""

from __future__ import annotations

from collections.abc import Iterator
from os import environ

import pytest
from sqlalchemy import Connection, create_engine, text

from tests.house_rules.catalogue import RULES

BREAKS = {
    "row security is enabled and forced on every table": [
        "CREATE TABLE forgotten (tenant_id bigint, id uuid, PRIMARY KEY (tenant_id, id))",
        "ALTER TABLE member NO FORCE ROW LEVEL SECURITY",
    ],
    "every policy is permissive, for one command and one named role": [
        "CREATE POLICY wide ON member FOR DELETE TO PUBLIC USING (tenant_id = app_tenant())",
        "CREATE POLICY two ON member FOR DELETE TO wangge_app, wangge_owner USING (false)",
        "CREATE POLICY every ON member FOR ALL TO wangge_dispatch USING (false)",
        "CREATE POLICY narrow ON member AS RESTRICTIVE FOR SELECT TO wangge_app USING (true)",
    ],
    "a role has one policy for a command": [
        "CREATE POLICY further ON member FOR SELECT TO wangge_app USING (area = app_area())",
    ],
    "a policy looks nothing up: it compares the row with the stamp": [
        "CREATE POLICY looks ON member FOR SELECT TO wangge_owner"
        " USING (tenant_id IN (SELECT id FROM tenant))",
        "CREATE POLICY calls ON member FOR SELECT TO wangge_owner USING (pg_has_role('wangge_app', 'USAGE'))",
    ],
    "tenant_id comes first in every primary key, unique key and unique index": [
        "CREATE TABLE forgotten (id uuid PRIMARY KEY, tenant_id bigint)",
        "CREATE UNIQUE INDEX ON member (id, tenant_id)",
    ],
    "every table has a primary key": ["CREATE TABLE forgotten (tenant_id bigint)"],
    "a foreign key between tenants' tables begins with tenant_id on both sides": [
        "ALTER TABLE branch ADD UNIQUE (id);"
        " ALTER TABLE member ADD FOREIGN KEY (branch_id) REFERENCES branch (id)",
    ],
    "no key is changed by cascade": [
        "ALTER TABLE member ADD FOREIGN KEY (tenant_id, branch_id)"
        " REFERENCES branch (tenant_id, id) ON UPDATE CASCADE",
    ],
    "no identity columns: ids are UUIDv7, minted outside": [
        "CREATE TABLE forgotten (tenant_id bigint, n int GENERATED ALWAYS AS IDENTITY)",
    ],
    "a place has GiST(tenant_id, place) and GiST(place)": [
        "ALTER TABLE member ADD COLUMN further geometry(POINT, 4326)",
        "DROP INDEX ix_branch_tenant_place",
        "DROP INDEX ix_member_home",
    ],
    "a tenant's rows go with it when it moves, and none is left when it is erased": [
        "CREATE TABLE forgotten (tenant_id bigint, id uuid, PRIMARY KEY (tenant_id, id))",
        "CREATE TABLE forgotten (tenant_id bigint, area bigint, id uuid,"
        " PRIMARY KEY (tenant_id, id));"
        " CREATE POLICY erased ON forgotten FOR DELETE TO wangge_door"
        " USING (tenant_id = app_tenant())",
    ],
    "views ask with the rights of whoever asks": ["CREATE VIEW forgotten AS SELECT * FROM member"],
    "no materialised views: they are filled past the policies": [
        "CREATE MATERIALIZED VIEW forgotten AS SELECT 1 AS one",
    ],
    "definer functions belong to a role that cannot sign in, with a pinned search_path": [
        "ALTER FUNCTION door_standings(uuid) RESET search_path",
        "ALTER FUNCTION door_standings(uuid) OWNER TO wangge_owner",
    ],
    "definer functions are not for everybody": [
        "GRANT EXECUTE ON FUNCTION door_standings(uuid) TO PUBLIC",
        "GRANT EXECUTE ON FUNCTION st_estimatedextent(text, text) TO PUBLIC",
    ],
    "nothing in a table is for everybody": ["GRANT SELECT ON tenant TO PUBLIC"],
    "roles that answer requests own nothing": [
        "CREATE TABLE forgotten (tenant_id bigint); ALTER TABLE forgotten OWNER TO wangge_app",
    ],
    "only the backup looks past the policies, and nobody of ours is a superuser": [
        "ALTER ROLE wangge_app BYPASSRLS",
        "ALTER ROLE wangge_oversee SUPERUSER",
        "ALTER ROLE wangge_backup NOBYPASSRLS",
    ],
    "no role borrows another's rights, but for the owner of the door": [
        "GRANT wangge_owner TO wangge_app",
    ],
    "geometry_overlaps(geometry, geometry) keeps its LEAKPROOF mark": [
        "ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF",
    ],
    "nothing else that takes a geometry, and nothing of ours, is LEAKPROOF": [
        "ALTER FUNCTION st_intersects(geometry, geometry) LEAKPROOF",
        "ALTER FUNCTION app_tenant() LEAKPROOF",
    ],
}
CASES = [(rule, statement) for rule, statements in BREAKS.items() for statement in statements]


@pytest.fixture
def catalogue() -> Iterator[Connection]:
    """A superuser's connection; whatever a test breaks is rolled back."""
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"])
    with engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '20s'")
        yield connection
        connection.rollback()
    engine.dispose()


def offenders(connection: Connection, rule: str) -> list[str]:
    return sorted(connection.execute(text(RULES[rule].replace("%%", "%"))).scalars())


@pytest.mark.parametrize("rule", RULES)
def test_the_migrated_database_keeps_the_rule(catalogue, rule):
    assert offenders(catalogue, rule) == []


@pytest.mark.parametrize(("rule", "statement"), CASES)
def test_the_rule_notices_when_it_is_broken(catalogue, rule, statement):
    before = offenders(catalogue, rule)
    catalogue.exec_driver_sql(statement)
    assert set(offenders(catalogue, rule)) - set(before)


def test_every_rule_is_shown_to_notice():
    assert BREAKS.keys() == RULES.keys()
