"""Which coordinate system fits a roster's points? Asked before an import, answered aloud.

A wrong system moves points by some hundred metres, which nobody sees in a table of numbers. The
boundary of the community sees it: under the right reading its people lie inside. This file only
counts and names; it converts nothing for good and a person decides (design, section 6).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo.coordinates import UnknownSystem
from geo.projected import METRES, PROJECTED, degrees_of, look_projected, meridian_of

# One name for each system that differs: CGCS2000 degrees read the same as WGS-84.
_DISTINCT: Final = ("wgs84", "gcj02", "bd09")
_SAME_AS: Final = {
    "wgs84": "wgs84",
    "cgcs2000": "wgs84",
    "gcj02": "gcj02",
    "bd09": "bd09",
    METRES: METRES,
    **{system: system for system in PROJECTED},
}
# A zone reaches so far from its meridian, its neighbour's half included.
_DEGREES_OF_A_ZONE: Final = 4.0
# China in degrees, generously: no longitude here can be taken for a latitude.
_LON_RANGE, _LAT_RANGE = (72.0, 136.0), (3.0, 55.0)

# When another reading is "markedly better": it brings in at least so many points, at least this
# share of all, and several times what it throws out. The last condition keeps a community whose
# neighbours stand on the list (they would come in) from being read in a system that is wrong
# for its own people (who would fall out).
_LEAST_GAIN = 3
_LEAST_SHARE = 0.05
_GAIN_PER_LOSS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the numbers and how many points it puts inside the boundary.

    `gained` and `lost` count points against the declared reading: inside only here, only there.
    Metres that are not swapped have the east first.
    """

    system: str
    swapped: bool
    inside: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class CoordinateCheck:
    """What the numbers look like; `points` counts those judged (finite, not 0/0).

    `declared` may be a system in metres, and `declared_swapped` says that its columns are exchanged.
    """

    declared: str
    declared_swapped: bool
    points: int
    projected: int
    swapped: int
    readings: tuple[Reading, ...]
    better: tuple[Reading, ...]

    @property
    def inside(self) -> int:
        """Points inside the boundary as declared."""
        return next((r.inside for r in self.readings if self._is_declared(r)), 0)

    @property
    def looks_projected(self) -> bool:
        """Most numbers are too large for degrees: metres of a projected system."""
        return self.points > 0 and 2 * self.projected > self.points

    @property
    def looks_swapped(self) -> bool:
        """Most pairs only make sense with longitude and latitude exchanged."""
        if self.looks_projected:
            return False
        return (self.points > 0 and 2 * self.swapped > self.points) or any(
            reading.swapped != self.declared_swapped for reading in self.better[:1]
        )

    @property
    def better_system(self) -> str | None:
        """The system that fits markedly better with the columns as they are, or None.

        When several fit equally well (`better` lists them all) this is the first; whoever words
        the question to the person names all of them.
        """
        if not self.better or self.better[0].swapped != self.declared_swapped:
            return None
        return self.better[0].system

    def _is_declared(self, reading: Reading) -> bool:
        return (reading.system, reading.swapped) == (
            _SAME_AS[self.declared],
            self.declared_swapped,
        )


def check_coordinates(
    lon: ArrayLike,
    lat: ArrayLike,
    boundary: BaseGeometry | None,
    declared: str,
    *,
    swapped: bool = False,
) -> CoordinateCheck:
    """Raw numbers as the file has them, longitude column first, against a WGS-84 boundary.

    `swapped`: a person has said that the columns are exchanged. Without a boundary only what the
    numbers themselves show is judged (swapped, metres). Raises UnknownSystem when `declared` is
    neither one of geo.coordinates.SYSTEMS nor one in metres.
    """
    if declared not in _SAME_AS:
        raise UnknownSystem(declared)
    lon, lat = _judged(lon, lat)
    projected = int(np.count_nonzero(look_projected(lon, lat)))
    readings: tuple[Reading, ...] = ()
    if boundary is not None and not boundary.is_empty:
        systems = _zones_near(boundary) if 2 * projected > len(lon) else _DISTINCT
        readings = _readings(lon, lat, boundary, systems, (_SAME_AS[declared], swapped))
    by_range = swapped_by_range(lat, lon) if swapped else swapped_by_range(lon, lat)
    return CoordinateCheck(
        declared=declared,
        declared_swapped=swapped,
        points=len(lon),
        projected=projected,
        swapped=int(np.count_nonzero(by_range)),
        readings=readings,
        better=_markedly_better(readings, len(lon)),
    )


def swapped_by_range(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """True where the pair lies in China only when longitude and latitude are exchanged."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    return _in(lat, _LON_RANGE) & _in(lon, _LAT_RANGE)


def _in(degrees: NDArray[np.float64], limits: tuple[float, float]) -> NDArray[np.bool_]:
    return (degrees >= limits[0]) & (degrees <= limits[1])


def _judged(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lon = np.asarray(lon, dtype=np.float64).ravel()
    lat = np.asarray(lat, dtype=np.float64).ravel()
    known = np.isfinite(lon) & np.isfinite(lat) & ~((lon == 0.0) & (lat == 0.0))
    return lon[known], lat[known]


def _zones_near(boundary: BaseGeometry) -> tuple[str, ...]:
    west, _, east, _ = boundary.bounds
    return tuple(
        system
        for system in PROJECTED
        if west - _DEGREES_OF_A_ZONE <= meridian_of(system) <= east + _DEGREES_OF_A_ZONE
    )


def _readings(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    boundary: BaseGeometry,
    systems: tuple[str, ...],
    declared: tuple[str, bool],
) -> tuple[Reading, ...]:
    shapely.prepare(boundary)
    as_declared = _inside(lon, lat, boundary, *declared)
    found = []
    for swapped in (False, True):
        for system in systems:
            inside = _inside(lon, lat, boundary, system, swapped)
            found.append(
                Reading(
                    system=system,
                    swapped=swapped,
                    inside=int(inside.sum()),
                    gained=int((inside & ~as_declared).sum()),
                    lost=int((as_declared & ~inside).sum()),
                )
            )
    return tuple(found)


def _inside(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    boundary: BaseGeometry,
    system: str,
    swapped: bool,
) -> NDArray[np.bool_]:
    if system == METRES:
        return np.zeros(len(lon), dtype=np.bool_)
    degrees = degrees_of(lon, lat, system, swapped=swapped)
    found: NDArray[np.bool_] = shapely.intersects_xy(boundary, *degrees)
    return found


def _markedly_better(readings: tuple[Reading, ...], points: int) -> tuple[Reading, ...]:
    fitting = [
        reading
        for reading in readings
        if reading.gained - reading.lost >= max(_LEAST_GAIN, _LEAST_SHARE * points)
        and reading.gained >= _GAIN_PER_LOSS * reading.lost
    ]
    most = max((reading.inside for reading in fitting), default=0)
    return tuple(reading for reading in fitting if reading.inside == most)
