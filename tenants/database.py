"""The database handle, the naming of constraints, and the stamp on every transaction.

Imports none of ours. The stamp is lock two of tenancy: PostgreSQL's policies compare each row
with it, so a transaction that nobody stamped sees nothing, and here it does not even begin.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Engine,
    MetaData,
    event,
    func,
    text,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    mapped_column,
    registry,
    with_loader_criteria,
)
from sqlalchemy.types import Uuid
from uuid_utils.compat import uuid7

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Record(DeclarativeBase):
    """Root of all tables: named constraints, moments always with their zone."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: DateTime(timezone=True)},
    )


db = SQLAlchemy(model_class=Record)

Stamps = Mapping[str, int | str]
AT_THE_DOOR: Stamps = {}
_stamps: ContextVar[Stamps | None] = ContextVar("stamps", default=None)


class Unstamped(RuntimeError):
    """A transaction began before anybody said for whom."""


class TenantOwned:
    """A row of one tenant: `tenant_id` first in its key, the tenant's `area` beside it."""

    tenant_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, server_default=text("app_tenant()"), sort_order=-3
    )
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7, sort_order=-2)


class Overseen(TenantOwned):
    """A tenant's row that the offices above may count by area."""

    area: Mapped[int] = mapped_column(BigInteger, server_default=text("app_area()"), sort_order=-1)


def new_id() -> UUID:
    """A UUIDv7: sorts by the moment it was made."""
    return uuid7()


@contextmanager
def stamped(stamps: Stamps) -> Iterator[None]:
    """Every transaction begun inside carries `stamps`; one that is open already is a mistake."""
    if db.session.registry.has() and db.session().in_transaction():
        raise RuntimeError("a scope cannot change while a transaction is open")
    token = _stamps.set(stamps)
    try:
        yield
    finally:
        db.session.remove()
        _stamps.reset(token)


@contextmanager
def restamped(stamps: Stamps) -> Iterator[None]:
    """The open transaction goes on under other stamps, and then under its own again.

    What an office does to itself and to a tenant below it is one change: both or neither.
    """
    before = _stamps.get()
    if before is None:
        raise Unstamped("no scope: enter one before going below")
    token = _stamps.set(_change_stamps(stamps))
    try:
        yield
        db.session.flush()
    finally:
        _stamps.reset(token)
    # Not after a failure: what is half done under other stamps can only be rolled back.
    _change_stamps(before)


def _change_stamps(stamps: Stamps) -> Stamps:
    db.session.flush()
    _set_local(db.session.connection(), stamps)
    return stamps


@contextmanager
def at_the_door() -> Iterator[Connection]:
    """One short transaction with no tenant: the door functions answer in it, tables do not."""
    token = _stamps.set(AT_THE_DOOR)
    try:
        with engine().begin() as connection:
            yield connection
    finally:
        _stamps.reset(token)


@contextmanager
def overseeing() -> Iterator[Connection]:
    """One read-only transaction as the office above: named columns of every tenant below."""
    with engine("oversee").begin() as connection:
        yield connection


def stamped_tenant() -> int | None:
    """The tenant whose rows the current transactions may touch."""
    tenant = (_stamps.get() or {}).get("app.tenant_id")
    return None if tenant is None else int(tenant)


def attach(app: Flask) -> None:
    """Bind the handle to the application and stamp what its engines begin."""
    db.init_app(app)
    with app.app_context():
        for bind, engine in db.engines.items():
            if bind != "dispatch":
                event.listen(engine, "begin", _stamp)


def engine(role: str | None = None) -> Engine:
    """The engine of a database role: None is `wangge_app`, else 'oversee' or 'dispatch'."""
    return db.engines[role]


def _stamp(connection: Connection) -> None:
    stamps = _stamps.get()
    if stamps is None:
        raise Unstamped("no scope: enter one before asking the database")
    if stamps:
        _set_local(connection, stamps)


def _set_local(connection: Connection, stamps: Stamps) -> None:
    # The statement, never set_config(): only SET LOCAL is safe behind a transaction pooler.
    connection.exec_driver_sql(
        "; ".join(f"SET LOCAL {name} = '{_plain(value)}'" for name, value in stamps.items())
    )


def _plain(value: int | str) -> str:
    written = str(value)
    if not written.replace("-", "").isalnum():
        raise ValueError("a stamp holds letters, digits and dashes only")
    return written


@event.listens_for(db.session, "do_orm_execute")
def _keep_to_the_tenant(state: ORMExecuteState) -> None:
    """Lock one: every ORM question is filtered by the tenant, whoever wrote it.

    `county_directory=True` opens the one thing tenants of a county share: branches and stations.
    """
    if state.is_column_load or state.is_relationship_load or state.is_insert:
        return
    if state.execution_options.get("county_directory"):
        return
    tenant = stamped_tenant()
    state.statement = state.statement.options(
        with_loader_criteria(TenantOwned, lambda row: row.tenant_id == tenant, include_aliases=True)
    )


def now() -> Any:
    """The database's clock, as a default for columns."""
    return func.now()
