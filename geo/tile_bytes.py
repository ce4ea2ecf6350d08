"""The bytes of a vector tile: Mapbox Vector Tile 2.1, the few messages we send.

Protocol Buffers by hand: a field is its number and wire type, then a varint or a length and bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

EXTENT: Final = 4096
_MOVE, _LINE, _CLOSE = 1, 2, 7


@dataclass(frozen=True, slots=True)
class TileFeature:
    """`kind`: 1 point, 3 polygon. `drawn`: the geometry's commands. `tags`: texts by key."""

    id: int
    kind: int
    drawn: Sequence[int]
    tags: Mapping[str, str]


def tile(layers: Mapping[str, Sequence[TileFeature]]) -> bytes:
    """A tile of the layers that have anything; empty bytes when none has."""
    return b"".join(_bytes_field(3, _layer(name, found)) for name, found in layers.items() if found)


def vertex(x: float, y: float) -> list[int]:
    """A point in tile units as commands."""
    return [_MOVE | 1 << 3, _zigzag(round(x)), _zigzag(round(y))]


def polygon(shape: BaseGeometry) -> list[int]:
    """A polygon or multipolygon in tile units as commands; [] when nothing of it is left.

    Outer rings run clockwise on the screen (y downwards), holes the other way, as version 2 asks.
    """
    drawn: list[int] = []
    x = y = 0
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        for ring, outer in [(part.exterior, True), *((hole, False) for hole in part.interiors)]:
            corners = _corners(ring, outer)
            if len(corners) < 3:
                if outer:
                    break
                continue
            for number, (at_x, at_y) in enumerate(corners):
                if number < 2:
                    count = 1 if number == 0 else len(corners) - 1
                    drawn.append((_MOVE if number == 0 else _LINE) | count << 3)
                drawn += (_zigzag(at_x - x), _zigzag(at_y - y))
                x, y = at_x, at_y
            drawn.append(_CLOSE | 1 << 3)
    return drawn


def _corners(ring: BaseGeometry, outer: bool) -> list[tuple[int, int]]:
    """Whole units, no corner twice in a row, the first one not repeated at the end."""
    points = np.rint(shapely.get_coordinates(ring)[:-1]).astype(np.int64)
    if len(points):
        points = points[np.any(points != np.roll(points, 1, axis=0), axis=1)]
    if len(points) < 3:
        return []
    x, y = points[:, 0], points[:, 1]
    # Twice the area by the surveyor's formula: positive is clockwise with y downwards.
    twice = int(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    if twice == 0:
        return []
    return [(int(a), int(b)) for a, b in (points if (twice > 0) == outer else points[::-1])]


def _layer(name: str, features: Sequence[TileFeature]) -> bytes:
    keys: dict[str, int] = {}
    values: dict[str, int] = {}
    parts = [_varint_field(15, 2), _bytes_field(1, name.encode())]
    for feature in features:
        tags: list[int] = []
        for key, value in feature.tags.items():
            tags += (keys.setdefault(key, len(keys)), values.setdefault(value, len(values)))
        body = _varint_field(1, feature.id)
        if tags:
            body += _bytes_field(2, _varints(tags))
        body += _varint_field(3, feature.kind) + _bytes_field(4, _varints(feature.drawn))
        parts.append(_bytes_field(2, body))
    parts += [_bytes_field(3, key.encode()) for key in keys]
    parts += [_bytes_field(4, _bytes_field(1, value.encode())) for value in values]
    parts.append(_varint_field(5, EXTENT))
    return b"".join(parts)


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _varints(numbers: Iterable[int]) -> bytes:
    out = bytearray()
    for number in numbers:
        while number > 0x7F:
            out.append(number & 0x7F | 0x80)
            number >>= 7
        out.append(number)
    return bytes(out)


def _varint_field(field: int, value: int) -> bytes:
    return _varints([field << 3, value])


def _bytes_field(field: int, value: bytes) -> bytes:
    return _varints([field << 3 | 2, len(value)]) + value
