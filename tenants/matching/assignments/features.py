"""A run on the map, as GeoJSON: ids and places only, never a name.

Lines, people and branches are read one after the other and put together here: right after a run
PostgreSQL has not counted its rows yet and would join them row by row with each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import floor
from typing import Any
from uuid import UUID

from sqlalchemy import select

from geo.shapes import Box
from tenants.database import db
from tenants.matching.assignments.needs import known_places
from tenants.matching.assignments.records import AssignmentLine
from tenants.places.lookups import branches
from tenants.scope import Scope

Point = tuple[float, float]
Features = tuple[list[dict[str, Any]], int]
MOST = 1500
"""More than these are counted together, by squares of the zoom."""


def way_features(scope: Scope, run_id: UUID, box: Box, zoom: int) -> Features:
    """Straight lines from people to the branches a run gives them, and how many people those are.

    Properties: the member's id and whether they stay; of many only `count`.
    """
    where = {branch.id: (branch.lon, branch.lat) for branch in branches(scope)}
    ways = [
        (id_, start, where[branch_id], outcome == "kept")
        for id_, branch_id, outcome, start in _spots(scope, run_id)
        if branch_id in where and _meets(box, start, where[branch_id])
    ]
    if len(ways) <= MOST:
        return [_line(a, b, {"id": str(id_), "own": own}) for id_, a, b, own in ways], len(ways)
    together: dict[tuple[Point, Point], list[Point]] = defaultdict(list)
    for _id, start, end, _own in ways:
        together[_square(start, zoom), end].append(start)
    return [
        _line(_middle(starts), end, {"count": len(starts)})
        for (_at, end), starts in sorted(together.items())
    ], len(ways)


def person_features(scope: Scope, run_id: UUID, box: Box, zoom: int, *, served: bool) -> Features:
    """Where the people of a run live or work: the served ones or the others."""
    spots = [
        (id_, spot)
        for id_, _branch_id, outcome, spot in _spots(scope, run_id)
        if (outcome != "unserved") == served and _meets(box, spot, spot)
    ]
    if len(spots) <= MOST:
        return [_point(spot, {"id": str(id_)}) for id_, spot in spots], len(spots)
    together: dict[Point, list[Point]] = defaultdict(list)
    for _id, spot in spots:
        together[_square(spot, zoom)].append(spot)
    return [
        _point(_middle(some), {"cluster": True, "count": len(some)})
        for _at, some in sorted(together.items())
    ], len(spots)


def _spots(scope: Scope, run_id: UUID) -> Iterator[tuple[UUID, UUID | None, str, Point]]:
    """(member, branch, outcome, the place that decided, or where nothing did the one known)."""
    lines = db.session.execute(
        select(
            AssignmentLine.id,
            AssignmentLine.branch_id,
            AssignmentLine.outcome,
            AssignmentLine.place,
        )
        .where(AssignmentLine.tenant_id == scope.tenant_id, AssignmentLine.run_id == run_id)
        .order_by(AssignmentLine.id)
    ).all()
    known = known_places(scope, [line[0] for line in lines])
    for id_, branch_id, outcome, place in lines:
        home, work = known.get(id_, (None, None))
        spot = (work or home) if place == "work" else (home or work)
        if spot is not None:
            yield id_, branch_id, outcome, spot


def _meets(box: Box, a: Point, b: Point) -> bool:
    """Whether the box round two points meets the box in sight."""
    west, south, east, north = box
    return (
        min(a[0], b[0]) <= east
        and max(a[0], b[0]) >= west
        and min(a[1], b[1]) <= north
        and max(a[1], b[1]) >= south
    )


def _square(spot: Point, zoom: int) -> Point:
    side = 360.0 / 2**zoom / 4
    return floor(spot[0] / side), floor(spot[1] / side)


def _middle(spots: Iterable[Point]) -> Point:
    lons, lats = zip(*spots, strict=True)
    return sum(lons) / len(lons), sum(lats) / len(lats)


def _line(start: Point, end: Point, properties: dict[str, Any]) -> dict[str, Any]:
    ends = [[round(lon, 7), round(lat, 7)] for lon, lat in (start, end)]
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": ends},
        "properties": properties,
    }


def _point(spot: Point, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(spot[0], 7), round(spot[1], 7)]},
        "properties": properties,
    }
