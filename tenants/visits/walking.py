"""In which order to walk: the next door first, one building at a time. Pure.

A nearest-neighbour walk over straight lines: stairs, gates and rivers are not known, so it is a
suggestion that people may leave. Points are WGS-84 degrees, longitude first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Generic, TypeVar

import numpy as np

Point = tuple[float, float]
T = TypeVar("T")

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Stop(Generic[T]):
    """Somebody to call on. Stops of one `building` stay together; `place` None: not known where."""

    what: T
    place: Point | None
    building: str = ""


def in_walking_order(stops: Sequence[Stop[T]], start: Point | None = None) -> list[T]:
    """The stops by building, each time to the nearest one left; without a place at the end.

    Begins nearest to `start`, or at the first stop that has a place. Equal distances and the
    people of one building keep the order they came in, so the same list is walked the same way.
    """
    houses: dict[str, list[Stop[T]]] = {}
    for stop in stops:
        if stop.place is not None:
            houses.setdefault(stop.building or building_of(stop.place), []).append(stop)
    order = _nearest_next([_middle(people) for people in houses.values()], start)
    people = list(houses.values())
    walked = [stop.what for house in order for stop in people[house]]
    return walked + [stop.what for stop in stops if stop.place is None]


def _nearest_next(places: Sequence[Point], start: Point | None) -> list[int]:
    """Positions of the places, each time the nearest one left; of equals the first given.

    All at once for each step: a list of a thousand houses is a million distances.
    """
    if not places:
        return []
    east, north = np.array(places).T
    here, order = start or places[0], []
    left = np.zeros(len(places))
    for _ in places:
        across = (east - here[0]) * np.cos(np.radians((north + here[1]) / 2))
        nearest = int(np.argmin(np.hypot(across, north - here[1]) + left))
        order.append(nearest)
        left[nearest] = np.inf
        here = places[nearest]
    return order


def building_of(place: Point) -> str:
    """A name for points that are one door apart at most (about 10 m) where no building is known."""
    return f"{place[0]:.4f},{place[1]:.4f}"


def metres_between(one: Point, other: Point) -> float:
    """Straight-line metres, good to a part in a hundred within a county."""
    east = (other[0] - one[0]) * cos(radians((one[1] + other[1]) / 2))
    return METRES_PER_DEGREE * hypot(east, other[1] - one[1])


def _middle(stops: Sequence[Stop[T]]) -> Point:
    places = [stop.place for stop in stops if stop.place is not None]
    return (
        sum(place[0] for place in places) / len(places),
        sum(place[1] for place in places) / len(places),
    )
