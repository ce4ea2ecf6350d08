"""Which branches were nearer than the one a member got: the ground of "why not that one?".

The geometry is here, the reasons are the caller's: a branch was full, closed, or not open to them.
Places (n, 2) float64, longitude first; metres rounded to the millimetre as in :mod:`geo.nearest`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geo.ellipsoid import Floats, metres_between, to_xyz
from geo.places import usable

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_MEMBERS_AT_ONCE = 1 << 14
# A whole-millimetre limit reaches half a millimetre beyond itself; arcs are good to 0.03 mm.
_MARGIN_METRES = 0.001


@dataclass(frozen=True, slots=True)
class Nearer:
    """Lists of branches, one after the other: member i's are ``start[i]`` to ``start[i + 1]``.

    ``start`` (n + 1,); ``branch`` and ``metres`` (total,): nearest first, then by index.
    """

    start: Integers
    branch: Integers
    metres: Floats

    def of(self, member: int) -> tuple[Integers, Floats]:
        """The branches of one member, with their metres."""
        mine = slice(self.start[member], self.start[member + 1])
        return self.branch[mine], self.metres[mine]


def nearer_than(
    home: npt.ArrayLike,
    branches: npt.ArrayLike,
    metres: npt.ArrayLike,
    *,
    work: npt.ArrayLike | None = None,
    among: npt.ArrayLike | None = None,
) -> Nearer:
    """Every branch nearer to each member than ``metres`` (n,), by at least a millimetre.

    The distance to a branch is that from home (n, 2) or from work (n, 2), whichever is shorter. A
    member with NaN metres has an empty list; infinity lists every branch that has a place.
    ``among`` (m,) restricts the branches.
    """
    lonlat = np.asarray(branches, dtype=np.float64).reshape(-1, 2)
    limit = np.asarray(metres, dtype=np.float64)
    listed = usable(lonlat)
    if among is not None:
        listed &= np.asarray(among, dtype=np.bool_)
    chosen = np.flatnonzero(listed)
    places = [np.asarray(home, dtype=np.float64).reshape(-1, 2)]
    if work is not None:
        places.append(np.asarray(work, dtype=np.float64).reshape(-1, 2))
    if any(limit.shape != (len(place),) for place in places):
        raise ValueError("home, work and metres need one row for each member")
    if not chosen.size:
        return _lists(len(limit), _no_pairs())
    tree = cKDTree(to_xyz(lonlat[chosen]))
    parts = list(_pairs(tree, places, lonlat[chosen], limit))
    member, branch, found = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _lists(len(limit), (member, chosen[branch], found))


_Pairs = tuple[Integers, Integers, Floats]


def _no_pairs() -> _Pairs:
    none = np.zeros(0, dtype=np.int64)
    return none, none, np.zeros(0)


def _pairs(
    tree: "cKDTree[None]", places: list[Floats], branches: Floats, limit: Floats
) -> Iterator[_Pairs]:
    """Member, branch and metres of every pair nearer than the member's limit; places may repeat."""
    yield _no_pairs()
    nearest_metres = np.nan_to_num(limit, nan=-1.0)
    for place in places:
        asking = np.flatnonzero(usable(place) & (nearest_metres > 0))
        asking = asking[_has_any(tree, place[asking], nearest_metres[asking])]
        for at in range(0, len(asking), _MEMBERS_AT_ONCE):
            rows = asking[at : at + _MEMBERS_AT_ONCE]
            found = tree.query_ball_point(
                to_xyz(place[rows]), nearest_metres[rows] + _MARGIN_METRES, workers=-1
            )
            counts = np.fromiter(map(len, found), dtype=np.int64, count=len(rows))
            branch = np.fromiter(
                chain.from_iterable(found), dtype=np.int64, count=int(counts.sum())
            )
            member = np.repeat(rows, counts)
            metres = np.rint(metres_between(place[member], branches[branch]) * 1000) / 1000
            kept = metres < nearest_metres[member]
            yield member[kept], branch[kept], metres[kept]


def _has_any(tree: "cKDTree[None]", place: Floats, limit: Floats) -> Flags:
    """Most members have nothing nearer: one look at the nearest spares them the search."""
    chords, _ = tree.query(to_xyz(place), k=1, workers=-1)
    return np.asarray(chords <= limit + _MARGIN_METRES)


def _lists(members: int, pairs: _Pairs) -> Nearer:
    """Sort pairs into lists; of a branch found from both places the shorter distance stays."""
    member, branch, metres = pairs
    order = np.lexsort((metres, branch, member))
    member, branch, metres = member[order], branch[order], metres[order]
    first = np.ones(len(member), dtype=np.bool_)
    first[1:] = (member[1:] != member[:-1]) | (branch[1:] != branch[:-1])
    member, branch, metres = member[first], branch[first], metres[first]
    order = np.lexsort((branch, metres, member))
    start = np.zeros(members + 1, dtype=np.int64)
    np.cumsum(np.bincount(member, minlength=members), out=start[1:])
    return Nearer(start=start, branch=branch[order], metres=metres[order])


def nearer_not_admitted(
    home: npt.ArrayLike,
    branches: npt.ArrayLike,
    metres: npt.ArrayLike,
    *,
    kind: npt.ArrayLike,
    admits: npt.ArrayLike,
    work: npt.ArrayLike | None = None,
) -> Nearer:
    """The lists of :func:`nearer_than`, of branches only that do not admit the member's kind.

    ``kind`` (n,) and ``admits`` (m, kinds) as in :func:`geo.nearest.nearest`.
    """
    people = np.asarray(home, dtype=np.float64).reshape(-1, 2)
    kinds = np.asarray(kind, dtype=np.int64)
    open_to = np.asarray(admits, dtype=np.bool_)
    limit = np.asarray(metres, dtype=np.float64)
    elsewhere = None if work is None else np.asarray(work, dtype=np.float64).reshape(-1, 2)
    parts = [_no_pairs()]
    for one in np.unique(kinds):
        closed = ~open_to[:, one]
        if not closed.any():
            continue
        rows = np.flatnonzero(kinds == one)
        lists = nearer_than(
            people[rows],
            branches,
            limit[rows],
            work=None if elsewhere is None else elsewhere[rows],
            among=closed,
        )
        parts.append((np.repeat(rows, np.diff(lists.start)), lists.branch, lists.metres))
    member, branch, found = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _lists(len(people), (member, branch, found))
