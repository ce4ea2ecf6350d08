"""People and branches as the arrays `geo.assignment` asks for. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from geo.assignment import Assignment, Places, Seats, assign
from tenants.matching.assignments.findings import Person
from tenants.matching.rules import Branch, Point

Progress = Callable[[int, int], None]
Floats = npt.NDArray[np.float64]


def deciding(person: Person, basis: str) -> Person:
    """The person with the place alone that decides; the other serves when that one is unknown."""
    if basis == "home" and person.home is not None:
        return replace(person, work=None)
    if basis == "work" and person.work is not None:
        return replace(person, home=None)
    return person


def points(person: Person) -> list[Point]:
    """The places known of a person, home first."""
    return [point for point in (person.home, person.work) if point is not None]


def assigned(
    people: Sequence[Person],
    branches: Sequence[Branch],
    reach_metres: float,
    deadline_seconds: float | None = None,
    progress: Progress | None = None,
) -> Assignment:
    """The optimum for these people over these branches, all open; rows are in the order given."""
    number = {branch.branch_id: at for at, branch in enumerate(branches)}
    forbidden = [
        (row, number[branch_id])
        for row, person in enumerate(people)
        for branch_id in person.refused
        if branch_id in number
    ]
    limits = [-1 if branch.seats is None else branch.seats for branch in branches]
    return assign(
        Places(
            array([person.home for person in people]),
            array([person.work for person in people]),
            [person.class_ for person in people],
        ),
        Seats(
            array([branch.place for branch in branches]),
            np.array(limits, dtype=np.int64),
            classes=[branch.classes for branch in branches],
        ),
        reach_metres=reach_metres,
        forbidden=np.array(forbidden, dtype=np.int64).reshape(-1, 2),
        deadline_seconds=deadline_seconds,
        progress=progress,
    )


def array(places: Sequence[Point | None]) -> Floats:
    """(n, 2) degrees, longitude first; NaN for no place."""
    unknown = (np.nan, np.nan)
    return np.array([place or unknown for place in places], dtype=np.float64).reshape(-1, 2)
