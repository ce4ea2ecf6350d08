"""Branches and stations: one's own, and the county's directory of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, radians
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from geo.shapes import Box
from tenants.database import db
from tenants.errors import NotFound
from tenants.places.records import Branch, Station
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class BranchPlace:
    """A branch with its place (WGS-84 degrees). `capacity` None: no limit was set.

    `area` is the number of the tenant that keeps it.
    """

    id: UUID
    name: str
    kind: str
    lon: float
    lat: float
    classes: tuple[str, ...]
    capacity: int | None
    taken: int
    opens_on: date
    closes_on: date | None
    area: int = 0

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    def open_on(self, day: date) -> bool:
        return self.opens_on <= day and (self.closes_on is None or day <= self.closes_on)


@dataclass(frozen=True, slots=True)
class StationPlace:
    """A service station with its place (WGS-84 degrees), hours and published number."""

    id: UUID
    name: str
    kind: str
    lon: float
    lat: float
    hours: str
    phone: str
    opens_on: date
    closes_on: date | None
    area: int = 0

    def open_on(self, day: date) -> bool:
        return self.opens_on <= day and (self.closes_on is None or day <= self.closes_on)


def branches(scope: Scope) -> list[BranchPlace]:
    """Every branch of the tenant, by name."""
    return _branches(Branch.tenant_id == scope.tenant_id)


def branch(scope: Scope, branch_id: UUID) -> BranchPlace:
    """One branch of the tenant. Raises NotFound."""
    found = _branches(and_(Branch.tenant_id == scope.tenant_id, Branch.id == branch_id))
    if not found:
        raise NotFound
    return found[0]


def branch_names(scope: Scope) -> dict[UUID, str]:
    """Name of every branch of the tenant."""
    rows = db.session.execute(
        select(Branch.id, Branch.name)
        .where(Branch.tenant_id == scope.tenant_id)
        .order_by(Branch.name)
    )
    return {id_: name for id_, name in rows}


def branch_classes(scope: Scope) -> list[str]:
    """The kinds of people whom some branch of the tenant is for, each once."""
    return sorted({class_ for branch in branches(scope) for class_ in branch.classes})


def stations(scope: Scope) -> list[StationPlace]:
    """Every station of the tenant, by name."""
    return _stations(Station.tenant_id == scope.tenant_id)


def station(scope: Scope, station_id: UUID) -> StationPlace:
    """One station of the tenant. Raises NotFound."""
    found = _stations(and_(Station.tenant_id == scope.tenant_id, Station.id == station_id))
    if not found:
        raise NotFound
    return found[0]


def county_branch(scope: Scope, branch_id: UUID) -> BranchPlace:
    """One branch of the county's directory. Raises NotFound."""
    low, high = scope.stamps["app.county_lo"], scope.stamps["app.county_hi"]
    found = _branches(
        and_(Branch.area.between(low, high), Branch.id == branch_id), whole_county=True
    )
    if not found:
        raise NotFound
    return found[0]


def county_station(scope: Scope, station_id: UUID) -> StationPlace:
    """One station of the county's directory. Raises NotFound."""
    low, high = scope.stamps["app.county_lo"], scope.stamps["app.county_hi"]
    found = _stations(
        and_(Station.area.between(low, high), Station.id == station_id), whole_county=True
    )
    if not found:
        raise NotFound
    return found[0]


def directory(scope: Scope) -> tuple[list[BranchPlace], list[StationPlace]]:
    """Branches and stations of the whole county by area and name: places and seats, no people."""
    low, high = scope.stamps["app.county_lo"], scope.stamps["app.county_hi"]
    return (
        _branches(Branch.area.between(low, high), whole_county=True),
        _stations(Station.area.between(low, high), whole_county=True),
    )


def branches_around(
    scope: Scope, points: Sequence[tuple[float, float]], metres: float
) -> list[BranchPlace]:
    """Branches of the county's directory in the box round all `points`, widened by `metres`."""
    lons, lats = zip(*points, strict=True)
    north = metres / 110_000
    east = north / cos(radians(min(89.0, max(abs(lat) for lat in lats))))
    low, high = scope.stamps["app.county_lo"], scope.stamps["app.county_hi"]
    box = (min(lons) - east, min(lats) - north, max(lons) + east, max(lats) + north)
    return _branches(
        and_(
            Branch.area.between(low, high),
            Branch.place.op("&&")(func.ST_MakeEnvelope(*box, 4326)),
        ),
        whole_county=True,
    )


def place_features(scope: Scope, kind: str, box: Box) -> list[tuple[UUID, str, str, str]]:
    """Open 'branches' or 'stations' in a box: id, name, kind, GeoJSON point.

    A county or township sees those of its whole county, a community its own.
    """
    record: Any = Branch if kind == "branches" else Station
    question = select(
        record.id, record.name, record.kind, func.ST_AsGeoJSON(record.place, 7)
    ).where(
        record.place.op("&&")(func.ST_MakeEnvelope(*box, 4326)),
        or_(record.closes_on.is_(None), record.closes_on >= func.current_date()),
    )
    if scope.level == "community":
        question = question.where(record.tenant_id == scope.tenant_id)
    else:
        low, high = scope.stamps["app.area_lo"], scope.stamps["app.area_hi"]
        question = question.where(record.area.between(low, high))
    rows = db.session.execute(
        question.order_by(record.id).limit(5000),
        execution_options={"county_directory": scope.level != "community"},
    )
    return [tuple(row) for row in rows]


def _branches(condition: ColumnElement[bool], *, whole_county: bool = False) -> list[BranchPlace]:
    rows = db.session.execute(
        select(
            Branch.id,
            Branch.name,
            Branch.kind,
            func.ST_X(Branch.place),
            func.ST_Y(Branch.place),
            Branch.classes,
            Branch.capacity,
            Branch.taken,
            Branch.opens_on,
            Branch.closes_on,
            Branch.area,
        )
        .where(condition)
        .order_by(Branch.area, Branch.name, Branch.id),
        execution_options={"county_directory": whole_county},
    )
    return [
        BranchPlace(id_, name, kind, lon, lat, tuple(classes), *rest)
        for id_, name, kind, lon, lat, classes, *rest in rows
    ]


def _stations(condition: ColumnElement[bool], *, whole_county: bool = False) -> list[StationPlace]:
    rows = db.session.execute(
        select(
            Station.id,
            Station.name,
            Station.kind,
            func.ST_X(Station.place),
            func.ST_Y(Station.place),
            Station.hours,
            Station.phone,
            Station.opens_on,
            Station.closes_on,
            Station.area,
        )
        .where(condition)
        .order_by(Station.area, Station.name, Station.id),
        execution_options={"county_directory": whole_county},
    )
    return [StationPlace(*row) for row in rows]
