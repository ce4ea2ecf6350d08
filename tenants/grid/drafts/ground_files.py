"""Files of many shapes with their words: GeoJSON, a zipped Shapefile, a GeoPackage."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from geo.shape_files import MOST_BYTES, BadShapeFile, is_packed, read_packed
from tenants.marking import N_

MOST_FEATURES: Final = 20_000

SENTENCES: Final[dict[str, str]] = {
    "unknown_file": N_("读不懂这个文件。可以用 GeoJSON、压缩成 zip 的 Shapefile 或 GeoPackage。"),
    "too_large": N_("文件太大，解开以后最多 %(most)s MB、%(features)s 个图形。"),
    "no_shapefile": N_("压缩包里没有 Shapefile（.shp）。请把同名的几个文件一起压缩。"),
    "several": N_("文件里有不止一个图层。请只导出网格这一层。"),
    "unknown_grid": N_("文件写明的坐标系统认不出来。请换算成经纬度再导出。"),
}
_CODES: Final = {
    "no_layer": "unknown_file",
    "several_layers": "several",
    "out_of_range": "unknown_grid",
}
"""What the reader says -> the sentence it is told in, where they differ."""


class BadGroundFile(ValueError):
    """A file that cannot be read; `sentence` is a msgid, `values` fill it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = SENTENCES[code]
        self.values = (
            {"most": MOST_BYTES >> 20, "features": MOST_FEATURES} if code == "too_large" else {}
        )


@dataclass(frozen=True, slots=True)
class GroundFeature:
    """One shape with its properties: `geometry` as GeoJSON wrote it, else `shape` in degrees."""

    properties: Mapping[str, Any] = field(default_factory=dict)
    geometry: Any = None
    shape: BaseGeometry | None = None


def read_ground_file(content: bytes) -> list[GroundFeature]:
    """Every shape of a file, in its order. Raises BadGroundFile."""
    if len(content) > MOST_BYTES:
        raise BadGroundFile("too_large")
    found = _from_packed(content) if is_packed(content) else _from_text(content)
    if len(found) > MOST_FEATURES:
        raise BadGroundFile("too_large")
    return found


def _from_packed(content: bytes) -> list[GroundFeature]:
    try:
        found = read_packed(content, most=MOST_FEATURES + 1)
    except BadShapeFile as why:
        raise BadGroundFile(_CODES.get(why.code, why.code)) from None
    return [GroundFeature(each.properties, None, each.shape) for each in found]


def _from_text(content: bytes) -> list[GroundFeature]:
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadGroundFile("unknown_file") from None
    if not isinstance(given, dict):
        raise BadGroundFile("unknown_file")
    features = given.get("features") if given.get("type") == "FeatureCollection" else [given]
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise BadGroundFile("unknown_file")
    return [
        GroundFeature(properties if isinstance(properties, dict) else {}, each)
        for each in features
        for properties in [each.get("properties")]
    ]
