"""Fictitious counties, opened through the real actions and never cleaned up.

Every county gets a number nobody else has; row-level security keeps tests apart, as it keeps
tenants apart. Points are WGS-84, longitude first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from secrets import randbelow
from uuid import UUID

from flask import Flask
from shapely import Polygon, box

from tenants.area import area_number
from tenants.database import db
from tenants.grid.actions import draw_cell
from tenants.organisations.actions import draw_boundary, open_county, open_tenant
from tenants.places.actions import open_branch, open_station
from tenants.scope import Scope, entered

CENTRE = (112.5, 28.2)
"""Middle of a community unless a test says otherwise."""
HALF_EAST, HALF_NORTH = 0.00509, 0.00451
"""Half a kilometre at that latitude, in degrees."""
SINCE = date(2026, 1, 1)
"""From when on cells, branches and stations are there."""
CAPACITIES = (10, 5, 1)
"""Seats of the three branches, which stand in the middle of cells 1, 2 and 3."""


@dataclass(frozen=True)
class Office:
    """One tenant in a test, with the application that serves it."""

    app: Flask
    scope: Scope

    @property
    def slug(self) -> str:
        return self.scope.slug

    @property
    def tenant_id(self) -> int:
        return self.scope.tenant_id

    @property
    def pages(self) -> str:
        """Where the tenant's pages begin."""
        return f"/t/{self.slug}"

    @property
    def api(self) -> str:
        """Where the tenant's API begins."""
        return f"/api/v1/tenants/{self.slug}"

    @contextmanager
    def acting(self, scope: Scope | None = None) -> Iterator[Scope]:
        """Act in the tenant (as `scope`, else as the operator); committed when it ends well."""
        with self.app.app_context(), entered(scope or self.scope) as entry:
            yield entry
            db.session.commit()


@dataclass(frozen=True)
class County(Office):
    """A county with one township; communities are opened when a test asks for them."""

    number: int
    township: Office
    further: Iterator[int] = field(default_factory=lambda: count(1), compare=False)


@dataclass(frozen=True)
class Community(Office):
    """A square kilometre: four cells (1 2 / 3 4 from the north-west), three branches, a station."""

    county: County
    centre: tuple[float, float]
    boundary: Polygon
    cells: tuple[UUID, ...]
    branches: tuple[UUID, ...]
    station: UUID

    def inside(self, cell: int, east: float = 0.0, north: float = 0.0) -> tuple[float, float]:
        """The middle of cell 1 to 4, or a point beside it: both offsets are in metres."""
        right, down = (cell - 1) % 2, (cell - 1) // 2
        lon = self.centre[0] + (right - 0.5) * HALF_EAST + east / 1000 * 2 * HALF_EAST
        lat = self.centre[1] + (0.5 - down) * HALF_NORTH + north / 1000 * 2 * HALF_NORTH
        return round(lon, 7), round(lat, 7)


def a_county(app: Flask, name: str = "虚构县") -> County:
    """A county that nobody has opened before, with one township."""
    number = 10**6 + randbelow(10**12)
    with app.app_context():
        scope = open_county(number, f"county-{number}", name)
        with entered(scope):
            township = open_tenant(
                scope, "township", area_number(number, 1), f"town-{number}", "虚构镇"
            )
            db.session.commit()
    return County(app, scope, number, Office(app, township))


def a_community(
    county: County,
    *,
    name: str = "虚构社区",
    centre: tuple[float, float] = CENTRE,
    capacities: tuple[int | None, int | None, int | None] = CAPACITIES,
    match_basis: str = "nearer",
    reach_metres: int = 3000,
) -> Community:
    """A community of the county's township. Two at the same centre lie on the same ground."""
    part = next(county.further)
    with county.acting() as above:
        scope = open_tenant(
            above,
            "community",
            area_number(county.number, 1, part),
            f"community-{county.number}-{part}",
            name,
            match_basis=match_basis,
            reach_metres=reach_metres,
        )
    whole = _square(centre)
    plain = Community(county.app, scope, county, centre, whole, (), (), UUID(int=0))
    with plain.acting():
        draw_boundary(scope, whole, SINCE)
        cells = tuple(
            draw_cell(scope, f"G{cell}", f"第{cell}网格", _quarter(plain, cell), SINCE)
            for cell in (1, 2, 3, 4)
        )
        branches = tuple(
            open_branch(
                scope,
                f"第{cell}支部",
                "general",
                *plain.inside(cell),
                capacity=capacity,
                opens_on=SINCE,
            )
            for cell, capacity in zip((1, 2, 3), capacities, strict=True)
        )
        station = open_station(
            scope,
            "虚构服务站",
            "service_station",
            *centre,
            hours="周一至周五 9:00-17:00",
            phone="000-0000000",
            opens_on=SINCE,
        )
    return Community(county.app, scope, county, centre, whole, cells, branches, station)


def beside(community: Community) -> tuple[float, float]:
    """The centre of the square that touches this one in the east."""
    return community.centre[0] + 2 * HALF_EAST, community.centre[1]


def _square(centre: tuple[float, float]) -> Polygon:
    lon, lat = centre
    return box(lon - HALF_EAST, lat - HALF_NORTH, lon + HALF_EAST, lat + HALF_NORTH)


def _quarter(community: Community, cell: int) -> Polygon:
    west, south, east, north = community.boundary.bounds
    lon, lat = community.centre
    right, down = (cell - 1) % 2, (cell - 1) // 2
    return box(
        lon if right else west,
        south if down else lat,
        east if right else lon,
        lat if down else north,
    )
