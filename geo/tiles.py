"""Polygons as vector tiles (Mapbox Vector Tile 2.1), simplified as a coverage.

Neighbours share their edges, and go on sharing them: `simplified` moves both sides of a border
together, so that no sliver opens between two cells at any zoom. Tiles are `TILE_PX` pixels wide;
`zoom` is the tile's own, x to the east and y to the south. Shapes are WGS-84, longitude first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.tile_bytes import EXTENT, TileFeature, polygon, tile, vertex

Shapes = NDArray[Any]
"""An array of polygons and multipolygons."""

TILE_PX: Final = 512
MAX_ZOOM: Final = 18
TYPE: Final = "application/vnd.mapbox-vector-tile"

_BUFFER: Final = 96
"""Tile units round a tile that are drawn with it: a line's width goes over the edge."""
_SIMPLER_PX: Final = 2.0
"""A corner whose triangle is smaller than a square of this side goes."""
_NAME_PX: Final = 40
"""Px a shape is wide at least before its name is worth sending."""
_NORTHERNMOST: Final = 85.0511287798


@dataclass(frozen=True, slots=True)
class Coverage:
    """Polygons in Web Mercator units of the world (0 to 1, y to the south) with what they are.

    `ids` may be None: then nothing but the outline and the name is told.
    """

    shapes: Shapes
    names: tuple[str, ...]
    ids: tuple[str, ...] | None


def coverage(
    shapes: Sequence[BaseGeometry], names: Sequence[str], ids: Sequence[str] | None
) -> Coverage:
    """Projects polygons once. ValueError when the three do not belong together."""
    if len(names) != len(shapes) or (ids is not None and len(ids) != len(shapes)):
        raise ValueError("as many names and ids as shapes")
    projected = shapely.transform(np.array(shapes, dtype=object), _mercator)
    return Coverage(projected, tuple(names), None if ids is None else tuple(ids))


def simplified(whole: Coverage, zoom: int) -> Coverage:
    """The same coverage with the corners nobody sees at this zoom taken out.

    Where polygons overlap or leave gaps, each is simplified by itself there. Nothing is dropped.
    """
    side = _SIMPLER_PX / (TILE_PX * 2**zoom)
    if not len(whole.shapes) or zoom >= MAX_ZOOM:
        return whole
    thinner = shapely.coverage_simplify(whole.shapes, side)
    return Coverage(thinner, whole.names, whole.ids)


class Cutter:
    """Cuts tiles of one zoom out of a coverage that is simplified for it."""

    def __init__(self, whole: Coverage, zoom: int) -> None:
        self._whole = simplified(whole, zoom)
        self._zoom = zoom
        self._tree = shapely.STRtree(self._whole.shapes)
        self._boxes = shapely.bounds(self._whole.shapes)

    def cut(self, x: int, y: int) -> bytes:
        """One tile: a layer of outlines and one of names. Empty bytes where nothing is.

        A name stands in exactly one tile: the one that holds the middle of its shape's box.
        """
        side = 1.0 / 2**self._zoom
        west, north = x * side, y * side
        edge = side * _BUFFER / EXTENT
        box = (west - edge, north - edge, west + side + edge, north + side + edge)
        found = np.sort(self._tree.query(shapely.box(*box)))
        cut = shapely.clip_by_rect(self._whole.shapes[found], *box)
        cut = shapely.transform(cut, lambda at: (at - (west, north)) * (EXTENT / side))
        shapes, names = [], []
        for index, shape in zip(found.tolist(), cut, strict=True):
            drawn = polygon(shape)
            tags = {} if self._whole.ids is None else {"id": self._whole.ids[index]}
            if drawn:
                shapes.append(TileFeature(index + 1, 3, drawn, tags))
            if (name := self._name(index, west, north, side, tags)) is not None:
                names.append(name)
        return tile({"shapes": shapes, "names": names})

    def _name(
        self, index: int, west: float, north: float, side: float, tags: dict[str, str]
    ) -> TileFeature | None:
        left, low, right, high = (float(each) for each in self._boxes[index])
        wide = round((right - left) / side * TILE_PX)
        x, y = (left + right) / 2 - west, (low + high) / 2 - north
        if not (self._whole.names[index] and wide >= _NAME_PX and 0 <= x < side and 0 <= y < side):
            return None
        place = vertex(x / side * EXTENT, y / side * EXTENT)
        said = {"label": self._whole.names[index], "room": str(wide), **tags}
        return TileFeature(index + 1, 1, place, said)


def _mercator(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    lat = np.radians(np.clip(degrees[:, 1], -_NORTHERNMOST, _NORTHERNMOST))
    x = degrees[:, 0] / 360.0 + 0.5
    y = 0.5 - np.log(np.tan(np.pi / 4 + lat / 2)) / (2 * np.pi)
    return np.column_stack([x, y])
