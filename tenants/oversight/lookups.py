"""Counts upward: what an office above knows of each tenant below. Never a name.

Read from the snapshots, so that a county of two thousand communities answers as fast as a small
one. Each count has its definition beside it; pages show it under the figure (domain STA-1, STA-2).
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from geo.shapes import Box
from tenants.area import TOWNSHIP, own_range
from tenants.database import overseeing
from tenants.errors import NotAllowed
from tenants.oversight.suppression import FEWEST
from tenants.oversight.tables import (
    FIGURES,
    OLDEST,
    PEOPLE,
    UNPRINTED,
    Line,
    Table,
    added,
    laid_out,
)
from tenants.scope import Scope

MOST_OPEN = 60
"""Communities of a county that are laid out without being asked for."""
_MOVES = ("departed", "returned", "arrived")
_STANDS = ("outflow", "inflow", "present", "served")
_SUMS = (*FIGURES, *UNPRINTED, "present_unsaid", *_MOVES, "cells")


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A figure as one tenant reported it; `value` is text, '' where the report left a blank."""

    tenant_name: str
    level: str
    area: int
    key: str
    value: str
    reading: str
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class Month:
    """One month of an area. `later`: some of it was worked out after the month was over.

    None: too few people to be shown to an office, or they would follow from it.
    """

    last_day: date
    later: bool
    departed: int | None
    returned: int | None
    arrived: int | None
    outflow: int | None
    inflow: int | None
    present: int | None
    served: int | None


_LAST = """
    FROM tenant t LEFT JOIN LATERAL (
        SELECT * FROM count_snapshot s WHERE s.tenant_id = t.id AND s.day <= :day
        ORDER BY s.day DESC LIMIT 1
    ) c ON true
    WHERE (t.closed_at IS NULL OR t.closed_at::date > :day)
"""
_TENANTS = text(f"""
    SELECT t.slug, t.name, t.level, t.area, c.counted_at,
           {", ".join(f"c.{name}" for name in (*_SUMS, *OLDEST))}
    {_LAST} AND t.area BETWEEN :low AND :high ORDER BY t.area
""")
_TOWNSHIPS = text(f"""
    SELECT min(t.area) / {TOWNSHIP} * {TOWNSHIP} AS area, min(c.counted_at) AS counted_at,
           (array_agg(t.name ORDER BY t.area))[1] AS name,
           (array_agg(t.level ORDER BY t.area))[1] AS level,
           (array_agg(t.slug ORDER BY t.area))[1] AS slug,
           count(*) FILTER (WHERE t.level = 'community') AS communities,
           {", ".join(f"sum(c.{name})::int AS {name}" for name in _SUMS)},
           {", ".join(f"max(c.{name}) AS {name}" for name in OLDEST)}
    {_LAST} GROUP BY t.area / {TOWNSHIP} ORDER BY 1
""")


_MONTHS = text(f"""
    WITH latest AS (
        SELECT DISTINCT ON (tenant_id, date_trunc('month', day)) *
        FROM count_snapshot
        WHERE area BETWEEN app_area_lo() AND app_area_hi() AND day <= :day
          AND day >= date_trunc('month', CAST(:day AS date)) - make_interval(months => :months - 1)
        ORDER BY tenant_id, date_trunc('month', day), day DESC
    )
    SELECT max(max(day)) OVER months AS last_day,
           bool_or(bool_or(counted_at::date > day + 1)) OVER months AS later,
           area / {TOWNSHIP} * {TOWNSHIP} AS area,
           {", ".join(f"sum({name})::int AS {name}" for name in _SUMS)}
    FROM latest GROUP BY date_trunc('month', day), area / {TOWNSHIP}
    WINDOW months AS (PARTITION BY date_trunc('month', day)) ORDER BY 1, 3
""")


def table_below(scope: Scope, day: date, township: int | None = None) -> tuple[Table, int]:
    """The office's table as of a day, and how many communities there are.

    `township`: the area of the one to lay out; otherwise all, where they are few. Figures of a
    day are those of the last count up to it; a tenant that was never counted has none.
    """
    _upper_only(scope)
    with overseeing() as connection:
        rows = connection.execute(_TOWNSHIPS, {"day": day}).mappings().all()
        communities = sum(row["communities"] for row in rows)
        low, high = own_range(scope.area, scope.level)
        if township is not None:
            low, high = own_range(township, "township")
        elif communities > MOST_OPEN:
            low, high = 0, -1
        tenants = _tenants(connection, day, low, high)
    return laid_out([_line(row) for row in rows], tenants, _whole(scope)), communities


