"""Where a temporary branch could serve people whom no branch serves.

Three or more full members within reach of one point may found a temporary branch (domain ORG-6).
Given the places of the unserved, :func:`temporary_branches` proposes groups, each with a site that
all its people reach; nobody is in two groups. It is done in three passes:

1. people joined by steps of at most ``join_metres`` form a component; one that fits round a single
   site is a group as it stands, so a hamlet is never cut;
2. a component too wide for one site is covered from its edges inwards: whoever has the fewest
   people near is served first, with the neighbour who gathers the most;
3. those left over join a group whose site can still be moved to reach them, and otherwise every
   site that a pair of them leaves possible is tried, so no three that fit are overlooked.

The same places give the same proposal. Whether a branch is founded is for people to decide.
Places are (n, 2) float64 degrees, longitude first; distances are metres on the ellipsoid.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt

from geo.ellipsoid import Floats, metres_between
from geo.places import usable
from geo.sites import Neighbourhood, site_of

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Proposal:
    """``members`` (k,) rows of the input in rising order; ``site`` (2,) degrees, longitude first.

    ``radius_metres`` is the way from the site to the farthest of them; ``full`` how many of them
    are full members, which is never fewer than asked for.
    """

    members: Integers
    site: Floats
    radius_metres: float
    full: int


def temporary_branches(
    lonlat: npt.ArrayLike,
    reach_metres: float,
    *,
    full: npt.ArrayLike | None = None,
    minimum: int = 3,
    join_metres: float | None = None,
) -> list[Proposal]:
    """Groups of at least ``minimum`` full members, everyone within reach of the group's site.

    ``lonlat`` (n, 2): the unserved, one row a person; rows with an unusable place are left out.
    ``full`` (n,) whether a person counts towards the minimum (probationary members come along);
    everybody, when not given. ``join_metres`` is the reach, when not given.
    Largest group first. Raises ValueError for a reach that is no positive number.
    """
    places = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    counts = np.ones(len(places), bool) if full is None else np.asarray(full, dtype=np.bool_)
    join = reach_metres if join_metres is None else join_metres
    if not (0 < reach_metres < np.inf and 0 < join < np.inf and minimum >= 1):
        raise ValueError("reach, join and minimum must be positive numbers")
    if counts.shape != (len(places),):
        raise ValueError("full needs one flag for each place")

    rows = np.flatnonzero(usable(places))
    spots, spot = np.unique(places[rows], axis=0, return_inverse=True)
    spot = spot.reshape(-1)
    weight = np.bincount(spot, weights=counts[rows], minlength=len(spots)).astype(np.int64)
    ground = _Ground(spots, weight, reach_metres, minimum)
    ground.take_whole_components(join)
    ground.cover_from_the_edges()
    ground.let_the_rest_join()
    ground.try_every_site()

    proposals = []
    for group in ground.groups:
        members = rows[np.isin(spot, group.spots)]
        proposals.append(
            Proposal(members, group.site, group.radius_metres, int(counts[members].sum()))
        )
    proposals.sort(key=lambda found: (-len(found.members), int(found.members[0])))
    return proposals


@dataclass(slots=True)
class _Group:
    spots: Integers
    site: Floats
    radius_metres: float


class _Ground:
    """Distinct spots with their count of full members, and the groups made of them so far."""

    def __init__(self, spots: Floats, weight: Integers, reach: float, minimum: int) -> None:
        self.groups: list[_Group] = []
        self._spots = spots
        self._weight = weight
        self._reach = reach
        self._minimum = minimum
        self._free = np.ones(len(spots), dtype=np.bool_)
        self._near = Neighbourhood(spots)

    def take_whole_components(self, join_metres: float) -> None:
        """Pass 1: what hangs together and fits round one site."""
        for component in self._near.components(join_metres):
            self._found(component)

    def cover_from_the_edges(self) -> None:
        """Pass 2: the loneliest first, with the neighbour round whom the most people are free.

        ``gathered`` is how many free full members are within reach of each spot.
        """
        row, near = self._near.within(np.flatnonzero(self._free), self._reach)
        size = len(self._spots)
        start = np.searchsorted(row, np.arange(size + 1))
        gathered = np.bincount(row, weights=self._weight[near], minlength=size).astype(np.int64)
        while True:
            can_found = self._free[near] & (gathered[near] >= self._minimum)
            asking = np.flatnonzero(self._free & (np.bincount(row, can_found, size) > 0))
            if not asking.size:
                return
            loneliest = asking[gathered[asking].argmin()]
            around = near[start[loneliest] : start[loneliest + 1]]
            around = around[self._free[around]]
            centre = around[gathered[around].argmax()]
            group = near[start[centre] : start[centre + 1]]
            group = group[self._free[group]]
            if not self._found(group, or_else=int(np.flatnonzero(group == centre)[0])):
                gathered[centre] = 0
                continue
            for gone in group:
                gathered[near[start[gone] : start[gone + 1]]] -= self._weight[gone]

    def let_the_rest_join(self) -> None:
        """Pass 3a: whoever fits into a group when its site is moved, into the nearest such."""
        for spot in np.flatnonzero(self._free):
            for group in self._groups_near(int(spot)):
                together = np.sort(np.append(group.spots, spot))
                site = site_of(self._spots[together], self._reach)
                if site is not None:
                    group.spots, (group.site, group.radius_metres) = together, site
                    self._free[spot] = False
                    break

    def _groups_near(self, spot: int) -> list[_Group]:
        """The groups that might take in this spot, nearest site first."""
        if not self.groups:
            return []
        sites = np.array([group.site for group in self.groups])
        metres = metres_between(np.broadcast_to(self._spots[spot], sites.shape), sites)
        nearest_first = np.argsort(metres, kind="stable")
        return [self.groups[i] for i in nearest_first if metres[i] <= 2 * self._reach]

    def try_every_site(self) -> None:
        """Pass 3b: circles of the reach through two of those left, the fullest first."""
        left = np.flatnonzero(self._free)
        waiting = [
            self._entry(inside)
            for inside in self._near.discs(left[self._weight[left] > 0], left, self._reach)
        ]
        heapify(waiting)
        while waiting:
            weight, _, spots = heappop(waiting)
            if -weight < self._minimum:
                return
            inside = np.array(spots)
            free = inside[self._free[inside]]
            if len(free) < len(inside):
                heappush(waiting, self._entry(free))
            else:
                self._found(inside)

    def _entry(self, spots: Integers) -> tuple[int, int, tuple[int, ...]]:
        return -int(self._weight[spots].sum()), -len(spots), tuple(spots.tolist())

    def _found(self, spots: Integers, or_else: int | None = None) -> bool:
        """Make a group of these spots, if there are enough full members and one site for all."""
        if self._weight[spots].sum() < self._minimum:
            return False
        site = site_of(self._spots[spots], self._reach, or_else)
        if site is None:
            return False
        self.groups.append(_Group(spots, *site))
        self._free[spots] = False
        return True
