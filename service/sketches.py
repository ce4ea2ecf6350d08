"""Shapes as a drawing on the page itself: no map, no script, and it prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from geo.shapes import LocalPlane

WIDTH: Final = 640
HEIGHT: Final = 400
_MARGIN: Final = 16
_DOT: Final = 6


@dataclass(frozen=True, slots=True)
class Sketch:
    """`paths`: (kind, SVG path) in the order in which they are painted."""

    width: int
    height: int
    paths: tuple[tuple[str, str], ...]


def sketch(shapes: Iterable[tuple[str, BaseGeometry]], middle: BaseGeometry) -> Sketch:
    """North up, true to scale round `middle`. `kind` of each shape becomes its class."""
    plane = LocalPlane.around(middle)
    west, south, east, north = plane.to_metres(middle).bounds
    wide, high = max(east - west, 1.0) * 1.3, max(north - south, 1.0) * 1.3
    scale = min((WIDTH - 2 * _MARGIN) / wide, (HEIGHT - 2 * _MARGIN) / high)
    left, top = (west + east) / 2, (south + north) / 2

    def on_paper(flat: BaseGeometry) -> BaseGeometry:
        return shapely.transform(
            flat, lambda metres: (metres - (left, top)) * (scale, -scale) + (WIDTH / 2, HEIGHT / 2)
        )

    page = shapely.box(-WIDTH, -HEIGHT, 2 * WIDTH, 2 * HEIGHT)
    drawn = []
    for kind, shape in shapes:
        paper = on_paper(plane.to_metres(shape))
        if paper.geom_type == "Point":
            paper = paper.buffer(_DOT)
        if shapely.is_valid(paper):
            paper = shapely.intersection(paper, page)
        path = "".join(_path(part) for part in shapely.get_parts(paper))
        if path:
            drawn.append((kind, path))
    return Sketch(WIDTH, HEIGHT, tuple(drawn))


def _path(part: BaseGeometry) -> str:
    if part.geom_type != "Polygon":
        return ""
    rings = [part.exterior, *part.interiors]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords[:-1]) + "Z" for ring in rings
    )
