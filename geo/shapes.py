"""Shapes in and out: GeoJSON <-> shapely, flat, longitude first, seven decimals (one centimetre).

Reading refuses what is wrong and says where; it repairs nothing but form (an unclosed ring, a
third coordinate, ring direction), so that what a person drew is what is stored.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

DECIMALS: Final = 7
MOST_VERTICES: Final = 200_000
# How many lists lie around the positions of each type.
_NESTING: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
# Land and sea of China with a margin: a sanity check, not a border.
_CHINA: Final = (72.0, 3.0, 136.0, 55.0)


class BadShape(ValueError):
    """GeoJSON that cannot be taken.

    `code` is one of: not_geojson, unknown_type, not_numbers, out_of_range, empty, too_large,
    wrong_type, invalid. `place` is the Point of the fault where one is known. `reason` is the
    geometry library's own wording, for logs, not for pages.
    """

    def __init__(self, code: str, reason: str = "", place: Point | None = None) -> None:
        super().__init__(f"{code}: {reason}" if reason else code)
        self.code = code
        self.reason = reason
        self.place = place


class Box(NamedTuple):
    """Degrees of WGS-84, in the order of GeoJSON."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """Why a shape is not valid (the library's wording) and where, when it says so."""

    reason: str
    place: Point | None


def from_geojson(given: str | bytes | Mapping[str, Any]) -> BaseGeometry:
    """A geometry or a Feature -> a valid flat shape, rounded, outer rings counter-clockwise.

    Raises BadShape. Collections of several features are refused: one shape is meant.
    """
    geometry = _geometry_of(_loaded(given))
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in _NESTING:
        raise BadShape("unknown_type", str(kind)[:40])
    coordinates = _positions(
        geometry.get("coordinates"), _NESTING[kind], _Budget(MOST_VERTICES), "Polygon" in kind
    )
    try:
        found = shape({"type": kind, "coordinates": coordinates})
    except (ValueError, TypeError, IndexError, AttributeError, shapely.errors.ShapelyError) as why:
        raise BadShape("not_geojson", str(why)[:200]) from why
    if found.is_empty:
        raise BadShape("empty")
    found = tidied(shapely.force_2d(found))
    fault = fault_of(found)
    if fault is not None:
        raise BadShape("invalid", fault.reason, fault.place)
    return found


def polygons_from_geojson(given: str | bytes | Mapping[str, Any]) -> MultiPolygon:
    """As from_geojson, for boundaries and cells: always a MultiPolygon, else BadShape."""
    found = from_geojson(given)
    if isinstance(found, Polygon):
        return MultiPolygon([found])
    if isinstance(found, MultiPolygon):
        return found
    raise BadShape("wrong_type", found.geom_type)


def to_geojson(given: BaseGeometry) -> dict[str, Any]:
    """A shape -> GeoJSON geometry as plain lists: rounded, closed, RFC 7946 ring direction."""
    found: dict[str, Any] = json.loads(shapely.to_geojson(tidied(shapely.force_2d(given))))
    return found


def tidied(given: BaseGeometry) -> BaseGeometry:
    """Rounded to DECIMALS, outer rings counter-clockwise, holes clockwise. Vertices stay put."""
    return shapely.orient_polygons(rounded(given))


def rounded(given: BaseGeometry, decimals: int = DECIMALS) -> BaseGeometry:
    """Every coordinate rounded; neighbours that shared a vertex still share it."""
    return shapely.transform(given, lambda degrees: np.round(degrees, decimals))


def fault_of(given: BaseGeometry) -> ShapeFault | None:
    """Why and where the shape is invalid, or None. Says nothing about its position on earth."""
    if shapely.is_valid(given):
        return None
    # The library tells the place in its message alone: "Self-intersection[116.3 39.9]".
    words = str(shapely.is_valid_reason(given))
    told = re.fullmatch(r"(.*?)\[(\S+) (\S+)(?: \S+)*\]", words)
    if told is None:
        return ShapeFault(words, None)
    return ShapeFault(told[1].strip(), Point(float(told[2]), float(told[3])))


def within_china_bounds(given: BaseGeometry) -> bool:
    """True when the whole shape lies in the rectangle round China: a sanity check, no border."""
    west, south, east, north = given.bounds
    return bool(
        west >= _CHINA[0] and south >= _CHINA[1] and east <= _CHINA[2] and north <= _CHINA[3]
    )


class LocalPlane:
    """Metres east and north of an origin, for a community or a township.

    Equirectangular with the radii of WGS-84 at the origin: within 20 km lengths err by less
    than one in a thousand, which is what tolerances need. Distances that decide between
    branches are geodesic and live in geo.nearest.
    """

    def __init__(self, lon: float, lat: float) -> None:
        squared = math.sin(math.radians(lat)) ** 2
        bulge = 1.0 - 0.0066943799901413165 * squared
        self._origin = np.array([lon, lat])
        self._metres = np.array(
            [
                math.radians(6378137.0 / math.sqrt(bulge) * math.cos(math.radians(lat))),
                math.radians(6378137.0 * (1.0 - 0.0066943799901413165) / bulge**1.5),
            ]
        )

    @classmethod
    def around(cls, given: BaseGeometry) -> "LocalPlane":
        """The plane at the middle of a shape's bounding box."""
        west, south, east, north = given.bounds
        return cls((west + east) / 2.0, (south + north) / 2.0)

    def to_metres(self, given: BaseGeometry) -> BaseGeometry:
        """Degrees -> metres."""
        return shapely.transform(given, self.metres)

    def to_degrees(self, given: BaseGeometry) -> BaseGeometry:
        """Metres -> degrees."""
        return shapely.transform(given, lambda metres: metres / self._metres + self._origin)

    def metres(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) degrees -> (n, 2) metres."""
        found: NDArray[np.float64] = (degrees - self._origin) * self._metres
        return found


class _Budget:
    """Counts down vertices while untrusted input is read."""

    def __init__(self, left: int) -> None:
        self._left = left

    def spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise BadShape("too_large", f"more than {MOST_VERTICES} vertices")


def _loaded(given: str | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(given, str | bytes):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError) as why:
            raise BadShape("not_geojson", str(why)[:200]) from why
    if not isinstance(given, Mapping):
        raise BadShape("not_geojson", "an object is needed")
    return given


def _geometry_of(given: Mapping[str, Any]) -> Mapping[str, Any]:
    if given.get("type") == "FeatureCollection":
        features = given.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise BadShape("unknown_type", "a collection of exactly one feature is needed")
        given = _loaded(features[0])
    if given.get("type") == "Feature":
        return _loaded(given.get("geometry") or {})
    return given


def _positions(given: Any, nesting: int, budget: _Budget, rings: bool) -> Any:
    """Lists nested as the type demands, ending in places on earth; open rings are closed."""
    if nesting == 0:
        return _position(given, budget)
    if not isinstance(given, list | tuple):
        raise BadShape("not_numbers")
    found = [_positions(part, nesting - 1, budget, rings) for part in given]
    if rings and nesting == 1 and found and found[0] != found[-1]:
        found.append(found[0])
    return found


def _position(given: Any, budget: _Budget) -> tuple[float, float]:
    budget.spend()
    if not isinstance(given, list | tuple) or not 2 <= len(given) <= 4:
        raise BadShape("not_numbers")
    for number in given[:2]:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise BadShape("not_numbers")
    try:
        lon, lat = float(given[0]), float(given[1])
    except OverflowError:
        raise BadShape("out_of_range") from None
    if not _is_place(lon, lat):
        raise BadShape("out_of_range", f"{lon!r} {lat!r}")
    return lon, lat


def _is_place(lon: float, lat: float) -> bool:
    return -180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0
