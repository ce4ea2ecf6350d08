"""A map as plain SVG shapes, shaded by a figure: prints, needs no script, says the same as the table.

Shades differ in darkness, what is hidden or unknown in its hatching; every shape carries its words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

WIDTH: Final = 720
SHADES: Final = 5
FINEST: Final = 400
"""Borders are drawn as if the map were so many points wide: finer is not seen."""


@dataclass(frozen=True, slots=True)
class Area:
    """One shape: `path` as SVG wants it, `shade` 1 to SHADES, 0 for nought, None for not shown."""

    key: str
    path: str
    shade: int | None


@dataclass(frozen=True, slots=True)
class ShadedMap:
    """The areas in the order given; `steps`: the least and the most of each shade in use."""

    areas: tuple[Area, ...]
    steps: tuple[tuple[int, int, int], ...]
    width: int
    height: int


def shaded_map(
    shapes: Sequence[tuple[str, BaseGeometry]], values: Mapping[str, int | None]
) -> ShadedMap | None:
    """Shapes (WGS-84) shaded by their values; None where there is nothing to draw.

    Shared borders stay shared: they are simplified as one coverage.
    """
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds([shape for _, shape in shapes])
    flat = cos(radians((south + north) / 2))
    across = max((east - west) * flat, 1e-9)
    scale = WIDTH / across
    height = max(120, round((north - south) * scale))
    drawn = shapely.coverage_simplify(
        np.array([shape for _, shape in shapes], dtype=object), (east - west) / FINEST
    )
    limits = _limits(values)

    def path(shape: BaseGeometry) -> str:
        rings = []
        for part in shapely.get_parts(shape):
            for ring in (part.exterior, *part.interiors):
                points = shapely.get_coordinates(ring)
                xs = (points[:, 0] - west) * flat * scale
                ys = (north - points[:, 1]) * scale
                pairs = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
                rings.append(f"M{pairs}Z")
        return "".join(rings)

    areas = tuple(
        Area(key, path(shape), _shade(values.get(key), limits))
        for (key, _), shape in zip(shapes, drawn, strict=True)
    )
    return ShadedMap(areas, _steps(values, limits), WIDTH, height)


def _limits(values: Mapping[str, int | None]) -> list[float]:
    """Where a darker shade begins: as many areas in each shade as possible."""
    counts = [value for value in values.values() if value]
    if not counts:
        return []
    return [float(each) for each in np.quantile(counts, [0.2, 0.4, 0.6, 0.8])]


def _shade(value: int | None, limits: Sequence[float]) -> int | None:
    if value is None:
        return None
    return 0 if value == 0 else 1 + sum(value > limit for limit in limits)


def _steps(
    values: Mapping[str, int | None], limits: Sequence[float]
) -> tuple[tuple[int, int, int], ...]:
    by_shade: dict[int, list[int]] = {}
    for value in values.values():
        shade = _shade(value, limits)
        if value and shade is not None:
            by_shade.setdefault(shade, []).append(value)
    return tuple((shade, min(each), max(each)) for shade, each in sorted(by_shade.items()))
