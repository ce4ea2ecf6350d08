"""A list of compounds and buildings from a file, judged row by row. Pure; nothing is kept here.

Rows come as cells by column name. What can be taken becomes a draft with WGS-84 numbers beside the
raw ones; what cannot is named with its row and reason. The coordinate system was chosen by a
person; when another fits markedly better that is said, and nothing is converted in silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import Any, Final

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geo.coordinate_check import CoordinateCheck, check_coordinates, swapped_by_range
from geo.coordinates import to_wgs84
from geo.shapes import BadShape, LocalPlane, from_geojson, to_geojson
from tenants.marking import N_
from tenants.places.spelling import normal_name

FAULTS: Final = {
    "no_name": N_("没有名称。"),
    "name_too_long": N_("名称太长，最多 80 个字。"),
    "address_too_long": N_("门牌地址太长，最多 120 个字。"),
    "unknown_kind": N_("“%(value)s”既不是小区也不是楼栋。"),
    "no_place": N_("没有经度和纬度。"),
    "unreadable": N_("“%(value)s”不是经纬度。"),
    "zero": N_("0, 0 不是真实的位置。"),
    "swapped": N_("经度和纬度填反了。"),
    "off_earth": N_("超出了经纬度的范围。"),
    "bad_shape": N_("轮廓画得不对（自相交、不闭合或有几块），请改画成一块。"),
    "outside": N_("在本辖区以外约 %(metres)s 米。"),
    "not_mine": N_("不在您的网格内。"),
    "twice": N_("与第 %(row)s 行重复。"),
    "known": N_("已经登记过了。"),
    "known_elsewhere": N_("已经登记过了，位置相差 %(metres)s 米；要改位置请打开它再更正。"),
}
"""Code of a fault -> the sentence, with places for its values."""

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("名称", "楼栋", "楼号", "楼栋号", "楼栋名称", "幢号", "栋号", "name", "building"),
    "compound": ("小区", "小区名称", "所在小区", "所属小区", "compound"),
    "kind": ("类型", "类别", "种类", "kind", "type"),
    "address": ("地址", "门牌", "门牌地址", "门牌号", "address"),
    "lon": ("经度", "东经", "lon", "lng", "longitude", "x"),
    "lat": ("纬度", "北纬", "lat", "latitude", "y"),
}
"""Our column -> the headings under which offices write it."""

_KINDS: Final = {"小区": "compound", "院落": "compound", "楼栋": "building", "楼": "building"} | {
    "compound": "compound",
    "building": "building",
    "": "",
}
_TEXTS: Final = {"name": 80, "compound": 80, "address": 120}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: its number there, cells by column, and an outline where one was drawn.

    `shape` is GeoJSON in the file's own system.
    """

    number: int
    cells: dict[str, str]
    lon: float | None = None
    lat: float | None = None
    shape: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that can be taken; `compound` is a name, '' for none. WGS-84 beside the raw numbers."""

    row: int
    kind: str
    name: str
    compound: str
    address: str
    x: float
    y: float
    lon: float
    lat: float
    footprint: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same place however it is written."""
        return normal_name(self.compound) if self.compound else "", normal_name(self.name)


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole list: rows = drafts + faulty rows. `doubt` is empty while the system is believed."""

    rows: int
    drafts: list[Draft]
    faults: list[dict[str, Any]]
    doubt: dict[str, Any] = field(default_factory=dict)


class UnusableList(ValueError):
    """No row of the file can be judged; `code` says why: projected, swapped, no_columns, empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def column_of(heading: str) -> str | None:
    """Which of our columns a heading means."""
    plain = "".join(heading.split()).lower().removesuffix("(度)").removesuffix("（度）")
    return next((name for name, words in COLUMNS.items() if plain in words), None)


def check_rows(rows: Sequence[Row], system: str, boundary: BaseGeometry | None) -> Checked:
    """Judge every row under the chosen system. Raises UnusableList when all of it is misread."""
    if not rows:
        raise UnusableList("empty")
    judged = [_judge(row) for row in rows]
    points = [(each.x, each.y) for each in judged if isinstance(each, _Numbers)]
    check = check_coordinates([x for x, _ in points], [y for _, y in points], boundary, system)
    _refuse_misread(check)
    drafts: list[Draft] = []
    faults = [each for each in judged if isinstance(each, dict)]
    seen: dict[tuple[str, str], int] = {}
    for row, numbers in zip(rows, judged, strict=True):
        if isinstance(numbers, dict):
            continue
        found = _draft(row, numbers, system, boundary)
        if isinstance(found, Draft) and found.key in seen:
            found = _fault(row.number, "twice", row=seen[found.key])
        if isinstance(found, Draft):
            seen[found.key] = row.number
            drafts.append(found)
        else:
            faults.append(found)
    return Checked(len(rows), drafts, sorted(faults, key=lambda each: each["row"]), _doubt(check))


