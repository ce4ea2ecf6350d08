"""The coordinates of a whole roster at once: read, judged against the community, kept with raw."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from geo.coordinate_check import CoordinateCheck, check_coordinates, swapped_by_range
from geo.projected import METRES, PROJECTED, degrees_of, look_projected
from geo.shapes import LocalPlane
from tenants.members.roster_people import Draft
from tenants.members.roster_rows import (
    KINDS_PRESENT,
    CommunityFacts,
    RosterPlace,
    UnusableRoster,
)
from tenants.members.roster_sentences import SYSTEM_NAMES, distance_words
from tenants.members.roster_texts import read_degrees, text_of

_GEOD: Final = Geod(ellps="WGS84")
# So many located people, every one outside: the wrong file or community, not so many mistakes.
_LEAST_ALL_OUTSIDE: Final = 3
_MOST_OPTIONS: Final = 4

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the numbers are to be taken.

    `confirmed`: a person held to the system after the detector warned; `swapped`: what they said
    of the order of the two columns, None while nobody has.
    """

    system: str
    swapped: bool | None = None
    confirmed: bool = False

    @property
    def is_swapped(self) -> bool:
        return bool(self.swapped)

    @property
    def in_metres(self) -> bool:
        return self.system in PROJECTED or self.system == METRES


@dataclass(frozen=True, slots=True)
class Places:
    """One kind of place (home or work) of every draft, in their order.

    `good` marks usable pairs; `lon`, `lat` are WGS-84 (NaN elsewhere); `outside` metres beyond
    the boundary, 0.0 within, NaN without a boundary.
    """

    columns: tuple[str, str]
    raw_lon: Numbers
    raw_lat: Numbers
    numeric: Flags
    good: Flags
    lon: Numbers
    lat: Numbers
    outside: Numbers

    def each(self, reading: Reading) -> Iterator[RosterPlace | None]:
        """The place of every row, None where there is none that can be used."""
        swapped = reading.is_swapped
        # Lists, not arrays: taking single numbers out of an array costs more than all the rest.
        numbers = (self.raw_lon, self.raw_lat, self.lon.round(8), self.lat.round(8), self.outside)
        columns = [column.tolist() for column in numbers]
        for good, raw_lon, raw_lat, lon, lat, outside in zip(
            self.good.tolist(), *columns, strict=True
        ):
            yield (
                RosterPlace(
                    raw_lon=raw_lon,
                    raw_lat=raw_lat,
                    system=reading.system,
                    lon=lon,
                    lat=lat,
                    metres_outside=None if isnan(outside) else outside,
                    swapped=swapped,
                )
                if good
                else None
            )


def read_places(
    drafts: list[Draft],
    columns: tuple[str, str],
    reading: Reading,
    boundary: BaseGeometry | None,
) -> Places:
    """Reads the two columns of every draft and notes each fault of form in its row."""
    cells = [(draft.cell(columns[0]), draft.cell(columns[1])) for draft in drafts]
    lon, no_lon = _numbers([pair[0] for pair in cells])
    lat, no_lat = _numbers([pair[1] for pair in cells])
    unreadable = no_lon | no_lat
    present = ~np.isnan(lon) & ~np.isnan(lat) & ~unreadable
    incomplete = (np.isnan(lon) != np.isnan(lat)) & ~unreadable
    zero = present & (lon == 0.0) & (lat == 0.0)
    swapped, off_earth = _impossible(lon, lat, present, reading)
    for code, flags in (
        ("coordinates_impossible", unreadable | off_earth),
        ("coordinates_incomplete", incomplete),
        ("zero_point", zero),
        ("coordinates_swapped", swapped),
    ):
        for at in np.flatnonzero(flags).tolist():
            value = ", ".join(text_of(cell).strip()[:30] for cell in cells[at])
            is_lat = bool(no_lat[at] and not no_lon[at]) or (incomplete[at] and np.isnan(lat[at]))
            drafts[at].fault(code, columns[1 if is_lat else 0], value=value)
    good = present & ~zero & ~swapped & ~off_earth
    known_lon, known_lat = np.where(good, lon, np.nan), np.where(good, lat, np.nan)
    degrees = _degrees(known_lon, known_lat, reading)
    outside = metres_outside(*degrees, boundary)
    return Places(columns, lon, lat, present, good, *degrees, outside)


def _impossible(
    lon: Numbers, lat: Numbers, present: Flags, reading: Reading
) -> tuple[Flags, Flags]:
    """(written the other way round, no place at all) of pairs read as the person said."""
    if reading.in_metres:
        no_place = present & np.isnan(_degrees(lon, lat, reading)[0])
        if reading.system == METRES:
            no_place = present & ~look_projected(lon, lat)
        return np.zeros(len(lon), dtype=np.bool_), no_place
    first, second = (lat, lon) if reading.swapped else (lon, lat)
    swapped = present & swapped_by_range(first, second)
    return swapped, present & ((np.abs(first) > 180.0) | (np.abs(second) > 90.0)) & ~swapped


