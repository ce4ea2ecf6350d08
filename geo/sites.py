"""One point for a group of people, and who is near whom: the geometry of :mod:`geo.clusters`.

Spots are distinct places (n, 2) float64 degrees, longitude first. Work within a group is done on
the plane that touches the ellipsoid there, and every site is then judged by true geodesics.
"""

from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.ellipsoid import SEMI_MAJOR_METRES, Floats, metres_between, to_lonlat, to_xyz

Integers = npt.NDArray[np.int64]

_PAIRS_AT_ONCE = 1 << 21


class Plane:
    """The plane that touches the ellipsoid amid some spots: metres east and north."""

    def __init__(self, lonlat: Floats) -> None:
        self._origin = to_xyz(to_lonlat(to_xyz(lonlat).mean(axis=0)[np.newaxis]))[0]
        longitude, latitude = np.radians(to_lonlat(self._origin[np.newaxis])[0])
        self._axes = np.array(
            [
                [-np.sin(longitude), np.cos(longitude), 0],
                [
                    -np.sin(latitude) * np.cos(longitude),
                    -np.sin(latitude) * np.sin(longitude),
                    np.cos(latitude),
                ],
            ]
        )

    def flat(self, lonlat: Floats) -> Floats:
        """(k, 2) degrees to (k, 2) metres on the plane."""
        return np.asarray((to_xyz(lonlat) - self._origin) @ self._axes.T)

    def round(self, flat: Floats) -> Floats:
        """(k, 2) metres on the plane to (k, 2) degrees of the point below."""
        return to_lonlat(self._origin + flat @ self._axes)


def site_of(
    lonlat: Floats, reach_metres: float, or_else: int | None = None
) -> tuple[Floats, float] | None:
    """A point (2,) that all spots reach, and the metres of the farthest; None if there is none.

    It is the middle of the smallest circle round them. ``or_else`` is a spot to try after that.
    """
    xyz = to_xyz(lonlat)
    if np.ptp(xyz, axis=0).max() > 2 * reach_metres:
        return None
    plane = Plane(lonlat)
    middle, _ = smallest_circle(plane.flat(lonlat))
    sites = [plane.round(middle[np.newaxis])[0]]
    if or_else is not None:
        sites.append(lonlat[or_else])
    for site in sites:
        radius = float(metres_between(np.broadcast_to(site, lonlat.shape), lonlat).max())
        if radius <= reach_metres:
            return site, radius
    return None


def smallest_circle(flat: Floats) -> tuple[Floats, float]:
    """Centre (2,) and radius of the smallest circle round points (k, 2), k >= 1.

    At most three points hold such a circle; the farthest point outside is taken in until none is
    left outside. The radius grows with each, so this ends.
    """
    holding: list[int] = [0]
    centre, radius = flat[0], 0.0
    while True:
        away = np.hypot(*(flat - centre).T)
        farthest = int(away.argmax())
        if away[farthest] <= radius * (1 + 1e-12) + 1e-7 or farthest in holding:
            return centre, float(max(radius, away[farthest]))
        holding, centre, radius = _held_by(flat, [*holding, farthest])


def _held_by(flat: Floats, points: list[int]) -> tuple[list[int], Floats, float]:
    """The smallest circle round up to four points: which of them hold it, centre, radius."""
    best: tuple[list[int], Floats, float] | None = None
    for subset in chain(combinations(points, 2), combinations(points, 3)):
        corners = flat[list(subset)]
        centre = corners.mean(axis=0) if len(subset) == 2 else _circumcentre(corners)
        if centre is None:
            continue
        radius = float(np.hypot(*(corners - centre).T).max())
        inside = np.hypot(*(flat[points] - centre).T).max() <= radius * (1 + 1e-12) + 1e-7
        if inside and (best is None or radius < best[2]):
            best = (list(subset), centre, radius)
    if best is None:
        raise ValueError("points must be finite")
    return best


