"""Grid cells judged as one coverage of a community, and which cell holds a point.

Every fault carries a shape that a map can paint and the cells it concerns. Nothing is repaired:
a person moves the border. Widths are in metres on a plane local to the boundary.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Generic

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo.grid_faults import (
    SENTENCES,
    TOLERANCE_METRES,
    Fault,
    Id,
    gaps,
    no_boundary,
    outside,
    overlaps,
    sound,
    thin,
    wider,
)
from geo.shapes import Box, LocalPlane

__all__ = [
    "SENTENCES",
    "Around",
    "CellsFound",
    "Judgement",
    "cell_of",
    "judge_around",
    "judge_cells",
]

# What lies this far round a change is looked at; faults are told within the half of it.
_MARGIN_METRES: Final = 40.0
# A gap that runs out of the window makes it so many times larger.
_GROWTH: Final = 4.0


@dataclass(frozen=True, slots=True)
class Judgement(Generic[Id]):
    """All faults, blocking ones first, and the share of the boundary that cells cover (0..1)."""

    faults: tuple[Fault[Id], ...]
    covered_share: float

    @property
    def acceptable(self) -> bool:
        """True when nothing refuses the grid; gaps may remain."""
        return not any(fault.blocking for fault in self.faults)

    @property
    def complete(self) -> bool:
        """True when the cells are a coverage: no fault of any kind."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Around(Generic[Id]):
    """Every fault that meets `window` (WGS-84) after a change: known ones that met it are void."""

    faults: tuple[Fault[Id], ...]
    window: Box


def judge_cells(cells: Mapping[Id, BaseGeometry], boundary: BaseGeometry | None) -> Judgement[Id]:
    """Judges polygons or multipolygons in WGS-84 degrees against the community's boundary.

    Cells that are no polygon or not valid are reported and left out of the other tests.
    """
    if boundary is None or boundary.is_empty:
        return Judgement((no_boundary(),), 0.0)
    faults, whole = sound(cells)
    plane = LocalPlane.around(boundary)
    ground = plane.to_metres(boundary)
    metric = _in_metres(whole, plane)
    covered = shapely.intersection(shapely.union_all(list(metric.values())), ground)
    found = chain(
        outside(metric, ground, plane),
        overlaps(metric, plane),
        gaps(metric, shapely.difference(ground, covered), plane),
        thin(metric, plane),
    )
    faults.extend(found)
    faults.sort(key=lambda fault: not fault.blocking)
    return Judgement(tuple(faults), min(1.0, float(covered.area / ground.area)))


def judge_around(
    changed: Iterable[BaseGeometry],
    near: Callable[[Box], Mapping[Id, BaseGeometry]],
    boundary: BaseGeometry,
) -> Around[Id]:
    """The faults round shapes that were changed, as `judge_cells` would tell them.

    `changed`: the shapes before and after (WGS-84). `near` answers the cells that meet a box. The
    window grows until each gap in it ends inside, so the cost is that of the neighbourhood, and
    that of the whole only while a gap runs through the whole.
    """
    plane = LocalPlane.around(boundary)
    ground = plane.to_metres(boundary)
    west, south, east, north = plane.to_metres(shapely.union_all(list(changed)).envelope).bounds
    margin = _MARGIN_METRES
    while True:
        window = shapely.box(west - margin, south - margin, east + margin, north + margin)
        faults, whole = sound(near(Box(*plane.to_degrees(window).bounds)))
        metric = _in_metres(whole, plane)
        bare = shapely.difference(
            shapely.intersection(ground, window), shapely.union_all(list(metric.values()))
        )
        pieces = list(wider(bare, TOLERANCE_METRES))
        edge = window.exterior
        if shapely.covers(window, ground) or not any(
            shapely.dwithin(piece, edge, TOLERANCE_METRES) for piece in pieces
        ):
            break
        margin *= _GROWTH
    half = margin / 2.0
    told = plane.to_degrees(shapely.box(west - half, south - half, east + half, north + half))
    found = [
        *faults,
        *outside(metric, ground, plane),
        *overlaps(metric, plane),
        *gaps(metric, bare, plane),
        *thin(metric, plane),
    ]
    kept = [fault for fault in found if _meets(fault, told)]
    kept.sort(key=lambda fault: not fault.blocking)
    return Around(tuple(kept), Box(*told.bounds))


def _in_metres(whole: Mapping[Id, BaseGeometry], plane: LocalPlane) -> dict[Id, BaseGeometry]:
    """The same cells in metres, by id; all at once, because there may be ten thousand."""
    ids = sorted(whole)
    if not ids:
        return {}
    shapes = np.array([whole[cell] for cell in ids], dtype=object)
    return dict(zip(ids, shapely.transform(shapes, plane.metres), strict=True))


def _meets(fault: Fault[Id], window: BaseGeometry) -> bool:
    if fault.geometry is None:
        return True
    return bool(shapely.intersects(shapely.geometry.shape(fault.geometry), window))


@dataclass(frozen=True, slots=True)
class CellsFound(Generic[Id]):
    """For each point: `cells[i]` is its cell's id or None; `shared[i]` how many cells hold it.

    More than one means the point lies on a shared edge (or cells overlap); the lowest id was
    taken so that the same point always gets the same cell, and a page can note it.
    """

    cells: tuple[Id | None, ...]
    shared: NDArray[np.int64]


def cell_of(lon: ArrayLike, lat: ArrayLike, cells: Mapping[Id, BaseGeometry]) -> CellsFound[Id]:
    """The cell of each point (degrees of WGS-84, edges belong to the cell). NaN has no cell."""
    lon = np.asarray(lon, dtype=np.float64).ravel()
    lat = np.asarray(lat, dtype=np.float64).ravel()
    ids: Sequence[Id] = sorted(cells)
    lowest = np.full(len(lon), len(ids), dtype=np.int64)
    shared = np.zeros(len(lon), dtype=np.int64)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if len(known) and ids:
        # The tree holds the points: then each cell is prepared once and asked for many points.
        points: Any = shapely.points(lon[known], lat[known])
        tree = shapely.STRtree(points)
        shapes = np.array([cells[cell] for cell in ids], dtype=object)
        cell, point = tree.query(shapes, predicate="intersects")
        np.minimum.at(lowest, known[point], cell)
        np.add.at(shared, known[point], 1)
    names: list[Id | None] = [*ids, None]
    return CellsFound(tuple(names[at] for at in lowest.tolist()), shared)
