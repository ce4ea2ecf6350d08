"""A run on the map, as GeoJSON: ids and places only, never a name."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from tenants.database import db
from tenants.matching.assignments.records import AssignmentLine
from tenants.members.records import Member
from tenants.places.records import Branch
from tenants.scope import Scope

Box = tuple[float, float, float, float]
Features = tuple[list[dict[str, Any]], int]
MOST = 1500
"""More than these are counted together in SQL, by squares of the zoom."""

_FROM = case(
    (AssignmentLine.place == "work", Member.work),
    (AssignmentLine.place == "home", Member.home),
    else_=func.coalesce(Member.home, Member.work),
)
"""The place that decided; where nothing was decided, the one that is known."""


def way_features(scope: Scope, run_id: UUID, box: Box, zoom: int) -> Features:
    """Straight lines from people to the branches a run gives them, and how many people those are.

    Properties: the member's id and whether they stay; of many only `count`.
    """
    way = func.ST_MakeLine(_FROM, Branch.place)
    ways = (
        select(
            AssignmentLine.id.label("id"),
            (AssignmentLine.outcome == "kept").label("own"),
            _FROM.label("start"),
            Branch.place.label("place"),
        )
        .join(Member, _member())
        .join(
            Branch,
            and_(
                Branch.tenant_id == AssignmentLine.tenant_id, Branch.id == AssignmentLine.branch_id
            ),
        )
        .where(_of(scope, run_id), _FROM.is_not(None), _touches(way, box))
        .subquery()
    )
    total = db.session.execute(select(func.count()).select_from(ways)).scalar_one()
    ends = (func.ST_X(ways.c.place), func.ST_Y(ways.c.place))
    if total <= MOST:
        rows = db.session.execute(
            select(
                ways.c.id, ways.c.own, func.ST_X(ways.c.start), func.ST_Y(ways.c.start), *ends
            ).order_by(ways.c.id)
        )
        return [
            _line((x, y), (to_x, to_y), {"id": str(id_), "own": own})
            for id_, own, x, y, to_x, to_y in rows
        ], total
    together: Select[Any] = select(
        func.count(),
        func.avg(func.ST_X(ways.c.start)),
        func.avg(func.ST_Y(ways.c.start)),
        *ends,
    ).group_by(_square(ways.c.start, zoom), *ends)
    return [
        _line((x, y), (to_x, to_y), {"count": count})
        for count, x, y, to_x, to_y in db.session.execute(together)
    ], total


def person_features(scope: Scope, run_id: UUID, box: Box, zoom: int, *, served: bool) -> Features:
    """Where the people of a run live or work: the served ones or the others."""
    outcome = AssignmentLine.outcome
    spots = (
        select(AssignmentLine.id.label("id"), _FROM.label("spot"))
        .join(Member, _member())
        .where(
            _of(scope, run_id),
            outcome != "unserved" if served else outcome == "unserved",
            _touches(_FROM, box),
        )
        .subquery()
    )
    total = db.session.execute(select(func.count()).select_from(spots)).scalar_one()
    where = (func.ST_X(spots.c.spot), func.ST_Y(spots.c.spot))
    if total <= MOST:
        rows = db.session.execute(select(spots.c.id, *where).order_by(spots.c.id))
        return [_point(x, y, {"id": str(id_)}) for id_, x, y in rows], total
    question: Select[Any] = select(func.count(), func.avg(where[0]), func.avg(where[1])).group_by(
        _square(spots.c.spot, zoom)
    )
    return [
        _point(x, y, {"cluster": True, "count": count})
        for count, x, y in db.session.execute(question)
    ], total


def _of(scope: Scope, run_id: UUID) -> ColumnElement[bool]:
    return and_(AssignmentLine.tenant_id == scope.tenant_id, AssignmentLine.run_id == run_id)


def _member() -> ColumnElement[bool]:
    return and_(
        Member.tenant_id == AssignmentLine.tenant_id,
        Member.id == AssignmentLine.id,
        Member.left_on.is_(None),
    )


def _touches(shape: Any, box: Box) -> ColumnElement[bool]:
    return shape.op("&&", is_comparison=True)(func.ST_MakeEnvelope(*box, 4326))  # type: ignore[no-any-return]


def _square(spot: Any, zoom: int) -> Any:
    return func.ST_SnapToGrid(spot, 360.0 / 2**zoom / 4)


def _line(
    start: tuple[float, float], end: tuple[float, float], properties: dict[str, Any]
) -> dict[str, Any]:
    ends = [[round(lon, 7), round(lat, 7)] for lon, lat in (start, end)]
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": ends},
        "properties": properties,
    }


def _point(lon: float, lat: float, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]},
        "properties": properties,
    }
