"""A boundary before it is kept: read as it was drawn, judged beside its county and neighbours.

Pure: shapes in WGS-84 degrees in, faults with their shapes out. Nothing is repaired in silence.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo.coordinates import from_wgs84, to_wgs84
from geo.shapes import BadShape, LocalPlane, polygons_from_geojson, to_geojson, within_china_bounds
from tenants.marking import N_

MOST_VERTICES: Final = 50_000
"""A community drawn to a metre has some hundred; more than this slows every tablet down."""
TOLERANCE_METRES: Final = 0.5
"""Two borders meant to be one, drawn by two offices."""
FAR_METRES: Final = 50_000.0
_NAMES: Final = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}

SENTENCES: Final[dict[str, str]] = {
    "not_geojson": N_("这不是 GeoJSON。请粘贴一个 Polygon 或 MultiPolygon，或上传文件。"),
    "unknown_type": N_("只能有一个面（Polygon 或 MultiPolygon），这里是别的，或不止一个。"),
    "wrong_type": N_("边界必须是一块面，不能是点或线。请重新画。"),
    "not_numbers": N_("坐标里有不是数字的内容。请重新导出这个文件。"),
    "out_of_range": N_(
        "坐标超出了经纬度的范围，看起来是以米为单位的平面坐标。请换算成经纬度再用。"
    ),
    "empty": N_("这个面是空的。请重新画。"),
    "too_large": N_("顶点太多，最多 %(most)s 个。请先简化（1 米的精度就够）再用。"),
    "invalid": N_("边线在标出的位置自己交叉或重复。请在那里改正。"),
    "abroad": N_("这个面不在我国范围内。请核对经度和纬度有没有对调，坐标系选得对不对。"),
    "outside_county": N_("有 %(square_metres)s 平方米伸出%(name)s的边界。请把边线移回来。"),
    "far": N_("这个面离本县其他单位 %(kilometres)s 公里。请核对坐标系，或经度和纬度有没有对调。"),
    "overlap": N_("与%(name)s重叠 %(square_metres)s 平方米。请让两家共用一条边线。"),
    "unknown_file": N_("读不了这个文件。请上传 GeoJSON、打包成 ZIP 的 Shapefile，或 GeoPackage。"),
    "no_shapefile": N_("这个 ZIP 里没有 .shp 文件。请把 .shp、.shx、.dbf、.prj 一起打包。"),
    "too_large_file": N_("文件解开后太大。一条边界只要几百 KB，请只导出这一个面。"),
    "unknown_grid": N_(
        "文件里写的坐标系（.prj）认不出来。请换成 CGCS2000 或 WGS-84 的经纬度再导出。"
    ),
    "other_system": N_("如果这些是 %(system)s 坐标，就没有上面的问题。请核对坐标系。"),
}
NOTICES: Final[dict[str, str]] = {
    "closed": N_("最后一点没有回到第一点，已按首尾相连读取。"),
    "parts": N_("边界由 %(n)s 块不相连的面组成。如果不是飞地，请检查。"),
    "holes": N_("边界里有 %(n)s 个洞，共 %(square_metres)s 平方米不属于这里。如果不是，请检查。"),
}


@dataclass(frozen=True, slots=True)
class BoundaryFault:
    """`sentence` is a msgid with %(name)s places that `values` fill; `shape` can be painted."""

    code: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    shape: BaseGeometry | None = None

    @property
    def said(self) -> str:
        return self.sentence % self.values if self.values else self.sentence

    def feature(self) -> dict[str, Any]:
        """GeoJSON for a map and for programs."""
        geometry = None if self.shape is None else to_geojson(self.shape)
        return {
            "type": "Feature",
            "geometry": geometry,
            "properties": {"code": self.code, "sentence": self.said},
        }


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another tenant's ground and how the new one must lie to it: inside it, beside it, or only
    near it."""

    name: str
    shape: BaseGeometry
    relation: Literal["inside", "beside", "near"] = "beside"


@dataclass(frozen=True, slots=True)
class Judged:
    """A boundary and what is wrong with it; `notices` hinder nothing."""

    shape: MultiPolygon | None
    faults: tuple[BoundaryFault, ...]
    notices: tuple[BoundaryFault, ...] = ()


def read_boundary(written: str | bytes | Mapping[str, Any]) -> Judged:
    """GeoJSON in degrees -> the shape, or the one fault that keeps it from being one."""
    try:
        shape = polygons_from_geojson(written)
    except BadShape as bad:
        values = {"most": MOST_VERTICES} if bad.code == "too_large" else {}
        fault = BoundaryFault(bad.code, SENTENCES[bad.code], values, bad.place)
        return Judged(None, (fault,))
    judged = own_judgement(shape)
    if judged.shape is None or not _left_open(written):
        return judged
    return replace(judged, notices=(BoundaryFault("closed", NOTICES["closed"]), *judged.notices))


