"""Counts upward: what an office above knows of each tenant below. Never a name.

Each count has its definition beside it; pages show it under the figure (domain STA-1, STA-2).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from tenants.database import overseeing
from tenants.errors import NotAllowed
from tenants.scope import Scope

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TenantCounts:
    """One tenant below, counted today.

    affiliated: relation here, not left. outflow / inflow: people with an open episode that way.
    outside: affiliated people whose home is outside. waiting: cases without a decision.
    unserved: cases for which no branch was found; `oldest_unserved_days` their greatest age.
    """

    slug: str
    name: str
    level: str
    area: int
    affiliated: int
    outside: int
    outflow: int
    inflow: int
    waiting: int
    unserved: int
    oldest_unserved_days: int | None
    branches: int
    stations: int


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A figure as one tenant reported it; `value` is text, '' where the report left a blank."""

    tenant_name: str
    level: str
    area: int
    key: str
    value: str
    reading: str


_COUNTS = text("""
WITH m AS (
    SELECT area, count(*) FILTER (WHERE affiliation = 'affiliated') AS affiliated,
           count(*) FILTER (WHERE affiliation = 'affiliated' AND residence = 'outside') AS outside
    FROM member WHERE left_on IS NULL GROUP BY area
), e AS (
    SELECT area, count(DISTINCT member_id) FILTER (WHERE direction = 'outflow') AS outflow,
           count(DISTINCT member_id) FILTER (WHERE direction = 'inflow') AS inflow
    FROM episode WHERE ended_on IS NULL GROUP BY area
), a AS (
    SELECT area,
           count(*) FILTER (WHERE state IN ('signalled', 'verified', 'proposed', 'consented'))
               AS waiting,
           count(*) FILTER (WHERE state = 'unserved') AS unserved,
           max(extract(day FROM now() - state_since)) FILTER (WHERE state = 'unserved') AS oldest
    FROM arrival GROUP BY area
), b AS (SELECT area, count(*) AS branches FROM branch GROUP BY area
), s AS (SELECT area, count(*) AS stations FROM station GROUP BY area)
SELECT t.slug, t.name, t.level, t.area,
       coalesce(m.affiliated, 0), coalesce(m.outside, 0),
       coalesce(e.outflow, 0), coalesce(e.inflow, 0),
       coalesce(a.waiting, 0), coalesce(a.unserved, 0), a.oldest::int,
       coalesce(b.branches, 0), coalesce(s.stations, 0)
FROM tenant t
LEFT JOIN m USING (area) LEFT JOIN e USING (area) LEFT JOIN a USING (area)
LEFT JOIN b USING (area) LEFT JOIN s USING (area)
WHERE t.closed_at IS NULL
ORDER BY t.area
""")


def tenants_below(scope: Scope) -> list[TenantCounts]:
    """Every open tenant at or below the scope's, with its counts, by area."""
    _upper_only(scope)
    with overseeing() as connection:
        return [TenantCounts(*row) for row in connection.execute(_COUNTS)]


def reported_below(scope: Scope) -> list[ReportedFigure]:
    """Figures that tenants at or below the scope's reported, by area and key."""
    _upper_only(scope)
    with overseeing() as connection:
        rows = connection.execute(
            text("""
                SELECT t.name, t.level, t.area, f.key, f.value, f.reading
                FROM reported_figure f JOIN tenant t USING (area)
                ORDER BY t.area, f.key
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


def _upper_only(scope: Scope) -> None:
    if scope.level == "community":
        raise NotAllowed
