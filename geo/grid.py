"""Grid cells judged as one coverage of a community, and which cell holds a point.

Every fault carries a shape that a map can paint and the cells it concerns. Nothing is repaired:
a person moves the border. Widths are in metres on a plane local to the boundary.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Generic, Protocol, TypeVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo.shapes import LocalPlane, fault_of, to_geojson


class Sortable(Protocol):
    """An id: hashable and ordered among its kind."""

    def __hash__(self) -> int: ...
    def __lt__(self, other: Any, /) -> bool: ...


Id = TypeVar("Id", bound=Sortable)

# Seven decimals are a centimetre, so borders that are meant to be one may differ by two.
TOLERANCE_METRES: Final = 0.1
# Narrower than a lane: two borders meant to be one, drawn twice.
SLIVER_METRES: Final = 2.0
# A cell narrower than this everywhere holds no building.
THIN_CELL_METRES: Final = 5.0


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues; the page translates and fills it."""
    return sentence


SENTENCES: Final[dict[str, str]] = {
    "no_boundary": N_("社区边界还没有画,请先画好社区边界。"),
    "wrong_type": N_("网格必须是一块面,请重新画这个网格。"),
    "invalid": N_("网格的边线在标出的位置自己交叉或重复,请在那里改正。"),
    "outside": N_("网格有 %(square_metres)s 平方米伸出社区边界,请把边线移回边界以内。"),
    "overlap": N_("两个网格重叠 %(square_metres)s 平方米,请让它们共用一条边线。"),
    "overlap_sliver": N_("两个网格的边线错开不到 %(width_metres)s 米而重叠,请让它们共用一条边线。"),
    "gap": N_("有 %(square_metres)s 平方米不属于任何网格,请划给相邻的网格。"),
    "gap_sliver": N_("相邻边线之间有不到 %(width_metres)s 米宽的缝隙,请让它们共用一条边线。"),
    "thin_cell": N_("这个网格处处窄于 %(width_metres)s 米,请检查是不是误画。"),
}
# A gap is work not yet done and a thin cell may be meant; the others make two leaders answer
# for one door, or one for a neighbour's.
_WARNINGS: Final = frozenset({"gap", "gap_sliver", "thin_cell"})


@dataclass(frozen=True, slots=True)
class Fault(Generic[Id]):
    """One fault: `sentence` is a msgid with %(name)s places, `values` fill it.

    `geometry` is GeoJSON (WGS-84) of the faulty part; None only where no shape exists.
    `blocking` faults refuse a save, the others are shown beside it.
    """

    code: str
    sentence: str
    values: Mapping[str, int | float]
    geometry: dict[str, Any] | None
    cells: tuple[Id, ...]
    blocking: bool


@dataclass(frozen=True, slots=True)
class Judgement(Generic[Id]):
    """All faults, blocking ones first, and the share of the boundary that cells cover (0..1)."""

    faults: tuple[Fault[Id], ...]
    covered_share: float

    @property
    def acceptable(self) -> bool:
        """True when nothing refuses a save; gaps may remain."""
        return not any(fault.blocking for fault in self.faults)

    @property
    def complete(self) -> bool:
        """True when the cells are a coverage: no fault of any kind."""
        return not self.faults


def judge_cells(cells: Mapping[Id, BaseGeometry], boundary: BaseGeometry | None) -> Judgement[Id]:
    """Judges polygons or multipolygons in WGS-84 degrees against the community's boundary.

    Cells that are no polygon or not valid are reported and left out of the other tests.
    """
    if boundary is None or boundary.is_empty:
        return Judgement((_fault("no_boundary", None, ()),), 0.0)
    faults, sound = _sound(cells)
    plane = LocalPlane.around(boundary)
    ground = plane.to_metres(boundary)
    metric = {cell: plane.to_metres(sound[cell]) for cell in sorted(sound)}
    covered = shapely.intersection(shapely.union_all(list(metric.values())), ground)
    found = chain(
        _outside(metric, ground, plane),
        _overlaps(metric, plane),
        _gaps(metric, shapely.difference(ground, covered), plane),
        _thin(metric, plane),
    )
    faults.extend(found)
    faults.sort(key=lambda fault: not fault.blocking)
    return Judgement(tuple(faults), min(1.0, float(covered.area / ground.area)))


