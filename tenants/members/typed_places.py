"""A place as a person types it: two numbers and the system they are in, judged field by field.

Pure. The same faults as in a roster (`roster_places`), for one place and while the person waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.coordinate_check import swapped_by_range
from geo.coordinates import SYSTEMS, to_wgs84
from tenants.members.roster_places import metres_outside
from tenants.members.roster_texts import read_degrees


@dataclass(frozen=True, slots=True)
class TypedFault:
    """What is wrong in one field: `part` is lon, lat or system.

    `code`: unreadable, incomplete, swapped, zero, projected, off_earth, system_missing, outside.
    Of an outside place `metres` says how far, `fits` under which reading it would be inside: a
    system, 'swapped', or ''.
    """

    part: str
    code: str
    value: str = ""
    metres: float = 0.0
    fits: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """Raw degrees as typed; both NaN when the person typed none."""

    lon: float
    lat: float
    system: str

    @property
    def is_blank(self) -> bool:
        return isnan(self.lon)

    @property
    def wgs84(self) -> tuple[float, float]:
        """Longitude and latitude as they are kept."""
        lon, lat = to_wgs84(self.lon, self.lat, self.system)
        return float(lon), float(lat)


def read_typed(lon_text: str, lat_text: str, system: str) -> Typed | TypedFault:
    """What two fields hold, or the first thing that is wrong with them."""
    numbers = {"lon": read_degrees(lon_text.strip()), "lat": read_degrees(lat_text.strip())}
    texts = {"lon": lon_text.strip(), "lat": lat_text.strip()}
    for part, number in numbers.items():
        if number is None:
            return TypedFault(part, "unreadable", texts[part])
    lon, lat = numbers["lon"] or 0.0, numbers["lat"] or 0.0
    if isnan(lon) and isnan(lat):
        return Typed(lon, lat, system)
    if isnan(lon) or isnan(lat):
        return TypedFault("lon" if isnan(lon) else "lat", "incomplete")
    if lon == 0.0 and lat == 0.0:
        return TypedFault("lon", "zero")
    if abs(lon) > 1000.0 and abs(lat) > 1000.0:
        return TypedFault("lon", "projected")
    if bool(swapped_by_range(lon, lat)):
        return TypedFault("lon", "swapped")
    if abs(lon) > 180.0 or abs(lat) > 90.0:
        return TypedFault("lon" if abs(lon) > 180.0 else "lat", "off_earth")
    if system not in SYSTEMS:
        return TypedFault("system", "system_missing")
    return Typed(lon, lat, system)


def judge_ground(
    typed: Mapping[str, Typed], boundary: BaseGeometry | None
) -> tuple[str, TypedFault] | None:
    """Whether home or work lies in the tenant; else which of them to mark, and how.

    One place inside is enough (domain, section 2: works or lives here). Nothing is judged while
    no place is known or no boundary is drawn.
    """
    given = {name: place for name, place in typed.items() if not place.is_blank}
    if boundary is None or not given:
        return None
    beyond = {name: _metres(place, place.system, boundary) for name, place in given.items()}
    if min(beyond.values()) <= 0.0:
        return None
    name = min(beyond, key=lambda each: beyond[each])
    fits = _fitting(given[name], boundary)
    return name, TypedFault("lon", "outside", metres=beyond[name], fits=fits)


def _fitting(typed: Typed, boundary: BaseGeometry) -> str:
    if _metres(Typed(typed.lat, typed.lon, typed.system), typed.system, boundary) == 0.0:
        return "swapped"
    others = (system for system in ("gcj02", "bd09", "wgs84") if system != typed.system)
    return next((each for each in others if _metres(typed, each, boundary) == 0.0), "")


def _metres(typed: Typed, system: str, boundary: BaseGeometry) -> float:
    """Metres beyond the boundary, infinite for a pair that is no place at all."""
    lon, lat = to_wgs84([typed.lon], [typed.lat], system)
    return float(np.nan_to_num(metres_outside(lon, lat, boundary), nan=np.inf)[0])