def _degrees(lon: Numbers, lat: Numbers, reading: Reading) -> tuple[Numbers, Numbers]:
    if reading.system == METRES:
        return np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    return degrees_of(lon, lat, reading.system, swapped=reading.is_swapped)


def _numbers(cells: list[object]) -> tuple[Numbers, Flags]:
    """Cells -> degrees (NaN for blank and for unreadable) and which were unreadable."""
    read = [read_degrees(cell) if cell != "" else np.nan for cell in cells]
    unreadable = np.array([number is None for number in read], dtype=np.bool_)
    return np.array([np.nan if n is None else n for n in read], dtype=np.float64), unreadable


def metres_outside(lon: Numbers, lat: Numbers, boundary: BaseGeometry | None) -> Numbers:
    """Geodesic metres from each point to the boundary's nearest point, 0.0 inside, NaN unknown."""
    found = np.full(len(lon), np.nan)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if boundary is None or boundary.is_empty or not len(known):
        return found
    shapely.prepare(boundary)
    inside = shapely.intersects_xy(boundary, lon[known], lat[known])
    found[known[inside]] = 0.0
    beyond = known[~inside]
    if len(beyond):
        plane = LocalPlane.around(boundary)
        metric = shapely.points(plane.metres(np.column_stack((lon[beyond], lat[beyond]))))
        lines: Any = shapely.shortest_line(plane.to_metres(boundary), metric)
        lines = plane.to_degrees(lines)
        ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
        from_lon, from_lat = ends[:, 0, 0], ends[:, 0, 1]
        found[beyond] = _GEOD.inv(from_lon, from_lat, lon[beyond], lat[beyond])[2]
    return found


def judge_places(
    drafts: list[Draft],
    home: Places,
    work: Places,
    *,
    reading: Reading,
    community: CommunityFacts,
) -> None:
    """Refuses a file read in the wrong system, then rejects people who are not here.

    Raises UnusableRoster: projected_metres, columns_swapped, system_mismatch, all_outside.
    """
    here = np.array([draft.kind in KINDS_PRESENT for draft in drafts], dtype=np.bool_)
    use_home = here & home.numeric
    use_work = here & work.numeric & ~home.numeric
    check = check_coordinates(
        np.concatenate((home.raw_lon[use_home], work.raw_lon[use_work])),
        np.concatenate((home.raw_lat[use_home], work.raw_lat[use_work])),
        community.boundary,
        reading.system,
        swapped=reading.is_swapped,
    )
    _refuse_misread(check, drafts, home if use_home.any() else work, reading)
    located = here & (home.good | work.good)
    nearest = np.fmin(home.outside, work.outside)
    strangers = located & (nearest > 0.0)
    count = int(np.count_nonzero(strangers))
    if count >= _LEAST_ALL_OUTSIDE and count == np.count_nonzero(here) and not reading.confirmed:
        raise UnusableRoster(
            "all_outside",
            points=count,
            community=community.name,
            distance=distance_words(float(nearest[strangers].min())),
            metres=round(float(nearest[strangers].min()), 1),
        )
    for at in np.flatnonzero(strangers).tolist():
        column = (home if home.good[at] else work).columns[0]
        metres = round(float(nearest[at]), 1)
        drafts[at].fault("outside_tenant", column, distance=distance_words(metres), metres=metres)


def _refuse_misread(
    check: CoordinateCheck, drafts: list[Draft], places: Places, reading: Reading
) -> None:
    if check.points == 0:
        return
    names = {
        "lon": drafts[0].header.text(places.columns[0]),
        "lat": drafts[0].header.text(places.columns[1]),
    }
    options = _options(check)
    if check.looks_projected and reading.system not in PROJECTED:
        raise UnusableRoster("projected_metres", options=options, **names)
    if check.looks_swapped and reading.swapped is None:
        swapped = max(check.swapped, *(reading.inside for reading in check.better), 0)
        raise UnusableRoster(
            "columns_swapped", options=options, points=check.points, swapped=swapped, **names
        )
    if reading.system != METRES and (reading.confirmed or not check.better):
        return
    raise UnusableRoster(
        "system_mismatch",
        options=options,
        declared=SYSTEM_NAMES[check.declared],
        inside=check.inside,
        better=" / ".join(SYSTEM_NAMES[option["system"]] for option in options) or "—",
        better_system=options[0]["system"] if options else "",
        inside_better=options[0]["inside"] if options else 0,
        points=check.points,
    )


def _options(check: CoordinateCheck) -> list[dict[str, Any]]:
    """Readings that bring anybody in, or all of a kind when no boundary can tell; best first."""
    found = check.better or tuple(
        sorted(
            (reading for reading in check.readings if reading.inside),
            key=lambda reading: -reading.inside,
        )[:_MOST_OPTIONS]
    )
    options = [
        {"system": each.system, "swapped": each.swapped, "inside": each.inside} for each in found
    ]
    if not options and check.looks_swapped:
        other_way = not check.declared_swapped
        options = [{"system": check.declared, "swapped": other_way, "inside": check.swapped}]
    return options
