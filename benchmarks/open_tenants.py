# needs: database
"""Opening a county's tenants from one spreadsheet: `./run bench open_tenants`.

A county of one office opens 20 townships and 480 communities, each with ground of its own of a
hundred vertices, its rule pack and its administrator's link. Timed are the dry run and the job
that opens them in one transaction, beside a bare `SELECT 1` transaction per tenant, so that the
ratio says more than the machine.

Measured on two shared cores with much other work on them, hence the slow bare transaction
(Python 3.11, PostgreSQL 15, fsync off):

    dry run       3.36 s     6.73 ms each    1.0 x
    opening      29.08 s    58.17 ms each    8.6 x
    SELECT 1      3.37 s     6.74 ms each    1.0 x

The first version asked twenty questions for each tenant and took 20 to 64 x: what is the same for
all is now asked once, and ground that touches or lies apart is not measured.
"""

from __future__ import annotations

import csv
import io
from os import environ
from time import perf_counter

import shapely
from sqlalchemy import text

from service.app import create_app
from service.settings import read
from tenants.administration.openings import accept_opening, opening_card, start_opening
from tenants.database import db, engine
from tests.factories.counties import County, a_county
from tests.factories.jobs import work_off

TOWNSHIPS, COMMUNITIES = 20, 480
HEADER = ("级别", "名称", "乡镇", "边界", "管理员", "管理员邮箱")
VERTICES = 100


def spreadsheet(county: County) -> bytes:
    """Townships as strips, communities as squares in them, borders shared."""
    sheet = io.StringIO()
    write = csv.writer(sheet)
    write.writerow(HEADER)
    each = COMMUNITIES // TOWNSHIPS
    for strip in range(TOWNSHIPS):
        ground = shapely.box(112, 28 + strip / 100, 112 + each / 100, 28.01 + strip / 100)
        write.writerow(("乡镇", f"第{strip}镇", "", ground.wkt, "", ""))
        for place in range(each):
            west, south = 112 + place / 100, 28 + strip / 100
            square = shapely.box(west, south, west + 0.01, south + 0.01)
            ground = shapely.segmentize(square, 0.04 / VERTICES)
            email = f"a{strip}-{place}-{county.number}@example.invalid"
            name = f"第{strip}-{place}社区"
            write.writerow(("社区", name, f"第{strip}镇", ground.wkt, "虚构主任", email))
    return sheet.getvalue().encode()


def bare(county: County, times: int) -> float:
    """Seconds of that many transactions that ask for nothing."""
    started = perf_counter()
    with county.acting():
        for _ in range(times):
            with engine().begin() as connection:
                connection.execute(text("SELECT 1"))
    return perf_counter() - started


def main() -> None:
    app = create_app(read(environ, "web"))
    county = a_county(app, "量度县")
    total = TOWNSHIPS + COMMUNITIES
    with county.acting() as scope:
        opening_id = start_opening(
            scope, "单位.csv", spreadsheet(county), "cgcs2000", "national-2024"
        )
    started = perf_counter()
    assert work_off(county) == ["done"]
    checked = perf_counter() - started
    with county.acting() as scope:
        assert opening_card(scope, opening_id).faults == []
        accept_opening(scope, opening_id)
    started = perf_counter()
    assert work_off(county) == ["done"]
    opened = perf_counter() - started
    with county.acting():
        found = db.session.execute(text("SELECT count(*) FROM tenant")).scalar_one()
    assert found == total + 2, found
    nothing = bare(county, total)
    print(f"{total} tenants, {VERTICES} vertices each")
    for what, seconds in (("dry run", checked), ("opening", opened), ("SELECT 1", nothing)):
        ratio = seconds / nothing
        print(f"{what:10} {seconds:7.2f} s  {seconds / total * 1000:7.2f} ms each  {ratio:5.1f} x")


if __name__ == "__main__":
    main()
