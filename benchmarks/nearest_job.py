"""The whole nearest job against a database: read, match, write, in one transaction.

Its tables are its own (schema ``nearest_benchmark``), shaped like the product's: uuid keys, WGS-84
points, a narrow result keyed by run and member, written by COPY into a temporary table and one
INSERT ... SELECT. Reading and writing are binary, straight into and out of arrays.
"""

import uuid
from typing import Any

import numpy as np
import numpy.typing as npt
import uuid_utils
from psycopg import Connection
from psycopg.sql import SQL, Composed, Literal

from benchmarks.nearest_towns import towns
from geo.nearest import nearest

Record = npt.NDArray[Any]

TABLES = """
DROP SCHEMA IF EXISTS nearest_benchmark CASCADE;
CREATE SCHEMA nearest_benchmark;
CREATE TABLE nearest_benchmark.member (id uuid PRIMARY KEY, place geometry(Point, 4326) NOT NULL);
CREATE TABLE nearest_benchmark.branch (
    id uuid PRIMARY KEY,
    place geometry(Point, 4326) NOT NULL,
    ground geography(Point, 4326) NOT NULL
);
CREATE TABLE nearest_benchmark.result (
    run uuid NOT NULL,
    member uuid NOT NULL,
    branch uuid,
    metres double precision,
    status smallint NOT NULL,
    PRIMARY KEY (run, member)
);
"""

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"


def _row(*fields: tuple[str, str]) -> np.dtype[Any]:
    """The layout of one row of binary COPY: a count, then each field after its length."""
    layout: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in fields:
        layout += [(f"{name}_size", ">i4"), (name, kind)]
    return np.dtype(layout)


_PLACE_ROW = np.dtype([("id", "V16"), ("lon", ">f8"), ("lat", ">f8")])
_RESULT_ROW = _row(("member", "V16"), ("branch", "V16"), ("metres", ">f8"), ("status", ">i2"))
_RUN = SQL("SELECT {}::uuid, * FROM found")


def fill(connection: Connection[Any], members: int, branches: int) -> None:
    """Create the tables and settle the invented towns in them; ids are UUIDv7, as the product's."""
    people, places = towns(members, branches)
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for table, lonlat in (("member", people), ("branch", places)):
            columns = "id, place, ground" if table == "branch" else "id, place"
            with cursor.copy(f"COPY nearest_benchmark.{table} ({columns}) FROM STDIN") as copy:
                for lon, lat in lonlat.tolist():
                    point = f"SRID=4326;POINT({lon!r} {lat!r})"
                    key = uuid_utils.uuid7()
                    copy.write_row(
                        (str(key), point, point) if table == "branch" else (str(key), point)
                    )
        cursor.execute("CREATE INDEX ON nearest_benchmark.branch USING gist (ground)")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE nearest_benchmark.member, nearest_benchmark.branch")
    connection.autocommit = False


def read(connection: Connection[Any], table: str) -> tuple[Record, npt.NDArray[np.float64]]:
    """Ids (n,) as 16 raw bytes and places (n, 2) of a table.

    The server joins all rows into one value of 32 bytes a row: seven times faster than COPY, which
    sends a message for each. (A place that may be NULL needs a COALESCE, or its row is lost.)
    """
    query = (
        "SELECT coalesce(string_agg(uuid_send(id) || point_send(place::point), ''), '')"
        f" FROM nearest_benchmark.{table}"
    )
    with connection.cursor(binary=True) as cursor:
        cursor.execute(query)
        (raw,) = cursor.fetchone() or (b"",)
    rows = np.frombuffer(raw, _PLACE_ROW)
    return rows["id"], np.column_stack([rows["lon"], rows["lat"]]).astype(np.float64)


def write(connection: Connection[Any], member: Record, branch: Record, metres: Record) -> None:
    """Write one run's results and commit."""
    rows = np.zeros(len(member), _RESULT_ROW)
    rows["count"] = 4
    for name, column in (("member", member), ("branch", branch), ("metres", metres), ("status", 0)):
        rows[name] = column
        rows[f"{name}_size"] = _RESULT_ROW[name].itemsize
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE found (member uuid, branch uuid, metres double precision,"
            " status smallint) ON COMMIT DROP"
        )
        with cursor.copy("COPY found FROM STDIN (FORMAT binary)") as copy:
            copy.write(_HEADER)
            copy.write(rows.tobytes())
            copy.write(_TRAILER)
        cursor.execute(SQL("INSERT INTO nearest_benchmark.result ") + _of_new_run())
    connection.commit()


def _of_new_run() -> Composed:
    return _RUN.format(Literal(uuid.uuid4()))


def whole_job(connection: Connection[Any]) -> None:
    """Read, match exactly, write."""
    member, people = read(connection, "member")
    branch, places = read(connection, "branch")
    found = nearest(people, places)
    write(connection, member, branch[found.branch], found.metres)


def bare_job(connection: Connection[Any]) -> None:
    """Read and write as much, and match nothing: everybody goes to any branch."""
    member, people = read(connection, "member")
    branch, _ = read(connection, "branch")
    write(connection, member, branch[np.arange(len(member)) % len(branch)], people[:, 0])


def sql_job(connection: Connection[Any]) -> None:
    """What SQL alone does: the nearest on a sphere for each member, by the index of geography."""
    connection.execute(
        SQL(
            "INSERT INTO nearest_benchmark.result SELECT {}, member.id, near.id, near.metres, 0"
            " FROM nearest_benchmark.member CROSS JOIN LATERAL (SELECT branch.id,"
            " ST_Distance(branch.ground, member.place::geography) AS metres"
            " FROM nearest_benchmark.branch ORDER BY branch.ground <-> member.place::geography"
            " LIMIT 1) near"
        ).format(Literal(uuid.uuid4()))
    )
    connection.commit()


def empty_results(connection: Connection[Any]) -> None:
    """So that no run pays for the ones before."""
    connection.execute("TRUNCATE nearest_benchmark.result")
    connection.commit()
