""" "Why not the nearer one?": the branches nearer than the one a run gave. Pure."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np

from geo.ellipsoid import metres_between
from tenants.matching.assignments.findings import Person
from tenants.matching.assignments.questions import deciding, points
from tenants.matching.rules import NEARER_SHOWN, Branch, Nearer, why_not


def passed_over(
    person: Person,
    metres: float | None,
    branches: Sequence[Branch],
    given: dict[UUID, int],
    *,
    basis: str,
) -> list[Nearer]:
    """ "Why not the nearer one?": branches nearer than `metres` (None: all), nearest first.

    `given`: how many of each branch's seats the run gave away. A reason is one of
    `matching.rules.why_not`, or changed: something did since the run.
    """
    places = points(deciding(person, basis))
    if not places or not branches:
        return []
    there = np.array([branch.place for branch in branches], dtype=np.float64)
    near = np.minimum.reduce(
        [metres_between(np.broadcast_to(np.array(here), there.shape), there) for here in places]
    )
    limit = np.inf if metres is None else metres - 0.005
    found = [
        Nearer(branches[at].branch_id, float(near[at]), _why_not(person, branches[at], given))
        for at in np.argsort(near, kind="stable")
        if near[at] < limit
    ]
    return found[:NEARER_SHOWN]


def _why_not(person: Person, branch: Branch, given: dict[UUID, int]) -> str:
    left = None if branch.seats is None else branch.seats - given.get(branch.branch_id, 0)
    return why_not(branch, person, left) or "changed"
