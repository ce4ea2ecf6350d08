"""Cells cut in two, made one, and drawn to their neighbours: always on request, never in passing.

Everything is WGS-84 and answers new shapes; the caller shows them before anything is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split as shapely_split

from geo.drawn_cells import as_cell
from geo.grid_faults import TOLERANCE_METRES
from geo.shapes import LocalPlane

SNAP_METRES: Final = 5.0
"""Borders drawn this near to each other are taken for the same border when a person asks."""
_MOVED_METRES: Final = 0.01


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues; the page translates and fills it."""
    return sentence


SENTENCES: Final[dict[str, str]] = {
    "not_through": N_("这条线没有穿过整个网格。请从网格外画到网格外。"),
    "several": N_("这条线把网格切成了 %(parts)s 块。请画一条只切一次的线。"),
    "apart": N_("两个网格没有共同的边线，不能合并。"),
    "not_snapped": N_("贴合以后边线会自己交叉，请用手移动顶点。"),
}


class BadCut(ValueError):
    """What was asked for gives no cells; `sentence` is a msgid, `values` fill it."""

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = SENTENCES[code]
        self.values = values


@dataclass(frozen=True, slots=True)
class Snapped:
    """A cell drawn to its neighbours, and each vertex that moved: (from, to, metres)."""

    shape: Polygon
    moves: tuple[tuple[tuple[float, float], tuple[float, float], float], ...]


def split(cell: Polygon, line: LineString) -> tuple[Polygon, Polygon]:
    """The two parts of a cell on both sides of a line, the larger first. Raises BadCut."""
    parts = [as_cell(part) for part in shapely_split(cell, line).geoms]
    whole = [part for part in parts if part is not None]
    if len(whole) < 2:
        raise BadCut("not_through")
    if len(whole) > 2:
        raise BadCut("several", parts=len(whole))
    first, second = sorted(whole, key=lambda part: -part.area)
    return first, second


def merge(first: Polygon, second: Polygon) -> Polygon:
    """One cell of two that share a border, which may differ by the tolerance. Raises BadCut."""
    plane = LocalPlane.around(first)
    near = shapely.snap(plane.to_metres(second), plane.to_metres(first), TOLERANCE_METRES)
    found = as_cell(plane.to_degrees(shapely.union(plane.to_metres(first), near)))
    if found is None:
        raise BadCut("apart")
    return found


def snap_to_neighbours(
    cell: Polygon, neighbours: Sequence[BaseGeometry], metres: float = SNAP_METRES
) -> Snapped:
    """The cell with every vertex that lies within `metres` of a neighbour's border put onto it.

    A neighbour's vertex is preferred to a point between two. The neighbours' vertices that lie on
    the new border are taken over, so that both have the same points. Raises BadCut when the border
    would cross itself.
    """
    plane = LocalPlane.around(cell)
    borders = [shapely.boundary(plane.to_metres(each)) for each in neighbours if not each.is_empty]
    if not borders:
        return Snapped(cell, ())
    lines = shapely.union_all(borders)
    corners = shapely.multipoints(shapely.get_coordinates(borders))
    old = plane.to_metres(cell)
    moved = shapely.transform(
        old, lambda places: np.array([_drawn_to(place, corners, lines, metres) for place in places])
    )
    with_corners = shapely.snap(moved, corners, TOLERANCE_METRES)
    found = as_cell(plane.to_degrees(with_corners))
    if found is None or not shapely.is_valid(moved):
        raise BadCut("not_snapped")
    before = shapely.get_coordinates(shapely.remove_repeated_points(old))[:-1]
    after = [_drawn_to(place, corners, lines, metres) for place in before]
    return Snapped(found, tuple(_moves(before, np.array(after), plane)))


def _drawn_to(
    place: np.ndarray, corners: BaseGeometry, lines: BaseGeometry, metres: float
) -> tuple[float, float]:
    here = Point(place)
    for target in (corners, lines):
        there = shapely.get_point(shapely.shortest_line(here, target), 1)
        if shapely.distance(here, there) <= metres:
            return float(there.x), float(there.y)
    return float(place[0]), float(place[1])


def _moves(
    before: np.ndarray, after: np.ndarray, plane: LocalPlane
) -> list[tuple[tuple[float, float], tuple[float, float], float]]:
    found = []
    for old, new in zip(before, after, strict=True):
        far = float(np.hypot(*(new - old)))
        if far > _MOVED_METRES:
            start, end = plane.to_degrees(Point(old)), plane.to_degrees(Point(new))
            found.append(
                (
                    (round(start.x, 7), round(start.y, 7)),
                    (round(end.x, 7), round(end.y, 7)),
                    round(far, 2),
                )
            )
    return found
