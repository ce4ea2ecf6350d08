"""The coordinate systems people bring, turned into WGS-84 at the border and nowhere else.

Arrays are float64 degrees, longitude first. Three things differ between Chinese sources:

- `wgs84`     what a satellite receiver says; the only system inside Wangge.
- `cgcs2000`  the national survey's degrees; the same as WGS-84 at our precision (centimetres).
- `gcj02`     what every public map in China shows: WGS-84 moved by some hundred metres.
- `bd09`      Baidu: GCJ-02 moved once more.

GCJ-02 has no published inverse. The usual one-step inverse errs by up to 4.5 m; the fixed point
`w = g - shift(w)`, iterated, errs by less than a millimetre (asserted in the tests).
"""

from collections.abc import Callable
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

System: TypeAlias = Literal["wgs84", "gcj02", "bd09", "cgcs2000"]
Degrees: TypeAlias = NDArray[np.float64]
Pair: TypeAlias = tuple[Degrees, Degrees]

SYSTEMS: Final[tuple[str, ...]] = get_args(System)

_FIXED_POINT_STEPS = 3
# GCJ-02 is defined on the Krasovsky 1940 ellipsoid: half axis in metres, first eccentricity squared.
_HALF_AXIS_METRES = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU_LON, _BAIDU_LAT = 0.0065, 0.0060
_BAIDU_WAVE = np.pi * 3000.0 / 180.0


class UnknownSystem(ValueError):
    """The name of a coordinate system that this file does not know; `system` is what was given."""

    def __init__(self, system: object) -> None:
        super().__init__(f"unknown coordinate system {system!r}, expected one of {SYSTEMS}")
        self.system = system


@np.errstate(invalid="ignore", divide="ignore")  # a missing number is data here
def to_wgs84(lon: ArrayLike, lat: ArrayLike, system: str) -> Pair:
    """Degrees of `system` -> (lon, lat) in WGS-84, as new arrays of the same shape.

    A NaN stays a NaN. Outside the rectangle in which GCJ-02 is defined nothing is shifted.
    Raises UnknownSystem.
    """
    lon, lat = _as_degrees(lon, lat)
    return _pick(_BACKWARD, system)(lon, lat)


@np.errstate(invalid="ignore", divide="ignore")  # a missing number is data here
def from_wgs84(lon: ArrayLike, lat: ArrayLike, system: str) -> Pair:
    """(lon, lat) in WGS-84 -> degrees of `system`, as new arrays. Raises UnknownSystem."""
    lon, lat = _as_degrees(lon, lat)
    return _pick(_FORWARD, system)(lon, lat)


def in_shifted_area(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """True where GCJ-02 differs from WGS-84: the rectangle its definition names, borders in."""
    lon, lat = _as_degrees(lon, lat)
    return (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)


def _as_degrees(lon: ArrayLike, lat: ArrayLike) -> Pair:
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if lon.shape != lat.shape:
        raise ValueError(f"longitudes {lon.shape} and latitudes {lat.shape} differ in shape")
    return lon, lat


def _pick(
    table: dict[str, Callable[[Degrees, Degrees], Pair]], system: str
) -> Callable[[Degrees, Degrees], Pair]:
    try:
        return table[system]
    except (KeyError, TypeError):
        raise UnknownSystem(system) from None


def _unchanged(lon: Degrees, lat: Degrees) -> Pair:
    return lon.copy(), lat.copy()


def _gcj02_from_wgs84(lon: Degrees, lat: Degrees) -> Pair:
    east, north = _shift_metres(lon - 105.0, lat - 35.0)
    radians = np.radians(lat)
    bulge = 1.0 - _ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    metres_per_lat = np.radians(
        _HALF_AXIS_METRES * (1.0 - _ECCENTRICITY_SQUARED) / (bulge * np.sqrt(bulge))
    )
    metres_per_lon = np.radians(_HALF_AXIS_METRES * np.cos(radians) / np.sqrt(bulge))
    inside = in_shifted_area(lon, lat)
    return (
        np.where(inside, lon + east / metres_per_lon, lon),
        np.where(inside, lat + north / metres_per_lat, lat),
    )


def _shift_metres(x: Degrees, y: Degrees) -> Pair:
    """(east, north) metres by which GCJ-02 moves the point x, y degrees from 105 E 35 N."""
    shared = _waves(x, (20.0, 1.0 / 6.0), (20.0, 0.5))
    root, product = np.sqrt(np.abs(x)), x * y
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * product + 0.1 * root
    east += (shared + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))) / 1.5
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * product + 0.2 * root
    north += (shared + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))) / 1.5
    return east, north


def _waves(degrees: Degrees, *height_and_period: tuple[float, float]) -> Degrees:
    total = np.zeros_like(degrees)
    for height, period in height_and_period:
        total += height * np.sin(degrees * (np.pi / period))
    return total


def _bd09_from_gcj02(lon: Degrees, lat: Degrees) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_WAVE)
    return radius * np.cos(angle) + _BAIDU_LON, radius * np.sin(angle) + _BAIDU_LAT


def _bd09_from_wgs84(lon: Degrees, lat: Degrees) -> Pair:
    return _bd09_from_gcj02(*_gcj02_from_wgs84(lon, lat))


def _undone(forward: Callable[[Degrees, Degrees], Pair], lon: Degrees, lat: Degrees) -> Pair:
    """The point that `forward` sends to (lon, lat), by fixed-point steps."""
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(1 + _FIXED_POINT_STEPS):
        sent_lon, sent_lat = forward(guess_lon, guess_lat)
        guess_lon += lon - sent_lon
        guess_lat += lat - sent_lat
    return guess_lon, guess_lat


def _wgs84_from_gcj02(lon: Degrees, lat: Degrees) -> Pair:
    return _undone(_gcj02_from_wgs84, lon, lat)


def _wgs84_from_bd09(lon: Degrees, lat: Degrees) -> Pair:
    # One shift at a time: together they converge ten times more slowly.
    return _wgs84_from_gcj02(*_undone(_bd09_from_gcj02, lon, lat))


_FORWARD: Final[dict[str, Callable[[Degrees, Degrees], Pair]]] = {
    "wgs84": _unchanged,
    "cgcs2000": _unchanged,
    "gcj02": _gcj02_from_wgs84,
    "bd09": _bd09_from_wgs84,
}
_BACKWARD: Final[dict[str, Callable[[Degrees, Degrees], Pair]]] = {
    "wgs84": _unchanged,
    "cgcs2000": _unchanged,
    "gcj02": _wgs84_from_gcj02,
    "bd09": _wgs84_from_bd09,
}
