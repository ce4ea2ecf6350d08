"""A cell as somebody drew or sent it: one flat polygon, or one clear sentence why it is none.

What cannot be used is refused with the shape that a map can paint. Nothing is repaired: not even
an open ring is closed, because nobody but the person knows where its border was meant to run.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from geo.shapes import BadShape, LocalPlane, from_geojson, tidied, to_geojson, within_china_bounds

MOST_VERTICES: Final = 5_000
"""Of one cell: a street block has dozens. More is a drawing programme's curve."""
FARTHEST_METRES: Final = 100.0
"""A cell that keeps this far away from the community was not meant for it."""


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues; the page translates and fills it."""
    return sentence


SENTENCES: Final[dict[str, str]] = {
    "not_a_shape": N_("这不是一个 GeoJSON 面。请检查内容是否完整。"),
    "a_line": N_("这是一条线，不是一块面。请把首尾连起来再试。"),
    "open_ring": N_("边线没有闭合：起点和终点不是同一点。请把最后一点连回起点。"),
    "too_few": N_("一个网格至少要有三个不同的顶点。"),
    "several_parts": N_("一个网格只能是一块，这里有 %(parts)s 块。请拆成几个网格。"),
    "too_many": N_("这个网格有 %(vertices)s 个顶点，最多 %(most)s 个。请先在绘图软件里简化。"),
    "not_degrees": N_("坐标不是经纬度（度），可能是以米为单位的平面坐标。请先换算。"),
    "swapped": N_("经度和纬度像是写反了：在我国，经度是较大的数。请对调后再试。"),
    "elsewhere": N_("这个网格不在我国境内，请核对坐标和坐标系。"),
    "far_away": N_("这个网格在社区边界以外约 %(metres)s 米，请核对坐标和坐标系。"),
    "crossing": N_("边线在标出的位置自己交叉或重复，请在那里改正。"),
}


class BadCell(ValueError):
    """A shape that is no cell. `sentence` is a msgid with %(name)s places, `values` fill it.

    `geometry` is GeoJSON of what to paint (WGS-84), or None where nothing can be painted.
    """

    def __init__(
        self,
        code: str,
        values: Mapping[str, int] | None = None,
        geometry: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = SENTENCES[code]
        self.values = dict(values or {})
        self.geometry = geometry


def read_cell(given: Any, boundary: BaseGeometry | None) -> Polygon:
    """A GeoJSON geometry or feature (WGS-84) -> one valid polygon. Raises BadCell."""
    geometry = _geometry(given)
    _refuse_form(geometry)
    try:
        found = from_geojson(geometry)
    except BadShape as bad:
        raise _told(bad, geometry) from None
    parts = [part for part in shapely.get_parts(found) if isinstance(part, Polygon)]
    if not parts:
        raise BadCell("a_line", geometry=to_geojson(found))
    if len(parts) > 1:
        least = sorted(parts, key=lambda part: part.area)[:-1]
        raise BadCell("several_parts", {"parts": len(parts)}, to_geojson(MultiPolygon(least)))
    return checked_place(parts[0], boundary)


def checked_place(cell: Polygon, boundary: BaseGeometry | None) -> Polygon:
    """The cell itself when it lies where it can be meant. Raises BadCell."""
    if not within_china_bounds(cell):
        turned = shapely.transform(cell, lambda degrees: degrees[:, ::-1])
        raise BadCell("swapped" if within_china_bounds(turned) else "elsewhere")
    if boundary is not None and not shapely.intersects(cell, boundary):
        plane = LocalPlane.around(boundary)
        metres = shapely.distance(plane.to_metres(cell), plane.to_metres(boundary))
        if metres > FARTHEST_METRES:
            raise BadCell("far_away", {"metres": round(metres)}, to_geojson(cell))
    return cell


def as_cell(given: BaseGeometry) -> Polygon | None:
    """An overlay's outcome as a cell: rounded and valid, or None when it is not one polygon."""
    parts = shapely.get_parts(given)
    if len(parts) != 1 or not isinstance(parts[0], Polygon) or parts[0].is_empty:
        return None
    found = tidied(shapely.force_2d(parts[0]))
    return found if isinstance(found, Polygon) and shapely.is_valid(found) else None


