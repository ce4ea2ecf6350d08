"""The places that `./run bench map` looks at: communities of 100 to 20,000 and 10,000 cells."""

from __future__ import annotations

from dataclasses import dataclass
from os import environ
from typing import Any

import numpy as np
import psycopg
import shapely
from flask import Flask
from geoalchemy2.shape import from_shape
from shapely import LineString, Polygon
from sqlalchemy import update

from tenants.database import db
from tenants.grid.records import GridCell
from tenants.members.actions import enter_members
from tenants.organisations.records import Boundary
from tests.factories.arrivals import an_arrival
from tests.factories.counties import SINCE, Community, County, a_community, a_county
from tests.factories.members import a_draft
from tests.factories.people import Cast, a_leader, a_person

CELLS_A_SIDE, PARTS_A_SIDE = 100, 5
WEST, SOUTH, SIDE = 111.0, 27.5, 0.005
BATCH = 2000


@dataclass(frozen=True)
class Peopled:
    """A community whose people all live in cell 1, and its leader."""

    community: Community
    leader: Cast
    places: list[tuple[float, float]]

    @property
    def corners(self) -> list[list[float]]:
        west, south, east, north = self.community.boundary.bounds
        middle = self.community.centre
        return [[middle[1], west], [north, middle[0]]]


def peopled(app: Flask, people: int) -> Peopled:
    dice = np.random.default_rng(people)
    community = a_community(a_county(app))
    places = [
        community.inside(1, east, north) for east, north in dice.uniform(-240, 240, (people, 2))
    ]
    for start in range(0, people, BATCH):
        with community.acting() as scope:
            enter_members(
                scope, [a_draft(community, home=place) for place in places[start : start + BATCH]]
            )
    for step in range(20):
        an_arrival(community, home=community.inside(1, east=10 * step))
    return Peopled(community, a_leader(community), places)


def counted() -> None:
    """What a database knows of its tables a minute after they were filled."""
    url = environ["WANGGE_OWNER_URL"].replace("+psycopg", "", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")


@dataclass(frozen=True)
class Wide:
    """A county of ten thousand cells in 25 communities, and who sits in its office."""

    county: County
    admin: Cast
    cells: list[Polygon]

    @property
    def corners(self) -> list[list[float]]:
        west, south, east, north = shapely.total_bounds(self.cells)
        return [[float(south), float(west)], [float(north), float(east)]]

    def collection(self) -> dict[str, Any]:
        return {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {},
                    "geometry": {
                        "type": "Polygon",
                        "coordinates": [
                            np.round(shapely.get_coordinates(cell.exterior), 7).tolist()
                        ],
                    },
                }
                for cell in self.cells
            ],
        }


def wide(app: Flask) -> Wide:
    county, cells = a_county(app), crooked_cells(CELLS_A_SIDE)
    middles = np.array([[cell.centroid.x, cell.centroid.y] for cell in cells])
    step = SIDE * CELLS_A_SIDE / PARTS_A_SIDE
    part = np.floor((middles - (WEST, SOUTH)) / step).astype(int).clip(0, PARTS_A_SIDE - 1)
    for right in range(PARTS_A_SIDE):
        for up in range(PARTS_A_SIDE):
            mine = [cells[i] for i in np.flatnonzero((part == (right, up)).all(axis=1))]
            centre = (WEST + (right + 0.5) * step, SOUTH + (up + 0.5) * step)
            _cells_of(a_community(county, name=f"社区{right}{up}", centre=centre), mine)
    return Wide(county, a_person(county, "county_admin"), cells)


def _cells_of(community: Community, cells: list[Polygon]) -> None:
    with community.acting():
        db.session.add_all(
            GridCell(
                code=f"N{number}",
                name=f"网格{number}",
                shape=from_shape(cell, srid=4326),
                valid_from=SINCE,
            )
            for number, cell in enumerate(cells)
        )
        whole = shapely.MultiPolygon(shapely.get_parts(shapely.union_all(cells)).tolist())
        db.session.execute(update(Boundary).values(shape=from_shape(whole, srid=4326)))


def crooked_cells(count: int) -> list[Polygon]:
    """count x count cells, each border a line of nine corners that two neighbours share."""
    dice = np.random.default_rng(5)

    def border(a: tuple[float, float], b: tuple[float, float]) -> LineString:
        along = np.linspace(0, 1, 9)[:, None] * (np.array(b) - a) + a
        along[1:-1] += dice.normal(0, SIDE / 25, (7, 2))
        return LineString(along)

    at = [[(WEST + SIDE * i, SOUTH + SIDE * j) for j in range(count + 1)] for i in range(count + 1)]
    lines = [border(at[i][j], at[i + 1][j]) for i in range(count) for j in range(count + 1)]
    lines += [border(at[i][j], at[i][j + 1]) for i in range(count + 1) for j in range(count)]
    return [part for part in shapely.get_parts(shapely.polygonize(lines)) if part.area > 0]