def own_judgement(shape: MultiPolygon) -> Judged:
    """What can be said of a valid shape by itself."""
    if int(shapely.get_num_coordinates(shape)) > MOST_VERTICES:
        return Judged(None, (_fault("too_large", most=MOST_VERTICES),))
    if not within_china_bounds(shape):
        return Judged(None, (_fault("abroad", shape=shape),))
    return Judged(shape, (), tuple(_notices(shape)))


def beside_others(shape: MultiPolygon, others: Sequence[Neighbour]) -> tuple[BoundaryFault, ...]:
    """Outside what must hold it, across a neighbour's border, or far from everybody."""
    plane = LocalPlane.around(shape)
    flat = plane.to_metres(shape)
    faults = []
    shapely.prepare(shape)
    for other in others:
        if other.relation == "near" or _fits(shape, other):
            continue
        theirs = plane.to_metres(other.shape)
        inside = other.relation == "inside"
        part = _wider(flat.difference(theirs) if inside else flat.intersection(theirs))
        if part.is_empty:
            continue
        code = "outside_county" if inside else "overlap"
        faults.append(
            _fault(
                code,
                shape=plane.to_degrees(part),
                name=other.name,
                square_metres=f"{part.area:,.0f}",
            )
        )
    return tuple(faults) or _far(shape, plane, others)


def other_system(
    shape: MultiPolygon, declared: str, others: Sequence[Neighbour]
) -> BoundaryFault | None:
    """Which system would leave no fault, when the declared one leaves some; a person decides.

    `shape` is what was read under `declared`, in WGS-84. Shifts are some hundred metres, so a
    boundary that fits its neighbours in another system was most likely drawn in that one.
    """
    if not any(other.relation != "near" for other in others):
        return None
    for system in _NAMES:
        if system != ("wgs84" if declared == "cgcs2000" else declared):
            read = shapely.transform(shape, partial(_as_if, declared=declared, system=system))
            if shapely.is_valid(read) and not beside_others(read, others):
                return _fault("other_system", system=_NAMES[system])
    return None


def _as_if(degrees: NDArray[np.float64], declared: str, system: str) -> NDArray[np.float64]:
    """WGS-84 degrees read under `declared` -> what they are if the numbers were in `system`."""
    written = from_wgs84(degrees[:, 0], degrees[:, 1], declared)
    return np.column_stack(to_wgs84(*written, system))


def _fits(shape: MultiPolygon, other: Neighbour) -> bool:
    """Said without measuring, which most neighbours allow."""
    if other.relation == "inside":
        return bool(shapely.covered_by(shape, other.shape))
    return bool(shapely.disjoint(shape, other.shape) or shapely.touches(shape, other.shape))


def _left_open(written: str | bytes | Mapping[str, Any]) -> bool:
    """Whether some ring of a GeoJSON that could be read does not end where it began."""
    given = written if isinstance(written, Mapping) else json.loads(written)
    while "coordinates" not in given:
        given = given["features"][0] if "features" in given else given["geometry"]
    parts = given["coordinates"] if given["type"] == "MultiPolygon" else [given["coordinates"]]
    return any(ring and ring[0] != ring[-1] for part in parts for ring in part)


def _far(
    shape: MultiPolygon, plane: LocalPlane, others: Sequence[Neighbour]
) -> tuple[BoundaryFault, ...]:
    if not others or any(shapely.intersects(shape, other.shape) for other in others):
        return ()
    flat = plane.to_metres(shape)
    metres = min(flat.distance(plane.to_metres(other.shape)) for other in others)
    if metres <= FAR_METRES:
        return ()
    return (_fault("far", kilometres=f"{metres / 1000:,.0f}"),)


def _wider(part: BaseGeometry) -> BaseGeometry:
    """The polygons of `part` that are more than two borders drawn a little apart."""
    pieces = [
        piece
        for piece in shapely.get_parts(part)
        if piece.geom_type == "Polygon" and not piece.buffer(-TOLERANCE_METRES).is_empty
    ]
    return MultiPolygon(pieces)


def _notices(shape: MultiPolygon) -> list[BoundaryFault]:
    found = []
    if len(shape.geoms) > 1:
        found.append(BoundaryFault("parts", NOTICES["parts"], {"n": len(shape.geoms)}, shape))
    holes = [shapely.Polygon(ring) for part in shape.geoms for ring in part.interiors]
    if holes:
        flat = LocalPlane.around(shape).to_metres(MultiPolygon(holes))
        values = {"n": len(holes), "square_metres": f"{flat.area:,.0f}"}
        found.append(BoundaryFault("holes", NOTICES["holes"], values, MultiPolygon(holes)))
    return found


def _fault(code: str, *, shape: BaseGeometry | None = None, **values: object) -> BoundaryFault:
    return BoundaryFault(code, SENTENCES[code], values, shape)