def _sound(
    cells: Mapping[Id, BaseGeometry],
) -> tuple[list[Fault[Id]], dict[Id, BaseGeometry]]:
    faults: list[Fault[Id]] = []
    sound: dict[Id, BaseGeometry] = {}
    for cell, given in cells.items():
        if given.is_empty or given.geom_type not in ("Polygon", "MultiPolygon"):
            shown = None if given.is_empty else given
            faults.append(_fault("wrong_type", shown, (cell,)))
        elif (flaw := fault_of(given)) is not None:
            faults.append(_fault("invalid", flaw.place or given, (cell,)))
        else:
            sound[cell] = given
    return faults, sound


def _outside(
    metric: dict[Id, BaseGeometry], ground: BaseGeometry, plane: LocalPlane
) -> Iterator[Fault[Id]]:
    shapely.prepare(ground)
    for cell, given in metric.items():
        if shapely.covers(ground, given):
            continue
        for part in _wider(shapely.difference(given, ground), TOLERANCE_METRES):
            yield _area_fault("outside", part, (cell,), plane)


def _overlaps(metric: dict[Id, BaseGeometry], plane: LocalPlane) -> Iterator[Fault[Id]]:
    ids, shapes = list(metric), np.array(list(metric.values()), dtype=object)
    if len(ids) < 2:
        return
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared = shapely.intersection(shapes[first], shapes[second])
    for at in np.lexsort((second, first)):
        for part in _wider(shared[at], TOLERANCE_METRES):
            yield _by_width("overlap", part, (ids[first[at]], ids[second[at]]), plane)


def _gaps(
    metric: dict[Id, BaseGeometry], bare: BaseGeometry, plane: LocalPlane
) -> Iterator[Fault[Id]]:
    parts = list(_wider(bare, TOLERANCE_METRES))
    if not parts:
        return
    ids, tree = list(metric), shapely.STRtree(list(metric.values()))
    for part in parts:
        beside = tree.query(part, predicate="dwithin", distance=TOLERANCE_METRES)
        yield _by_width("gap", part, tuple(ids[at] for at in sorted(beside.tolist())), plane)


def _thin(metric: dict[Id, BaseGeometry], plane: LocalPlane) -> Iterator[Fault[Id]]:
    for cell, given in metric.items():
        if not _is_wider(given, THIN_CELL_METRES):
            values = {"width_metres": THIN_CELL_METRES}
            yield _fault("thin_cell", plane.to_degrees(given), (cell,), values)


def _wider(given: BaseGeometry, metres: float) -> Iterator[BaseGeometry]:
    """The polygons of an overlay that are somewhere wider than that, largest first."""
    parts = shapely.get_parts(given)
    parts = parts[shapely.get_dimensions(parts) == 2]
    for part in sorted(parts, key=lambda polygon: -polygon.area):
        if _is_wider(part, metres):
            yield part


def _is_wider(given: BaseGeometry, metres: float) -> bool:
    """True when a disc of that diameter fits in somewhere."""
    if given.area == 0.0:
        return False
    # A shape that holds a disc of diameter d has an area of at least the disc's.
    if given.area < np.pi * metres * metres / 4.0:
        return False
    # The largest disc inside has a radius of at least area / perimeter, so a large ratio
    # decides without the costly erosion.
    if given.area / given.length > metres:
        return True
    return not shapely.is_empty(shapely.buffer(given, -metres / 2.0, quad_segs=2))


def _by_width(code: str, part: BaseGeometry, cells: tuple[Id, ...], plane: LocalPlane) -> Fault[Id]:
    if _is_wider(part, SLIVER_METRES):
        return _area_fault(code, part, cells, plane)
    values = {"width_metres": SLIVER_METRES}
    return _fault(f"{code}_sliver", plane.to_degrees(part), cells, values)


def _area_fault(
    code: str, part: BaseGeometry, cells: tuple[Id, ...], plane: LocalPlane
) -> Fault[Id]:
    area = part.area
    values = {"square_metres": round(area) if area >= 1.0 else round(area, 2)}
    return _fault(code, plane.to_degrees(part), cells, values)


def _fault(
    code: str,
    given: BaseGeometry | None,
    cells: tuple[Id, ...],
    values: Mapping[str, int | float] | None = None,
) -> Fault[Id]:
    return Fault(
        code=code,
        sentence=SENTENCES[code],
        values=values or {},
        geometry=None if given is None else to_geojson(given),
        cells=cells,
        blocking=code not in _WARNINGS,
    )


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
