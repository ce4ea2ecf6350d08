# needs: database
"""A roster of 50,000 rows, checked and taken in, over the bare COPY: `./run bench roster_import`.

Each job runs in a process of its own, as a worker's does; its memory is the largest resident set of
that process. The bare COPY puts the very rows that came in (sealed phones and addresses, points and
all) into a table without an index. Then the same people come again with another employer: everybody
is recognised, changed, and the import taken back. Arguments: rows, and runs of which the median is
told.

The goals are 15 x the bare COPY and 500 MiB. Measured on two cores with nothing else to do
(Python 3.11, PostgreSQL 15, fsync off), 50,000 rows, medians of three runs:

    csv: check       2.8 s   460 MiB    8.9 x a bare COPY of 0.30 s
    csv: accept      3.9 s   404 MiB   12.9 x
    xlsx: check      4.2 s   450 MiB   10.9 x a bare COPY of 0.39 s; the opener 144 MiB
    xlsx: accept     4.2 s   408 MiB   10.1 x
    everybody changed: check 7.1 s, 468 MiB; accept 8.6 s, 466 MiB; undo 4.6 s, 392 MiB

In a slower hour of the same machine, everything a quarter longer: check 8.1 and 14.1 x, accept 10.1
and 14.3 x. The bare COPY itself takes from 0.27 to 0.57 s from one minute to the next. Accepting took 7.2 s while
it read the file a second time and `member` had two indexes more. What is left are 1.5 s in which
PostgreSQL enters members, 0.4 s for their arrivals and episodes, and 2.7 s of Python beside it:
unpacking what the check read, holding it against the register, sealing, and writing COPY's lines.
A worker holds 250 MiB before its first row.
"""

from __future__ import annotations

import json
import subprocess
import sys
from os import environ
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from shapely.geometry import box
from sqlalchemy import make_url, text

from service.app import create_app
from service.settings import read
from tenants.database import db
from tenants.members import roster_apart
from tenants.members.imports import accept_import, start_import, undo_import
from tests.factories.counties import Community, a_community, a_county
from tests.factories.rosters import BOUNDARY, COMMUNITY_NAME, csv_bytes, people, table, xlsx_bytes
from workers.envelope import perform
from workers.jobs import JOBS

ROWS, RUNS = 50_000, 3
JOB = "job"
GOAL_RATIO, GOAL_MEBIBYTES = 15.0, 500.0
_KINDS = ("在册", "在册", "在册", "在册", "在册", "在册", "在册", "流入", "流入", "流出")


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1] == JOB:
        _one_job(int(sys.argv[2]), UUID(sys.argv[3]))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
    app = create_app(read(environ, "web"))
    print(f"{rows} rows, each with a sealed phone and address and a point; {runs} runs")
    cast = _cast(rows)
    mebibytes, ratios = [], []
    for name, content in (("csv", csv_bytes(table(cast))), ("xlsx", xlsx_bytes(table(cast)))):
        found = [_taken_in(app, name, content) for _ in range(runs)]
        for step in ("check", "accept"):
            ratio = median(each[step] for each in found)
            print(f"  {name}: {step} {ratio:.1f} x the bare COPY, the median of {runs} runs")
            ratios.append(ratio)
        mebibytes += [each["mebibytes"] for each in found]
    opener = _opener_mebibytes(content)
    print(f"{'xlsx: the process that opens it':42} {'':10}  {opener:6.0f} MiB")
    mebibytes.append(opener)
    mebibytes += _changed(app, cast)
    _verdict("time over the bare COPY", max(ratios), GOAL_RATIO, "x")
    _verdict("memory", max(mebibytes), GOAL_MEBIBYTES, "MiB")


def _taken_in(app: Any, name: str, content: bytes) -> dict[str, float]:
    """One roster of new people: how many times the bare COPY the check and the accept took."""
    community = _community(app)
    with community.acting() as scope:
        import_id = start_import(scope, f"roster.{name}", content, "wgs84")
    checked = _told(f"{name}: check", community, "check_roster")
    with community.acting() as scope:
        accept_import(scope, import_id)
    accepted = _told(f"{name}: accept", community, "accept_roster")
    bare = median(_bare_copy(community) for _ in range(3))
    print(f"{'bare COPY of the rows that came in':42} {bare:7.2f} s")
    return {
        "check": checked["seconds"] / bare,
        "accept": accepted["seconds"] / bare,
        "mebibytes": max(checked["mebibytes"], accepted["mebibytes"]),
    }


