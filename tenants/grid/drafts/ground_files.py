"""Files of many shapes with their words: GeoJSON, a zipped Shapefile, a GeoPackage.

Metres become degrees by the grid the file names; which of the shifted systems the degrees are in
is what a person says. Nothing in a file is run, and no more is unpacked than a grid can need.
"""

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyproj
import shapefile
import shapely
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from tenants.marking import N_

MOST_BYTES: Final = 64 << 20
MOST_FEATURES: Final = 20_000
_PARTS: Final = (".shp", ".dbf", ".prj", ".cpg")

SENTENCES: Final[dict[str, str]] = {
    "unknown_file": N_("读不懂这个文件。可以用 GeoJSON、压缩成 zip 的 Shapefile 或 GeoPackage。"),
    "too_large": N_("文件太大，解开以后最多 %(most)s MB、%(features)s 个图形。"),
    "no_shapefile": N_("压缩包里没有 Shapefile（.shp）。请把同名的几个文件一起压缩。"),
    "several": N_("文件里有不止一个图层。请只导出网格这一层。"),
    "unknown_grid": N_("文件写明的坐标系统认不出来。请换算成经纬度再导出。"),
}


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
    if content.startswith(b"PK"):
        found = _from_zip(content)
    elif content.startswith(b"SQLite format 3\x00"):
        found = _from_geopackage(content)
    else:
        found = _from_text(content)
    if len(found) > MOST_FEATURES:
        raise BadGroundFile("too_large")
    return found


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


def _from_zip(content: bytes) -> list[GroundFeature]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = [n for n in packed.namelist() if "__MACOSX" not in n]
            stems = [n[:-4] for n in names if n.lower().endswith(".shp")]
            if len(stems) != 1:
                raise BadGroundFile("several" if stems else "no_shapefile")
            wanted = [n for n in names if n[:-4] == stems[0] and n.lower().endswith(_PARTS)]
            if sum(packed.getinfo(name).file_size for name in wanted) > MOST_BYTES:
                raise BadGroundFile("too_large")
            return _from_shapefile({name.lower()[-4:]: packed.read(name) for name in wanted})
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        raise BadGroundFile("unknown_file") from None


def _from_shapefile(parts: dict[str, bytes]) -> list[GroundFeature]:
    """Words in the encoding the file names, else UTF-8, else the one of Chinese programmes."""
    crs = parts.get(".prj", b"").decode("utf-8", "replace").strip()
    written = parts.get(".cpg", b"").decode("ascii", "replace").strip() or "utf-8"
    for encoding in (written, "gb18030"):
        try:
            return [
                GroundFeature(
                    {} if record is None else record.as_dict(),
                    None,
                    _in_degrees(shapely.geometry.shape(shape.__geo_interface__), crs),
                )
                for shape, record in _records(parts, encoding)
            ]
        except BadGroundFile:
            raise
        except (
            shapefile.ShapefileException,
            shapely.errors.ShapelyError,
            struct.error,
            LookupError,
            ValueError,
            TypeError,
            AttributeError,
            OverflowError,
        ):
            continue
    raise BadGroundFile("unknown_file")


def _records(parts: dict[str, bytes], encoding: str) -> Iterator[tuple[Any, Any]]:
    """(shape, its row of words or None)."""
    shapes = io.BytesIO(parts[".shp"])
    if ".dbf" not in parts:
        with shapefile.Reader(shp=shapes) as reader:
            yield from ((shape, None) for shape in reader.iterShapes())
        return
    words = io.BytesIO(parts[".dbf"])
    with shapefile.Reader(shp=shapes, dbf=words, encoding=encoding) as reader:
        yield from ((each.shape, each.record) for each in reader.iterShapeRecords())


def _from_geopackage(content: bytes) -> list[GroundFeature]:
    try:
        with closing(sqlite3.connect(":memory:")) as package:
            package.deserialize(content)
            package.execute("PRAGMA trusted_schema = OFF")
            package.execute("PRAGMA query_only = ON")
            package.row_factory = sqlite3.Row
            table, column, crs = _layer(package)
            rows = package.execute(f"SELECT * FROM {_quoted(table)} LIMIT {MOST_FEATURES + 1}")
            return [
                GroundFeature(
                    {key: row[key] for key in row.keys() if key != column},  # noqa: SIM118
                    None,
                    _in_degrees(shapely.from_wkb(_wkb(row[column])), crs),
                )
                for row in rows
            ]
    except (sqlite3.Error, shapely.errors.ShapelyError, OverflowError, MemoryError):
        raise BadGroundFile("unknown_file") from None


def _layer(package: sqlite3.Connection) -> tuple[str, str, str]:
    layers = package.execute(
        "SELECT g.table_name, g.column_name, s.organization, s.organization_coordsys_id,"
        " s.definition FROM gpkg_geometry_columns g"
        " JOIN sqlite_master m ON m.name = g.table_name AND m.type = 'table'"
        " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id LIMIT 2"
    ).fetchall()
    if len(layers) != 1:
        raise BadGroundFile("several" if layers else "unknown_file")
    table, column, authority, number, definition = layers[0]
    named = str(authority or "").upper() == "EPSG" and isinstance(number, int) and number > 0
    crs = f"EPSG:{number}" if named else str(definition or "")
    return str(table), str(column), "" if crs.lower() == "undefined" else crs


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _wkb(blob: object) -> bytes:
    """The WKB behind a GeoPackage's header: 'GP', version, flags, system, an envelope."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 9:
        raise BadGroundFile("unknown_file")
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(blob[3] >> 1 & 7)
    if envelope is None:
        raise BadGroundFile("unknown_file")
    return blob[8 + envelope :]


def _in_degrees(given: BaseGeometry, crs: str) -> BaseGeometry:
    """Degrees, longitude first, of the grid a file names; without a name they stay as they are."""
    flat = shapely.force_2d(given)
    if not crs:
        return flat
    try:
        system = pyproj.CRS.from_user_input(crs)
    except CRSError:
        raise BadGroundFile("unknown_grid") from None
    if system.is_geographic and system.to_epsg(min_confidence=25) in (4326, 4490, None):
        return flat
    turn = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    return shapely.transform(
        flat, lambda metres: np.column_stack(turn.transform(metres[:, 0], metres[:, 1]))
    )
