"""Boundaries in files: GeoJSON, a zipped Shapefile, a GeoPackage.

The file says which grid its numbers are on (.prj, the GeoPackage's table of systems), so metres
become degrees by that; which of the shifted Chinese systems the degrees are in is what a person
says, because files are often silent or wrong about it. Exactly one shape is meant.
"""

import io
import sqlite3
import struct
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyproj
import shapefile
import shapely
from pyproj.exceptions import CRSError
from shapely import MultiPolygon, Polygon
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from geo.coordinates import to_wgs84
from geo.shapes import fault_of, tidied
from tenants.organisations.boundaries import (
    SENTENCES,
    BoundaryFault,
    Judged,
    own_judgement,
    read_boundary,
)

MOST_BYTES: Final = 64 << 20
"""Unpacked: a boundary takes some hundred kilobytes."""
_ENDINGS: Final = (".shp", ".shx", ".dbf", ".prj")
_GPKG: Final = b"SQLite format 3\x00"


class Unreadable(ValueError):
    """`code` of the sentence that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_boundary_file(content: bytes, filename: str, system: str) -> Judged:
    """A boundary out of an uploaded file -> WGS-84, or the fault that keeps it from being one."""
    try:
        if content.startswith(_GPKG):
            found, crs = _one(_from_geopackage(content))
        elif content.startswith(b"PK"):
            found, crs = _one(_from_zip(content))
        else:
            return in_system(read_boundary(_text(content)), system)
        return _judged(_in_degrees(found, crs), system)
    except Unreadable as why:
        return Judged(None, (BoundaryFault(why.code, SENTENCES[why.code]),))


def in_system(read: Judged, system: str) -> Judged:
    """The same boundary when its degrees are in `system` -> WGS-84."""
    if read.shape is None:
        return read
    said = tuple(notice for notice in read.notices if notice.code == "closed")
    judged = _judged(read.shape, system)
    return replace(judged, notices=(*said, *judged.notices))


def _judged(given: BaseGeometry, system: str) -> Judged:
    def shifted(degrees: Any) -> Any:
        return np.column_stack(to_wgs84(degrees[:, 0], degrees[:, 1], system))

    if not np.all(np.abs(shapely.get_coordinates(given)) <= (180.0, 90.0)):
        raise Unreadable("out_of_range")
    whole = given if isinstance(given, MultiPolygon) else MultiPolygon([given])
    moved = tidied(shapely.transform(whole, shifted))
    fault = fault_of(moved)
    if fault is not None:
        return Judged(None, (BoundaryFault("invalid", SENTENCES["invalid"], {}, fault.place),))
    return own_judgement(moved)


def _one(found: Iterator[tuple[BaseGeometry, str]]) -> tuple[BaseGeometry, str]:
    shapes = [each for _at, each in zip(range(2), found, strict=False)]
    if len(shapes) != 1:
        raise Unreadable("unknown_type" if shapes else "empty")
    (geometry, crs) = shapes[0]
    if not isinstance(geometry, Polygon | MultiPolygon):
        raise Unreadable("wrong_type")
    if geometry.is_empty:
        raise Unreadable("empty")
    return shapely.force_2d(geometry), crs


def _in_degrees(given: BaseGeometry, crs: str) -> BaseGeometry:
    """Degrees, longitude first, of whatever grid the file names; unnamed ones stay as they are."""
    if not crs:
        return given
    try:
        system = pyproj.CRS.from_user_input(crs)
    except CRSError:
        raise Unreadable("unknown_grid") from None
    if system.is_geographic and system.to_epsg(min_confidence=25) in (4326, 4490, None):
        return given
    turn = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)

    def degrees(metres: Any) -> Any:
        return np.column_stack(turn.transform(metres[:, 0], metres[:, 1]))

    moved = shapely.transform(given, degrees)
    if not np.all(np.isfinite(shapely.get_coordinates(moved))):
        raise Unreadable("out_of_range")
    return moved


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("unknown_file") from None


def _from_zip(content: bytes) -> Iterator[tuple[BaseGeometry, str]]:
    """The one Shapefile in a ZIP. Only its four parts are unpacked, and only so much of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = [name for name in packed.namelist() if name.lower().endswith(".shp")]
            names = [name for name in names if "__MACOSX" not in name]
            if len(names) != 1:
                raise Unreadable("no_shapefile" if not names else "unknown_type")
            stem = names[0][:-4].lower()
            parts = {
                name.lower()[-4:]: packed.read(name)
                for name in packed.namelist()
                if name.lower()[:-4] == stem
                and name.lower().endswith(_ENDINGS)
                and _small(packed, name)
            }
            yield from _from_shapefile(parts)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        raise Unreadable("unknown_file") from None


def _small(packed: zipfile.ZipFile, name: str) -> bool:
    if packed.getinfo(name).file_size > MOST_BYTES:
        raise Unreadable("too_large_file")
    return True


def _from_shapefile(parts: dict[str, bytes]) -> Iterator[tuple[BaseGeometry, str]]:
    crs = parts.get(".prj", b"").decode("utf-8", "replace").strip()
    try:
        with shapefile.Reader(shp=io.BytesIO(parts[".shp"])) as reader:
            for found in reader.iterShapes():
                yield shape_of(found.__geo_interface__), crs
    except (
        shapefile.ShapefileException,
        shapely.errors.ShapelyError,
        struct.error,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        EOFError,
        OverflowError,
        MemoryError,
    ):
        raise Unreadable("unknown_file") from None


def _from_geopackage(content: bytes) -> Iterator[tuple[BaseGeometry, str]]:
    """The one table of features of a GeoPackage, opened in memory; nothing in it is run."""
    try:
        with closing(sqlite3.connect(":memory:")) as package:
            package.deserialize(content)
            package.execute("PRAGMA trusted_schema = OFF")
            package.execute("PRAGMA query_only = ON")
            table, column, crs = _layer(package)
            for (blob,) in package.execute(f"SELECT {column} FROM {table} LIMIT 2"):  # noqa: S608
                yield shapely.from_wkb(_wkb(blob)), crs
    except (sqlite3.Error, shapely.errors.ShapelyError, OverflowError, MemoryError):
        raise Unreadable("unknown_file") from None


def _layer(package: sqlite3.Connection) -> tuple[str, str, str]:
    layers = package.execute(
        "SELECT g.table_name, g.column_name, s.organization, s.organization_coordsys_id,"
        " s.definition FROM gpkg_geometry_columns g"
        " JOIN sqlite_master m ON m.name = g.table_name AND m.type = 'table'"
        " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id LIMIT 2"
    ).fetchall()
    if len(layers) != 1:
        raise Unreadable("unknown_type" if layers else "empty")
    table, column, authority, number, definition = layers[0]
    named = str(authority or "").upper() == "EPSG" and isinstance(number, int) and number > 0
    crs = f"EPSG:{number}" if named else str(definition or "")
    return _quoted(table), _quoted(column), "" if crs.lower() == "undefined" else crs


def _quoted(name: str) -> str:
    return '"' + str(name).replace('"', '""') + '"'


def _wkb(blob: object) -> bytes:
    """The WKB behind a GeoPackage's header: 'GP', version, flags, system, an envelope."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 9:
        raise Unreadable("unknown_file")
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(blob[3] >> 1 & 7)
    if envelope is None:
        raise Unreadable("unknown_file")
    return blob[8 + envelope :]