def apart(
    checked: Checked, known: dict[tuple[str, str], tuple[float, float]]
) -> tuple[list[Draft], list[dict[str, Any]]]:
    """Set what is registered already apart: (new drafts, all faults by row).

    `known`: key of every open building -> its WGS-84 point.
    """
    fresh, faults = [], list(checked.faults)
    for draft in checked.drafts:
        there = known.get(draft.key)
        if there is None:
            fresh.append(draft)
            continue
        metres = _metres((draft.lon, draft.lat), there)
        code = "known" if metres < 1.0 else "known_elsewhere"
        faults.append(
            _fault(draft.row, code, **({} if metres < 1.0 else {"metres": round(metres)}))
        )
    return fresh, sorted(faults, key=lambda each: each["row"])


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The raw point of a row and its outline, in the file's system."""

    x: float
    y: float
    outline: Polygon | None


def _judge(row: Row) -> "_Numbers | dict[str, Any]":
    """What a row's numbers are, or the first thing that is wrong with it."""
    outline = None
    x, y = row.lon, row.lat
    if row.shape is not None:
        shape = _shape_of(row.shape)
        if shape is None:
            return _fault(row.number, "bad_shape")
        point = shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)
        outline = shape if isinstance(shape, Polygon) else None
        x, y = shapely.get_x(point).item(), shapely.get_y(point).item()
    if x is None or y is None:
        return _fault(row.number, "unreadable", value=_written(row))
    if isnan(x) or isnan(y):
        return _fault(row.number, "no_place")
    if x == 0.0 and y == 0.0:
        return _fault(row.number, "zero")
    return _Numbers(x, y, outline)


def _draft(
    row: Row, numbers: _Numbers, system: str, boundary: BaseGeometry | None
) -> Draft | dict[str, Any]:
    texts = {name: row.cells.get(name, "").strip() for name in _TEXTS}
    kind = _KINDS.get(row.cells.get("kind", "").strip().lower())
    if kind is None:
        return _fault(row.number, "unknown_kind", value=row.cells["kind"].strip()[:20])
    name = texts["name"]
    if not name and kind != "building" and texts["compound"]:
        # A line with nothing but a compound's name is the compound.
        kind, name, texts["compound"] = "compound", texts["compound"], ""
    kind = kind or "building"
    if not normal_name(name):
        return _fault(row.number, "no_name")
    for code, text in (("name", name), ("name", texts["compound"]), ("address", texts["address"])):
        if len(text) > _TEXTS[code]:
            return _fault(row.number, f"{code}_too_long")
    if bool(swapped_by_range(numbers.x, numbers.y)):
        return _fault(row.number, "swapped")
    if abs(numbers.x) > 180.0 or abs(numbers.y) > 90.0:
        return _fault(row.number, "off_earth")
    lon, lat = (round(float(each), 7) for each in to_wgs84(numbers.x, numbers.y, system))
    beyond = _metres_outside(lon, lat, boundary)
    if beyond > 0.0:
        return _fault(row.number, "outside", metres=max(1, round(beyond)))
    inside = "" if kind == "compound" else texts["compound"]
    outline = _outline(numbers.outline, system)
    return Draft(
        row.number, kind, name, inside, texts["address"], numbers.x, numbers.y, lon, lat, outline
    )  # fmt: skip


def _shape_of(given: dict[str, Any]) -> BaseGeometry | None:
    """One point or one valid polygon; None for anything else."""
    try:
        found = from_geojson(given)
    except BadShape:
        return None
    if found.geom_type == "MultiPolygon" and len(found.geoms) == 1:
        found = found.geoms[0]
    return found if found.geom_type in ("Point", "Polygon") else None


def _outline(outline: Polygon | None, system: str) -> str:
    """WKT of the outline in WGS-84, '' for none."""
    if outline is None:
        return ""

    def convert(degrees: Any) -> Any:
        return np.column_stack(to_wgs84(degrees[:, 0], degrees[:, 1], system))

    turned = from_geojson(to_geojson(shapely.transform(outline, convert)))
    return str(turned.wkt)


def _refuse_misread(check: CoordinateCheck) -> None:
    if check.looks_projected:
        raise UnusableList("projected")
    if check.looks_swapped:
        raise UnusableList("swapped")


def _doubt(check: CoordinateCheck) -> dict[str, Any]:
    """Which system fits better than the declared one, and by how many points; empty for none."""
    if check.better_system is None:
        return {}
    better = [reading.system for reading in check.better if not reading.swapped]
    return {
        "systems": better,
        "inside": check.inside,
        "inside_better": check.better[0].inside,
        "points": check.points,
    }


def _metres_outside(lon: float, lat: float, boundary: BaseGeometry | None) -> float:
    """Metres beyond the boundary, 0.0 inside it or without one."""
    if boundary is None or shapely.intersects_xy(boundary, lon, lat):
        return 0.0
    plane = LocalPlane(lon, lat)
    return float(shapely.distance(plane.to_metres(boundary), shapely.Point(0.0, 0.0)))


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    plane = LocalPlane(*one)
    east, north = plane.metres(np.array([other]))[0]
    return float(np.hypot(east, north))


def _written(row: Row) -> str:
    return ", ".join(row.cells.get(name, "").strip()[:30] for name in ("lon", "lat"))


def _fault(row: int, code: str, /, **values: Any) -> dict[str, Any]:
    return {"row": row, "code": code, "values": values}
