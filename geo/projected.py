"""CGCS2000 in metres: Gauss-Kruger grids of three and six degrees, read into WGS-84.

A system is named by its central meridian, `gk-75` to `gk-135`: a six-degree zone and the
three-degree zone on the same meridian are the same projection. Surveyors write X for north and Y
for east, and often put the zone's number before the east: 38 512 345 m is 512 345 m in zone 38.

Formulas: GB/T 17278 (transverse Mercator, scale 1, false east 500 km); the ellipsoid of CGCS2000
and GRS 80 have the same half axis and the same flattening to ten digits.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Proj

from geo.coordinates import Pair, UnknownSystem, to_wgs84

MERIDIANS: Final = tuple(range(75, 136, 3))
PROJECTED: Final = tuple(f"gk-{meridian}" for meridian in MERIDIANS)
METRES: Final = "metres"
"""Metres of a zone that nobody has named yet: it can be asked about, never converted."""

_ZONE: Final = 1_000_000.0
_FALSE_EAST: Final = 500_000.0
# Four degrees either side of the meridian: half a wide zone and what the next one overlaps.
_FARTHEST_EAST: Final = 450_000.0
_NORTH: Final = (200_000.0, 6_100_000.0)


def degrees_of(first: ArrayLike, second: ArrayLike, system: str, *, swapped: bool = False) -> Pair:
    """Two columns as written -> (lon, lat) in WGS-84, NaN where a pair is no place in `system`.

    `first` is the longitude (or east) and `second` the latitude (or north) unless `swapped`.
    Raises UnknownSystem, also for METRES.
    """
    east, north = (second, first) if swapped else (first, second)
    if system in PROJECTED:
        return _unprojected(east, north, system)
    return to_wgs84(east, north, system)


def metres_of(lon: ArrayLike, lat: ArrayLike, system: str, *, zone_degrees: int = 0) -> Pair:
    """(east, north) metres of WGS-84 points; `zone_degrees` 3 or 6 puts that zone's number first."""
    east, north = _projection(meridian_of(system))(
        np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    )
    number = zones_of(system)[zone_degrees] if zone_degrees else 0
    return np.asarray(east) + (number or 0) * _ZONE, np.asarray(north)


def meridian_of(system: str) -> int:
    """The central meridian in degrees east. Raises UnknownSystem."""
    if system not in PROJECTED:
        raise UnknownSystem(system)
    return int(system.removeprefix("gk-"))


def zones_of(system: str) -> dict[int, int | None]:
    """{3: the three-degree zone's number, 6: the six-degree zone's or None} on that meridian."""
    meridian = meridian_of(system)
    wide, rest = divmod(meridian + 3, 6)
    return {3: meridian // 3, 6: None if rest else wide}


def look_projected(first: ArrayLike, second: ArrayLike) -> NDArray[np.bool_]:
    """True where both numbers are too large for degrees."""
    first, second = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    found: NDArray[np.bool_] = (np.abs(first) > 1000.0) & (np.abs(second) > 1000.0)
    return found


def _unprojected(east: ArrayLike, north: ArrayLike, system: str) -> Pair:
    east, north = np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        number = np.floor(east / _ZONE)
        ours = (number == 0) | np.isin(number, [n for n in zones_of(system).values() if n])
        within = east - number * _ZONE
        fits = ours & (np.abs(within - _FALSE_EAST) <= _FARTHEST_EAST)
        fits &= (north >= _NORTH[0]) & (north <= _NORTH[1])
    lon, lat = np.full(east.shape, np.nan), np.full(east.shape, np.nan)
    if fits.any():
        found = _projection(meridian_of(system))(within[fits], north[fits], inverse=True)
        lon[fits], lat[fits] = found
    return lon, lat


@lru_cache(maxsize=len(MERIDIANS))
def _projection(meridian: int) -> Proj:
    return Proj(proj="tmerc", lat_0=0, lon_0=meridian, k=1, x_0=_FALSE_EAST, y_0=0, ellps="GRS80")