def _geometry(given: Any) -> Mapping[str, Any]:
    if isinstance(given, Mapping) and given.get("type") == "FeatureCollection":
        features = given.get("features")
        if isinstance(features, list) and len(features) == 1:
            given = features[0]
    if isinstance(given, Mapping) and given.get("type") == "Feature":
        given = given.get("geometry")
    if not isinstance(given, Mapping) or not isinstance(given.get("coordinates"), list | tuple):
        raise BadCell("not_a_shape")
    return given


def _refuse_form(geometry: Mapping[str, Any]) -> None:
    """What can be told from the lists alone, before anything is made of them."""
    kind, coordinates = geometry.get("type"), geometry["coordinates"]
    if kind in ("LineString", "MultiLineString", "Point", "MultiPoint"):
        places = list(_places(coordinates))
        raise BadCell("a_line", geometry=_line(places))
    if kind not in ("Polygon", "MultiPolygon"):
        raise BadCell("not_a_shape")
    rings = coordinates if kind == "Polygon" else [r for part in coordinates for r in _list(part)]
    vertices = sum(len(_list(ring)) for ring in rings)
    if vertices > MOST_VERTICES:
        values = {"vertices": vertices, "most": MOST_VERTICES}
        raise BadCell("too_many", values, _frame(_places(coordinates)))
    for ring in rings:
        places = list(_places(_list(ring)))
        if len(set(places)) < 3:
            raise BadCell("too_few", geometry=_line(places))
        if places[0] != places[-1]:
            raise BadCell("open_ring", geometry=_line([places[-1], places[0]]))


def _told(bad: BadShape, geometry: Mapping[str, Any]) -> BadCell:
    if bad.code == "out_of_range":
        turned = [(lat, lon) for lon, lat in _places(geometry["coordinates"])]
        swapped = all(abs(lon) <= 180.0 and abs(lat) <= 90.0 for lon, lat in turned)
        return BadCell("swapped" if swapped else "not_degrees")
    if bad.code == "invalid":
        place = None if bad.place is None else to_geojson(bad.place)
        return BadCell("crossing", geometry=place or _line(list(_places(geometry["coordinates"]))))
    return BadCell("not_a_shape")


def _list(given: Any) -> Sequence[Any]:
    if not isinstance(given, list | tuple):
        raise BadCell("not_a_shape")
    return given


def _places(given: Any) -> Iterable[tuple[float, float]]:
    """Every position in nested lists. Raises BadCell for what is no number."""
    stack = [given]
    found: list[tuple[float, float]] = []
    while stack:
        each = stack.pop()
        if isinstance(each, list | tuple) and each and not isinstance(each[0], list | tuple):
            numbers = [n for n in each[:2] if isinstance(n, int | float) and math.isfinite(n)]
            if len(numbers) < 2:
                raise BadCell("not_a_shape")
            found.append((float(numbers[0]), float(numbers[1])))
        elif isinstance(each, list | tuple):
            stack.extend(reversed(each))
        else:
            raise BadCell("not_a_shape")
    return found


def _line(places: list[tuple[float, float]]) -> dict[str, Any] | None:
    inside = [place for place in places if abs(place[0]) <= 180.0 and abs(place[1]) <= 90.0]
    return dict(mapping(LineString(inside))) if len(inside) > 1 else None


def _frame(places: Iterable[tuple[float, float]]) -> dict[str, Any] | None:
    """The box round positions, when it lies on earth."""
    lon, lat = zip(*places, strict=True)
    if max(map(abs, lon)) > 180.0 or max(map(abs, lat)) > 90.0:
        return None
    return dict(mapping(box(min(lon), min(lat), max(lon), max(lat))))
