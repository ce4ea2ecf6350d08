# needs: database
"""Judging one edited cell among 10,000, and a redraw of 10,000 people: `./run bench grid`.

A made-up community of 100 x 100 cells of 50 m in one draft. An edit moves the border between two
cells by a metre or two: what a person waits for is the save with its versions and the judgement of
its neighbourhood. Beside it the same judged as a whole. Then 10,000 people in 100 cells: who would
change (the job's reckoning and its write), and a balanced drawing with its bound.

The issue allows 200 ms for one edited cell and 10 s for the redraw. Measured on two shared cores
with others at work on them (Python 3.11, PostgreSQL 15, fsync off):

    a draft of 10,000 cells begun             3.9 s
    one edit, saved and judged         median  94 ms   p95 147 ms   most 160 ms
      the same draft judged as a whole        6.8 s
    10,000 people in 100 cells, limits 60 to 160:
      balanced                                4.3 s   4,348 change; no redraw moves fewer than 1,184
      who changes, reckoned and kept          2.4 s   4,348 lines
      approved and put in force               3.4 s

People crowd in one corner here, so that many have to pass from cell to cell; the bound counts each
of them once at most and is far from tight.
"""

from __future__ import annotations

from datetime import date
from os import environ
from statistics import median, quantiles
from time import perf_counter

import numpy as np
from geoalchemy2.shape import from_shape
from shapely import box
from shapely.geometry import Polygon
from sqlalchemy import insert, update

from geo.grid_balance import balance
from service.app import create_app
from service.settings import read
from tenants.database import db, new_id
from tenants.grid.drafts.actions import edit_cells, start_draft
from tenants.grid.drafts.changes import CellEdit
from tenants.grid.drafts.lookups import draft, draft_cells, judged, judged_around
from tenants.grid.records import GridCell
from tenants.members.actions import MemberDraft, Place, enter_members
from tenants.organisations.actions import draw_boundary
from tenants.redraws.actions import approve, keep_reckoned, propose
from tenants.redraws.lookups import places_of_people, reckon
from tests.factories.counties import Community, a_community, a_county

LON, LAT = 112.5, 28.2
EDITS = 40
PEOPLE = 10_000
TODAY = date(2026, 1, 1)


def main() -> None:
    app = create_app(read(environ, "web"))
    county = a_county(app)
    one_edit(gridded(a_community(county), 100, 0.0005))
    redraw(gridded(a_community(county), 10, 0.002))


def gridded(community: Community, side: int, step: float) -> Community:
    """The community's ground replaced by side x side square cells of `step` degrees."""
    with community.acting() as scope:
        db.session.execute(
            update(GridCell).where(GridCell.valid_to.is_(None)).values(valid_to=date.today())
        )
        draw_boundary(scope, square(0, 0, side, side, step), TODAY)
        db.session.execute(
            insert(GridCell),
            [
                {
                    "id": new_id(),
                    "code": f"{row}-{column}",
                    "name": f"{row}-{column}",
                    "shape": from_shape(square(column, row, column + 1, row + 1, step), srid=4326),
                    "valid_from": TODAY,
                }
                for row in range(side)
                for column in range(side)
            ],
        )
    return community


def square(west: float, south: float, east: float, north: float, step: float) -> Polygon:
    return box(
        *(round(v, 7) for v in (LON + west * step, LAT + south * step)),
        *(round(v, 7) for v in (LON + east * step, LAT + north * step)),
    )


def one_edit(community: Community) -> None:
    started = perf_counter()
    with community.acting() as scope:
        draft_id = start_draft(scope, "基准", date.today())
    print(f"a draft of 10,000 cells begun in {perf_counter() - started:.2f} s")
    with community.acting() as scope:
        cells = {cell.code: cell for cell in draft_cells(scope, draft_id)}
    versions = {cell.id: 1 for cell in cells.values()}
    rng, step, times = np.random.default_rng(1), 0.0005, []
    for _ in range(EDITS):
        row, column = rng.integers(1, 98, 2).tolist()
        moved = float(rng.uniform(-0.03, 0.03))
        sides = ((column, column + 1 + moved), (column + 1 + moved, column + 2))
        edits = []
        for at, (west, east) in enumerate(sides):
            cell = cells[f"{row}-{column + at}"]
            shape = square(west, row, east, row + 1, step)
            edits.append(CellEdit(cell.id, versions[cell.id], cell.code, cell.name, shape))
        began = perf_counter()
        with community.acting() as scope:
            edited = edit_cells(scope, draft_id, edits)
            assert judged_around(scope, draft_id, edited.shapes) is not None
        times.append(perf_counter() - began)
        versions |= edited.versions
    told("one edit, saved and judged", times)
    began = perf_counter()
    with community.acting() as scope:
        judged(scope, draft_id)
    print(f"  the same draft judged as a whole   {perf_counter() - began:6.2f} s")


def redraw(community: Community) -> None:
    rng = np.random.default_rng(2)
    homes = 0.02 * np.abs(rng.normal(0.4, 0.25, (PEOPLE // 4, 2))).clip(0.001, 0.999)
    homes = np.repeat(homes, 4, axis=0) + (LON, LAT)
    with community.acting() as scope:
        enter_members(
            scope,
            [
                MemberDraft(name=f"虚构{number}", affiliation="affiliated", home=Place(*place))
                for number, place in enumerate(homes.tolist())
            ],
        )
        draft_id = start_draft(scope, "基准", date.today())
        cells = draft_cells(scope, draft_id)
    began = perf_counter()
    with community.acting() as scope:
        lon, lat = places_of_people(scope)
    found = balance({c.id: c.shape for c in cells}, lon, lat, fewest=60, most=160)
    print(f"\nbalanced in {perf_counter() - began:.2f} s: {found.changes} people change,")
    print(f"  no redraw within 60 to 160 moves fewer than {found.least}; within: {found.within}")
    with community.acting() as scope:
        edit_cells(
            scope,
            draft_id,
            [
                CellEdit(c.id, c.version, c.code, c.name, found.shapes[c.id])
                for c in cells
                if c.id in found.shapes
            ],
        )
        propose(scope, draft_id)
    began = perf_counter()
    with community.acting() as scope:
        reckoned = reckon(scope, draft_id)
        keep_reckoned(scope, draft_id, reckoned)
    print(f"who changes of 10,000 people, reckoned and kept: {perf_counter() - began:.2f} s")
    print(f"  {len(reckoned.lines)} lines")
    began = perf_counter()
    with community.acting() as scope:
        approve(scope, draft_id, draft(scope, draft_id).version)
    print(f"approved and put in force: {perf_counter() - began:.2f} s")


def told(words: str, seconds: list[float]) -> None:
    high = quantiles(seconds, n=20)[-1]
    print(
        f"{words:34} median {median(seconds) * 1000:5.0f} ms   p95 {high * 1000:5.0f} ms"
        f"   most {max(seconds) * 1000:5.0f} ms"
    )


if __name__ == "__main__":
    main()
