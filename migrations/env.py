"""Alembic's door: migrations run as `wangge_owner`, with row security that fails loudly.

`row_security = off` does not bypass the policies (the owner is FORCEd under them too): it turns
a backfill that they would silently empty into an error.
"""

from os import environ

from alembic import context
from geoalchemy2.alembic_helpers import include_object, render_item
from sqlalchemy import create_engine

from tenants.records import ALL

METADATA = ALL[0].db.metadata


def ours(obj: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """Leave out what PostGIS brings along."""
    if kind == "table" and reflected and name not in METADATA.tables:
        return False
    return bool(include_object(obj, name, kind, reflected, other))


def run() -> None:
    engine = create_engine(environ["WANGGE_OWNER_URL"])
    with engine.connect() as connection:
        connection.exec_driver_sql("SET row_security = off")
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            include_object=ours,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
