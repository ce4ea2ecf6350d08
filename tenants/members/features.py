"""Members' homes on the map: points for who calls there, counts by squares for others."""

from collections.abc import Iterable
from math import ceil, floor
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, or_, select

from geo.shapes import Box
from tenants.database import db
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.organisations.lookups import boundary_shape
from tenants.scope import Scope

MOST_POINTS = 1500
COARSEST_ZOOM = 15
"""Who sees counts only sees them by squares of this zoom at the finest: 0.0027 degrees, 300 m."""


def point_features(
    scope: Scope,
    question: Select[*tuple[Any, ...]],
    box: Box,
    zoom: int,
    *,
    counts_only: bool = False,
) -> tuple[list[dict[str, Any]], int]:
    """(GeoJSON features, how many people) of a selection of members' homes in a box.

    `question` selects (id, home). Up to 1,500 as they are; more as clusters counted in SQL. No
    name is in them, ever. `counts_only`: always counted, by squares of no less than some 300 m
    and shown in the middle of what the square has of the community, so that no home can be read
    off and no number floats beside the border.
    """
    if counts_only:
        zoom = min(zoom, COARSEST_ZOOM)
        box = _whole_squares(box, zoom)
    inside = question.where(Member.home.op("&&")(func.ST_MakeEnvelope(*box, 4326))).subquery()
    if counts_only:
        return _counts(scope, inside.c.home, zoom)
    # Whose cells a home lies in costs more than anything else here: nobody is looked at twice.
    some = db.session.execute(
        select(inside.c.id, func.ST_X(inside.c.home), func.ST_Y(inside.c.home)).limit(
            MOST_POINTS + 1
        )
    ).all()
    if len(some) <= MOST_POINTS:
        return [_point(lon, lat, {"id": str(id_)}) for id_, lon, lat in some], len(some)
    corner = func.ST_SnapToGrid(inside.c.home, _side(zoom))
    rows = db.session.execute(
        select(
            func.count(),
            func.avg(func.ST_X(inside.c.home)),
            func.avg(func.ST_Y(inside.c.home)),
        ).group_by(corner)
    )
    return _clusters(rows)


def member_features(scope: Scope, box: Box, zoom: int) -> tuple[list[dict[str, Any]], int]:
    """Homes of the members the scope may see; see `point_features`.

    Who came and has no branch yet stands on the map as an arrival, and once is enough.
    """
    settled = or_(Member.affiliation != "incoming", Member.branch_id.is_not(None))
    question = select(Member.id, Member.home).where(seen_by(scope), settled)
    # Domain section 5, "home points on grid maps": points for who calls there, counts for others.
    return point_features(scope, question, box, zoom, counts_only=not scope.sees_only_own_cells)


def _side(zoom: int) -> float:
    """Degrees: a quarter of a tile."""
    return 360.0 / 2**zoom / 4


def _whole_squares(box: Box, zoom: int) -> Box:
    """The squares that a box touches: a smaller window must not cut a count in two."""
    side = _side(zoom)
    west, south, east, north = (each / side for each in box)
    return Box(floor(west) * side, floor(south) * side, ceil(east) * side, ceil(north) * side)


def _counts(scope: Scope, home: Any, zoom: int) -> tuple[list[dict[str, Any]], int]:
    """People counted by squares, each count placed in its square; and how many in all.

    Four squares make one of the zoom before: two zooms laid over each other cut none smaller.
    """
    side, ground = _side(zoom), boundary_shape(scope)
    middle = func.ST_SnapToGrid(home, side / 2, side / 2, side, side)
    rows = db.session.execute(
        select(func.count(), func.ST_X(middle), func.ST_Y(middle))
        .where(home.is_not(None))
        .group_by(middle)
    )
    return _clusters((count, *_shown_at(lon, lat, side / 2, ground)) for count, lon, lat in rows)


def _shown_at(
    lon: float, lat: float, half: float, ground: BaseGeometry | None
) -> tuple[float, float]:
    """Where a square's count stands: it depends on the square and the border, on nobody's home."""
    square = shapely.box(lon - half, lat - half, lon + half, lat + half)
    ours = square if ground is None else square & ground
    if ours.is_empty:
        return lon, lat
    point = ours.centroid if ours.contains(ours.centroid) else ours.representative_point()
    return point.x, point.y


def _clusters(rows: Iterable[Any]) -> tuple[list[dict[str, Any]], int]:
    """Features of (count, longitude, latitude), and their sum."""
    found = [(count, lon, lat) for count, lon, lat in rows]
    features = [_point(lon, lat, {"cluster": True, "count": count}) for count, lon, lat in found]
    return features, sum(count for count, _lon, _lat in found)


def _point(lon: float, lat: float, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]},
        "properties": properties,
    }