def _changed(app: Any, cast: list[dict[str, Any]]) -> list[float]:
    """The same people again with another employer; answers the memory of each job."""
    community = _community(app)
    with community.acting() as scope:
        first = start_import(scope, "first.csv", csv_bytes(table(cast)), "wgs84")
    _told("once more: check", community, "check_roster")
    with community.acting() as scope:
        accept_import(scope, first)
    _told("once more: accept", community, "accept_roster")
    for row in cast:
        row["工作单位"] = "改了名的工厂"
    with community.acting() as scope:
        import_id = start_import(scope, "again.csv", csv_bytes(table(cast)), "wgs84")
    checked = _told("everybody changed: check", community, "check_roster")
    with community.acting() as scope:
        accept_import(scope, import_id, changed="update")
    accepted = _told("everybody changed: accept", community, "accept_roster")
    with community.acting() as scope:
        undo_import(scope, import_id)
    undone = _told("everybody changed: undo", community, "undo_roster")
    return [each["mebibytes"] for each in (checked, accepted, undone)]


def _cast(rows: int) -> list[dict[str, Any]]:
    """Invented people; a few turn up twice and a few cannot be."""
    cast = people(rows)
    for number, row in enumerate(cast):
        row["流动类型"] = _KINDS[number % len(_KINDS)]
        if number % 500 == 7:
            row["出生日期"] = "1990-02-30"
        if number % 500 == 9:
            row.update({key: cast[number - 1][key] for key in ("姓名", "手机")})
    return cast


def _community(app: Any) -> Community:
    middle = BOUNDARY.centroid
    west, south, east, north = BOUNDARY.bounds
    assert box(west, south, east, north).equals(BOUNDARY)
    return a_community(
        a_county(app), name=COMMUNITY_NAME, centre=(round(middle.x, 7), round(middle.y, 7))
    )


def _told(what: str, community: Community, kind: str) -> dict[str, float]:
    with community.acting():
        job_id = db.session.execute(
            text("SELECT id FROM job_request WHERE kind = :kind AND state = 'queued'"),
            {"kind": kind},
        ).scalar_one()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.roster_import"),
            *(JOB, str(community.tenant_id), str(job_id)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    with community.acting():
        counts = db.session.execute(
            text(
                "SELECT rows, accepted, rejected, duplicates FROM roster_import"
                " ORDER BY id DESC LIMIT 1"
            )
        ).one()
    assert counts[0] == sum(counts[1:]), counts
    print(f"{what:42} {found['seconds']:7.2f} s  {found['mebibytes']:6.0f} MiB  {tuple(counts)}")
    return found


def _one_job(tenant_id: int, job_id: UUID) -> None:
    from service.app import bare_app

    app = bare_app(read(environ, "web"))
    with app.app_context():
        began = perf_counter()
        outcome = perform(JOBS, tenant_id, job_id)
        seconds = perf_counter() - began
    if outcome != "done":
        raise SystemExit(f"the job ended {outcome}")
    print(json.dumps({"seconds": seconds, "mebibytes": _most_mebibytes()}))


def _most_mebibytes() -> float:
    """The largest resident set of this process. `ru_maxrss` would begin at that of its parent."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return float(line.split()[1]) / 1024
    raise SystemExit("this needs /proc")


def _opener_mebibytes(content: bytes) -> float:
    """The same of the process that opens workbooks, as a small process sees its child."""
    small = (
        "import resource, subprocess, sys;"
        "subprocess.run([sys.executable, '-I', sys.argv[1], '100000000'],"
        " stdin=sys.stdin, stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", small, roster_apart.__file__]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return float(done.stdout)


def _bare_copy(community: Community) -> float:
    url = make_url(environ["WANGGE_SUPERUSER_URL"])
    where = f"SELECT * FROM member WHERE tenant_id = {community.tenant_id}"
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database
    ) as connection:
        cursor = connection.cursor()
        with cursor.copy(f"COPY ({where}) TO STDOUT") as out:
            lines = b"".join(bytes(piece) for piece in out)
        cursor.execute("CREATE TEMPORARY TABLE bare (LIKE member)")
        began = perf_counter()
        with cursor.copy("COPY bare FROM STDIN") as into:
            into.write(lines)
        connection.commit()
        return perf_counter() - began


def _verdict(what: str, found: float, goal: float, unit: str) -> None:
    verdict = "holds" if found <= goal else "FALLS SHORT"
    print(f"goal: {what} at most {goal:g} {unit}, measured {found:.1f} {unit}: {verdict}")


if __name__ == "__main__":
    main()
