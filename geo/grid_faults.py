"""What can be wrong with cells that are meant to be one coverage, each fault with its shape.

Nothing is repaired: a person moves the border. Shapes are in metres on a plane local to the
community's boundary; faults carry WGS-84.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
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
    "hole": N_(
        "网格中间有一个 %(square_metres)s 平方米的洞，不属于任何网格，请填上，或在洞里另画一个网格。"
    ),
    "thin_cell": N_("这个网格处处窄于 %(width_metres)s 米,请检查是不是误画。"),
}
# A gap is work not yet done and a thin cell may be meant; the others make two leaders answer
# for one door, or one for a neighbour's.
_WARNINGS: Final = frozenset({"gap", "gap_sliver", "hole", "thin_cell"})


@dataclass(frozen=True, slots=True)
class Fault(Generic[Id]):
    """One fault: `sentence` is a msgid with %(name)s places, `values` fill it.

    `geometry` is GeoJSON (WGS-84) of the faulty part; None only where no shape exists.
    `blocking` faults keep a draft from being proposed, the others are shown beside it.
    """

    code: str
    sentence: str
    values: Mapping[str, int | float]
    geometry: dict[str, Any] | None
    cells: tuple[Id, ...]
    blocking: bool


def sound(
    cells: Mapping[Id, BaseGeometry],
) -> tuple[list[Fault[Id]], dict[Id, BaseGeometry]]:
    """The faults of cells that are no sound polygons, and the sound ones."""
    faults: list[Fault[Id]] = []
    whole: dict[Id, BaseGeometry] = {}
    # Nearly all are sound: those are told in one go, the others looked at one by one.
    plain = _plainly_sound(list(cells.values()))
    for (cell, given), is_sound in zip(cells.items(), plain, strict=True):
        if is_sound:
            whole[cell] = given
        elif given.is_empty or given.geom_type not in ("Polygon", "MultiPolygon"):
            shown = None if given.is_empty else given
            faults.append(_fault("wrong_type", shown, (cell,)))
        elif (flaw := fault_of(given)) is not None:
            faults.append(_fault("invalid", flaw.place or given, (cell,)))
        else:
            whole[cell] = given
    return faults, whole


def _plainly_sound(shapes: list[BaseGeometry]) -> NDArray[np.bool_]:
    """Valid polygons of one part without a third dimension; of the rest nothing is said."""
    given = np.array(shapes, dtype=object)
    polygons = shapely.get_type_id(given) == shapely.GeometryType.POLYGON
    found: NDArray[np.bool_] = polygons & ~shapely.is_empty(given) & shapely.is_valid(given)
    return found


def outside(
    metric: dict[Id, BaseGeometry], ground: BaseGeometry, plane: LocalPlane
) -> Iterator[Fault[Id]]:
    """Parts of cells beyond the community's ground (both in metres of `plane`)."""
    shapely.prepare(ground)
    ids, shapes = list(metric), np.array(list(metric.values()), dtype=object)
    for at in np.flatnonzero(~shapely.covers(ground, shapes)):
        cell, given = ids[at], shapes[at]
        for part in wider(shapely.difference(given, ground), TOLERANCE_METRES):
            yield _area_fault("outside", part, (cell,), plane)


def overlaps(metric: dict[Id, BaseGeometry], plane: LocalPlane) -> Iterator[Fault[Id]]:
    """Ground that two cells both claim."""
    ids, shapes = list(metric), np.array(list(metric.values()), dtype=object)
    if len(ids) < 2:
        return
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    # Two share no more ground than their boxes do, and most neighbours' boxes only touch.
    near = (first < second) & (_shared_boxes(shapes, first, second) >= _disc(TOLERANCE_METRES))
    first, second = first[near], second[near]
    shared = shapely.intersection(shapes[first], shapes[second])
    # Most neighbours share a line and no ground: those need no closer look one by one.
    some = np.flatnonzero(shapely.area(shared) >= _disc(TOLERANCE_METRES))
    for at in some[np.lexsort((second[some], first[some]))]:
        for part in wider(shared[at], TOLERANCE_METRES):
            yield _by_width("overlap", part, (ids[first[at]], ids[second[at]]), plane)


def _shared_boxes(
    shapes: NDArray[np.object_], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Square metres that the bounding boxes of pairs have in common."""
    bounds = shapely.bounds(shapes)
    low = np.maximum(bounds[first, :2], bounds[second, :2])
    high = np.minimum(bounds[first, 2:], bounds[second, 2:])
    found: NDArray[np.float64] = np.maximum(high - low, 0.0).prod(axis=1)
    return found


def gaps(
    metric: dict[Id, BaseGeometry], bare: BaseGeometry, plane: LocalPlane
) -> Iterator[Fault[Id]]:
    """Pieces of `bare`, the ground of no cell, with the cells between which each lies."""
    parts = list(wider(bare, TOLERANCE_METRES))
    if not parts:
        return
    ids, tree = list(metric), shapely.STRtree(list(metric.values()))
    for part in parts:
        beside = tree.query(part, predicate="dwithin", distance=TOLERANCE_METRES)
        cells = tuple(ids[at] for at in sorted(beside.tolist()))
        if len(cells) == 1 and _is_in_a_hole(part, metric[cells[0]]):
            yield _area_fault("hole", part, cells, plane)
        else:
            yield _by_width("gap", part, cells, plane)


def thin(metric: dict[Id, BaseGeometry], plane: LocalPlane) -> Iterator[Fault[Id]]:
    """Cells that are nowhere wide enough for a building."""
    ids, shapes = list(metric), np.array(list(metric.values()), dtype=object)
    areas, lengths = shapely.area(shapes), shapely.length(shapes)
    # Wide by the ratio of area to perimeter, as nearly all are; see `_is_wider`.
    for at in np.flatnonzero(areas <= THIN_CELL_METRES * lengths):
        cell, given = ids[at], shapes[at]
        if not _is_wider(given, THIN_CELL_METRES):
            values = {"width_metres": THIN_CELL_METRES}
            yield _fault("thin_cell", plane.to_degrees(given), (cell,), values)


def _is_in_a_hole(part: BaseGeometry, cell: BaseGeometry) -> bool:
    inner = [ring for polygon in shapely.get_parts(cell) for ring in polygon.interiors]
    if not inner:
        return False
    middle = part.representative_point()
    return any(shapely.covers(Polygon(ring), middle) for ring in inner)


def wider(given: BaseGeometry, metres: float) -> Iterator[BaseGeometry]:
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
    if given.area < _disc(metres):
        return False
    # The largest disc inside has a radius of at least area / perimeter, so a large ratio
    # decides without the costly erosion.
    if given.area / given.length > metres:
        return True
    return not shapely.is_empty(shapely.buffer(given, -metres / 2.0, quad_segs=2))


def _disc(metres: float) -> float:
    """Square metres of a disc of that diameter."""
    return float(np.pi * metres * metres / 4.0)


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


def no_boundary() -> Fault[Any]:
    """The one fault that can be told where nobody has drawn the community's boundary."""
    return _fault("no_boundary", None, ())