def tenants_below(scope: Scope, day: date) -> list[Line]:
    """Every open tenant at or below the scope's with what may be shown of it, by area."""
    _upper_only(scope)
    with overseeing() as connection:
        sums = _sums(connection, day)
        tenants = _tenants(connection, day, *own_range(scope.area, scope.level))
    groups = laid_out(sums, tenants, _whole(scope)).groups
    return [line for group in groups for line in group.tenants]


def own_line(scope: Scope, day: date) -> Line:
    """The tenant's own figures as of a day; an office's with all below it, small ones hidden.

    What an office reads here is the last line of its table, and hides what that line hides.
    """
    with overseeing() as connection:
        sums = _sums(connection, day)
    if scope.level == "community":
        return added(sums, _whole(scope))
    return laid_out(sums, (), _whole(scope)).total


def trend_below(scope: Scope, day: date, months: int = 12) -> list[Month]:
    """The scope's own months up to `day`, oldest first: the last count in each, added up.

    A month in which nothing was counted is left out: there is nothing to say of it. To an office
    no more is shown of a month than the table of its last day shows.
    """
    with overseeing() as connection:
        rows = connection.execute(_MONTHS, {"day": day, "months": months}).mappings().all()
    by_month = groupby(rows, key=lambda row: (row["last_day"], row["later"]))
    return [_month(scope, *month, list(parts)) for month, parts in by_month]


def reported_below(scope: Scope) -> list[ReportedFigure]:
    """Figures that tenants at or below the scope's reported, by area and key."""
    with overseeing() as connection:
        rows = connection.execute(
            text("""
                SELECT t.name, t.level, t.area, f.key, f.value, f.reading, f.reported_on
                FROM reported_figure f JOIN tenant t USING (area)
                ORDER BY t.area, f.reported_on NULLS FIRST, f.key, f.id
            """)
        )
        return [ReportedFigure(*row) for row in rows]


def boundaries_below(scope: Scope, box: Box) -> list[tuple[str, str, str]]:
    """Boundaries of the tenants below that meet a box: slug, name, GeoJSON geometry."""
    _upper_only(scope)
    with overseeing() as connection:
        rows = connection.execute(
            text("""
                SELECT t.slug, t.name, ST_AsGeoJSON(b.shape, 6)
                FROM boundary b JOIN tenant t ON t.id = b.tenant_id
                WHERE b.valid_to IS NULL AND t.level = 'community'
                  AND b.shape && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
                ORDER BY t.area
            """),
            dict(zip(("west", "south", "east", "north"), box, strict=True)),
        )
        return [tuple(row) for row in rows]


def bounds_below(scope: Scope) -> tuple[Any, ...] | None:
    """West, south, east, north of everything below, or None when nothing is drawn."""
    _upper_only(scope)
    with overseeing() as connection:
        row = connection.execute(
            text("""
                SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)
                FROM (SELECT ST_Extent(shape) AS e FROM boundary WHERE valid_to IS NULL) x
            """)
        ).one()
    return None if row[0] is None else tuple(row)


def _sums(connection: Connection, day: date) -> list[Line]:
    """One line a township that the transaction may oversee, the county's own office as one."""
    return [_line(row) for row in connection.execute(_TOWNSHIPS, {"day": day}).mappings()]


def _tenants(connection: Connection, day: date, low: int, high: int) -> list[Line]:
    """One line a tenant from area `low` to `high`."""
    values = {"day": day, "low": low, "high": high}
    return [_line(row) for row in connection.execute(_TENANTS, values).mappings()]


def _month(scope: Scope, last_day: date, later: bool, rows: list[RowMapping]) -> Month:
    lines = [
        Line("", "township", row["area"], "", {name: row[name] for name in _SUMS}) for row in rows
    ]
    whole = added(lines, _whole(scope))
    hidden: set[str] = set()
    if scope.level != "community":
        hidden |= laid_out([whole], (), whole).total.hidden
        # The table of that day may have chosen others to protect a small one: here all go.
        hidden |= set(_STANDS) if hidden & set(PEOPLE) else set()
        hidden |= {name for name in _MOVES if 0 < (whole[name] or 0) < FEWEST}
    shown = {name: None if name in hidden else whole[name] for name in (*_MOVES, *_STANDS)}
    return Month(last_day, later, **shown)


def _whole(scope: Scope) -> Line:
    """The scope's own name on the sum of all below it."""
    return Line(scope.name, scope.level, scope.area, scope.slug, {})


def _line(row: RowMapping) -> Line:
    figures = {name: row[name] for name in (*_SUMS, *OLDEST)}
    return Line(row["name"], row["level"], row["area"], row["slug"], figures, row["counted_at"])


def _upper_only(scope: Scope) -> None:
    if scope.level == "community":
        raise NotAllowed