def _circumcentre(corners: Floats) -> Floats | None:
    (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[0]
    twice_area = 2 * (ax * by - ay * bx)
    if twice_area == 0:
        return None
    a, b = ax * ax + ay * ay, bx * bx + by * by
    return np.asarray(
        corners[0] + np.array([by * a - ay * b, ax * b - bx * a]) / twice_area,
        dtype=np.float64,
    )


class Neighbourhood:
    """Who is near whom among spots, by chord."""

    def __init__(self, spots: Floats) -> None:
        self._spots = spots
        self._xyz = to_xyz(spots)
        self._tree = cKDTree(self._xyz) if len(spots) else None

    def components(self, metres: float) -> list[Integers]:
        """Spots joined by steps of at most ``metres``: a rising list for each component."""
        label: Integers = np.arange(len(self._spots), dtype=np.int64)
        for row, near in self._balls(np.arange(len(self._spots)), metres):
            links = coo_array(
                (np.ones(len(row), dtype=np.int8), (label[row], label[near])),
                shape=(len(label), len(label)),
            )
            merged = connected_components(links, directed=False)[1]
            label = merged[label].astype(np.int64)
        order = np.argsort(label, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(label) else []

    def within(self, spots: Integers, reach_metres: float) -> tuple[Integers, Integers]:
        """Pairs (p,), (p,) of ``spots``: whoever is within reach on the ground, each of itself.

        The chord asked for is short enough that its arc is within reach as well.
        """
        share = reach_metres / SEMI_MAJOR_METRES
        chosen = np.zeros(len(self._spots), dtype=np.bool_)
        chosen[spots] = True
        parts = [(np.zeros(0, dtype=np.int64),) * 2]
        for row, near in self._balls(spots, reach_metres * (1 - share * share / 20)):
            kept = chosen[near]
            parts.append((row[kept], near[kept]))
        row, near = (np.concatenate(column) for column in zip(*parts, strict=True))
        return row, near

    def discs(self, corners: Integers, inside: Integers, reach_metres: float) -> list[Integers]:
        """What circles of the reach hold whose rim passes two of ``corners``, of ``inside``.

        If any circle of that size holds a set of corners, one of these holds them too.
        """
        row, near = (
            np.concatenate([part[side] for part in self._balls(corners, 2 * reach_metres)])
            if len(corners)
            else np.zeros(0, dtype=np.int64)
            for side in (0, 1)
        )
        chosen = np.zeros(len(self._spots), dtype=np.bool_)
        chosen[corners] = True
        pair = (row < near) & chosen[near]
        row, near = row[pair], near[pair]
        if not row.size:
            return []
        centres = np.concatenate(list(self._centres(row, near, reach_metres)))
        tree = cKDTree(self._xyz[inside])
        found = tree.query_ball_point(centres, reach_metres * (1 + 1e-5) + 0.001)
        return [np.sort(inside[held]) for held in found if len(held) > 1]

    def _centres(self, row: Integers, near: Integers, reach_metres: float) -> Iterator[Floats]:
        """Centres (p, 3) of both circles through each pair, on the plane across its middle."""
        a, b = self._xyz[row], self._xyz[near]
        middle, along = (a + b) / 2, b - a
        half = np.sqrt(np.einsum("ij,ij->i", along, along)) / 2
        across = np.cross(middle, along)
        across /= np.sqrt(np.einsum("ij,ij->i", across, across))[:, np.newaxis]
        aside = across * np.sqrt(np.maximum(reach_metres**2 - half**2, 0))[:, np.newaxis]
        yield middle + aside
        yield middle - aside

    def _balls(self, spots: Integers, metres: float) -> Iterator[tuple[Integers, Integers]]:
        """Pairs of each of ``spots`` and every spot within ``metres``, a few millions at a time."""
        if self._tree is None or not len(spots):
            return
        size = self._tree.query_ball_point(self._xyz[spots], metres, return_length=True)
        block = np.cumsum(size) // _PAIRS_AT_ONCE
        for rows in np.split(spots, np.flatnonzero(np.diff(block)) + 1):
            found = self._tree.query_ball_point(self._xyz[rows], metres, return_sorted=True)
            lists: list[list[int]] = np.asarray(found, dtype=object).tolist()
            counts = np.fromiter(map(len, lists), dtype=np.int64, count=len(rows))
            near = np.fromiter(chain.from_iterable(lists), np.int64, int(counts.sum()))
            yield np.repeat(rows, counts), near
