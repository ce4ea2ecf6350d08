"""Many rows at once: COPY into a table of this transaction's own, then one INSERT ... SELECT.

Row-level security refuses COPY into a tenant's table (design, section 2); the INSERT is judged by
it like any other. Imports none of ours but the database handle.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from json import dumps
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Table, insert
from sqlalchemy.dialects.postgresql import JSONB

from tenants.database import db

FEW: Final = 100
"""So many rows are not worth a table of their own."""
_AT_ONCE: Final = 4_000
Line = list[Any]
"""The values of a row as COPY takes them, in the order of the columns."""


def put_rows(record: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same keys: attributes of `record`, as `insert` takes them.

    They are taken one by one and never held all at once. While the database enters some, the next
    are made ready in a thread of their own: whatever makes `rows` must ask the database nothing.
    """
    rest = iter(rows)
    first = list(islice(rest, FEW + 1))
    if len(first) <= FEW:
        if first:
            db.session.execute(insert(record), first)
        return
    table = record.__table__
    columns = _columns(record, first[0])
    name = f"put_{table.name}"
    named = ", ".join(f'"{column}"' for column in columns.values())
    connection = db.session.connection()
    _make(name, table, columns)
    following = _lines(table, columns, rest)
    with ThreadPoolExecutor(1) as ahead:
        some = list(_lines(table, columns, first))
        while some:
            _fill(name, some)
            ready = ahead.submit(_next, following)
            connection.exec_driver_sql(
                f'INSERT INTO "{table.name}" ({named}) SELECT {named} FROM {name}'
            )
            connection.exec_driver_sql(f"TRUNCATE {name}")
            some = ready.result()
    connection.exec_driver_sql(f"DROP TABLE {name}")


def copy_rows(
    name: str,
    table: Table,
    columns: Mapping[str, str],
    rows: Iterable[Mapping[str, Any]],
    further: str = "",
) -> None:
    """Fill a temporary table `name` shaped like these columns of `table`.

    `columns`: key in a row -> column. `further`: definitions of columns that the table lacks;
    their keys come last in `columns`. Whoever joins it has it counted first (`count_rows`).
    """
    _make(name, table, columns)
    for definition in further.split(", ") if further else ():
        db.session.connection().exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {definition}")
    _fill(name, _lines(table, columns, rows))


def count_rows(name: str) -> None:
    """A table of this moment has been counted by nobody; uncounted, it is joined row by row."""
    db.session.connection().exec_driver_sql(f"ANALYZE {name}")


def _next(lines: Iterator[Line]) -> list[Line]:
    return list(islice(lines, _AT_ONCE))


def _make(name: str, table: Table, columns: Mapping[str, str]) -> None:
    ours = [column for column in columns.values() if column in table.columns]
    named = ", ".join(f'"{column}"' for column in ours)
    db.session.connection().exec_driver_sql(
        f'CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS SELECT {named} FROM "{table.name}"'
        " WITH NO DATA"
    )


def _lines(
    table: Table, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]
) -> Iterator[Line]:
    values = itemgetter(*columns)
    of_json = [at for at, column in enumerate(columns.values()) if _is_json(table, column)]
    for row in rows:
        line = list(values(row))
        for at in of_json:
            if line[at] is not None:
                line[at] = dumps(line[at])
        yield line


def _fill(name: str, lines: Iterable[Line]) -> None:
    driver = db.session.connection().connection.driver_connection
    assert driver is not None
    with driver.cursor().copy(f"COPY {name} FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)


def _columns(record: Any, row: Mapping[str, Any]) -> dict[str, str]:
    """Key of a row -> name of its column (`class_` -> class)."""
    return {key: record.__mapper__.attrs[key].columns[0].name for key in row}


def _is_json(table: Table, column: str) -> bool:
    return column in table.columns and isinstance(table.columns[column].type, JSONB)
