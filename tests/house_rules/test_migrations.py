"""The tables are what the models say, and the way there is told in numbered sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from os import environ
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2.alembic_helpers import include_object
from sqlalchemy import Connection, create_engine, inspect

from tenants.records import ALL

ROOT = Path(__file__).parents[2]
METADATA = ALL[0].db.metadata
VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


def ours(obj, name, kind, reflected, other) -> bool:
    """Leave out the tables that PostGIS brings along."""
    if kind == "table" and reflected and name not in METADATA.tables:
        return name not in {"spatial_ref_sys"} and include_object(obj, name, kind, reflected, other)
    return bool(include_object(obj, name, kind, reflected, other))


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"include_object": ours, "compare_type": True}
    )
    return list(compare_metadata(context, METADATA))


@pytest.fixture
def owner() -> Iterator[Connection]:
    """The owner's connection; whatever a test changes is rolled back."""
    engine = create_engine(environ["WANGGE_OWNER_URL"])
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def test_models_equal_migrations(owner):
    assert differences(owner) == []


def test_a_column_that_no_model_knows_is_noticed(owner):
    owner.exec_driver_sql("ALTER TABLE reported_figure ADD COLUMN further text")
    assert differences(owner)


def test_primary_keys_of_models_equal_those_of_the_database(owner):
    """Alembic does not compare primary keys, nor the order of columns in a key."""
    said = {t.name: [c.name for c in t.primary_key.columns] for t in METADATA.tables.values()}
    found = {name: inspect(owner).get_pk_constraint(name) for name in said}
    assert {name: key["constrained_columns"] for name, key in found.items()} == said


def test_the_database_is_at_the_only_head(owner):
    heads = MigrationContext.configure(owner).get_current_heads()
    assert heads == (scripts().get_current_head(),)


def test_revisions_are_numbered_sentences_in_one_line():
    chain = [script.revision for script in scripts().walk_revisions()][::-1]
    assert chain == [f"{number:04}" for number in range(1, len(VERSIONS) + 1)]
    for number, path in zip(chain, VERSIONS, strict=True):
        assert re.fullmatch(rf"{number}(_[a-z0-9]+){{2,}}\.py", path.name), path.name
