"""Shapes out of packed files: a zipped Shapefile or a GeoPackage.

The file says which grid its numbers are on (.prj, the GeoPackage's table of systems), so metres
become degrees by that; which of the shifted Chinese systems the degrees are in is what a person
says, because files are often silent or wrong about it. Nothing in a file is run, and no more is
unpacked than a county's ground can need.
"""

import io
import sqlite3
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import numpy as np
import pyproj
import shapefile
import shapely
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

MOST_BYTES: Final = 64 << 20
"""Of the parts that are read, unpacked."""
MOST_STEPS: Final = 50_000_000
STEPS_AT_ONCE: Final = 10_000
"""Of SQLite's machine: a county's ground takes a few million, a view without end all there are."""
_PARTS: Final = (".shp", ".dbf", ".prj", ".cpg")
_ZIP, _GEOPACKAGE = b"PK", b"SQLite format 3\x00"
_BROKEN: Final = (
    shapefile.ShapefileException,
    shapefile.GeoJSON_Error,
    shapely.errors.ShapelyError,
    struct.error,
    sqlite3.Error,
    zipfile.BadZipFile,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
    EOFError,
    OSError,
    RuntimeError,
)
"""What the readers of strange bytes are known to raise."""


class BadShapeFile(Exception):
    """A file that cannot be read.

    `code`: unknown_file | too_large | no_shapefile | no_layer | several_layers | unknown_grid |
    out_of_range.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class FiledShape:
    """One shape in degrees, longitude first, as the file has it, with its words."""

    shape: BaseGeometry
    properties: Mapping[str, Any] = field(default_factory=dict)


def is_packed(content: bytes) -> bool:
    """Whether these are the bytes of a ZIP or a GeoPackage."""
    return content.startswith((_ZIP, _GEOPACKAGE))


def read_packed(content: bytes, *, most: int, words: bool = True) -> list[FiledShape]:
    """The first `most` shapes of the file's one layer, in its order. Raises BadShapeFile.

    Whoever must know whether there are more asks for one more. Without `words` the shapes come
    alone, and a broken table beside them is no fault.
    """
    try:
        read = _from_zip if content.startswith(_ZIP) else _from_geopackage
        return list(islice(read(content, words, most), most))
    except _BROKEN:
        raise BadShapeFile("unknown_file") from None


def _from_zip(content: bytes, words: bool, most: int) -> Iterator[FiledShape]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [name for name in packed.namelist() if "__MACOSX" not in name]
        stems = [name[:-4].lower() for name in names if name.lower().endswith(".shp")]
        if len(stems) != 1:
            raise BadShapeFile("several_layers" if stems else "no_shapefile")
        wanted = [
            name for name in names if name[:-4].lower() == stems[0] and name[-4:].lower() in _PARTS
        ]
        if sum(packed.getinfo(name).file_size for name in wanted) > MOST_BYTES:
            raise BadShapeFile("too_large")
        parts = {name[-4:].lower(): packed.read(name) for name in wanted}
    crs = parts.get(".prj", b"").decode("utf-8", "replace").strip()
    for shape, record in _records(parts, words, most):
        properties = {} if record is None else record.as_dict()
        yield FiledShape(
            _in_degrees(shapely.geometry.shape(shape.__geo_interface__), crs), properties
        )


def _records(parts: dict[str, bytes], words: bool, most: int) -> Iterator[tuple[Any, Any]]:
    """(shape, its row of words or None), `most` at most: a small ZIP can hold millions.

    Words are in the encoding the file names, else UTF-8, else the one of Chinese programmes.
    """
    if not words or ".dbf" not in parts:
        with shapefile.Reader(shp=io.BytesIO(parts[".shp"])) as reader:
            yield from ((shape, None) for shape in reader.iterShapes())
        return
    written = parts.get(".cpg", b"").decode("ascii", "replace").strip() or "utf-8"
    for encoding in (written, "gb18030"):
        shp, dbf = io.BytesIO(parts[".shp"]), io.BytesIO(parts[".dbf"])
        try:
            with shapefile.Reader(shp=shp, dbf=dbf, encoding=encoding) as reader:
                each_one = islice(reader.iterShapeRecords(), most)
                found = [(each.shape, each.record) for each in each_one]
        except (LookupError, UnicodeError, shapefile.ShapefileException):
            continue
        yield from found
        return
    raise BadShapeFile("unknown_file")


def _from_geopackage(content: bytes, words: bool, most: int) -> Iterator[FiledShape]:
    with closing(sqlite3.connect(":memory:")) as package:
        package.deserialize(content)
        _confine(package)
        package.row_factory = sqlite3.Row
        table, column, crs = _layer(package)
        columns = _written_columns(package, table) if words else [column]
        wanted = ", ".join(_quoted(name) for name in columns)
        length = 0
        for row in package.execute(f"SELECT {wanted} FROM {_quoted(table)} LIMIT {most}"):
            length += sum(len(value) for value in row if isinstance(value, str | bytes))
            if length > MOST_BYTES:
                raise BadShapeFile("too_large")
            properties = {key: row[key] for key in columns if key != column}
            yield FiledShape(_in_degrees(shapely.from_wkb(_wkb(row[column])), crs), properties)


def _confine(package: sqlite3.Connection) -> None:
    """A database is a programme too: views without end, columns computed to gigabytes.

    What is asked of it is asked of plain tables, and for so many steps and bytes and no more.
    """
    package.execute("PRAGMA trusted_schema = OFF")
    package.execute("PRAGMA query_only = ON")
    package.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    steps = iter(range(MOST_STEPS // STEPS_AT_ONCE))
    package.set_progress_handler(lambda: int(next(steps, None) is None), STEPS_AT_ONCE)
    for name in ("gpkg_geometry_columns", "gpkg_spatial_ref_sys"):
        if not _is_plain_table(package, name):
            raise BadShapeFile("unknown_file")


def _is_plain_table(package: sqlite3.Connection, name: str) -> bool:
    """Neither a view nor a virtual table: those have no pages of their own."""
    asked = "SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table' AND rootpage > 0"
    return package.execute(asked, (name,)).fetchone() is not None


def _written_columns(package: sqlite3.Connection, table: str) -> list[str]:
    """Columns that hold what was written, without those that are computed when they are read."""
    asked = package.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", (table,))
    return [str(row[0]) for row in asked]


def _layer(package: sqlite3.Connection) -> tuple[str, str, str]:
    """The one table of features: its name, the column of shapes, the grid."""
    layers = package.execute(
        "SELECT g.table_name, g.column_name, s.organization, s.organization_coordsys_id,"
        " s.definition FROM gpkg_geometry_columns g"
        " JOIN sqlite_master m ON m.name = g.table_name AND m.type = 'table'"
        " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id LIMIT 2"
    ).fetchall()
    if len(layers) != 1:
        raise BadShapeFile("several_layers" if layers else "no_layer")
    if not _is_plain_table(package, str(layers[0][0])):
        raise BadShapeFile("unknown_file")
    table, column, authority, number, definition = layers[0]
    named = str(authority or "").upper() == "EPSG" and isinstance(number, int) and number > 0
    crs = f"EPSG:{number}" if named else str(definition or "")
    return str(table), str(column), "" if crs.lower() == "undefined" else crs


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _wkb(blob: object) -> bytes:
    """The WKB behind a GeoPackage's header: 'GP', version, flags, system, an envelope."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 9:
        raise BadShapeFile("unknown_file")
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(blob[3] >> 1 & 7)
    if envelope is None:
        raise BadShapeFile("unknown_file")
    return blob[8 + envelope :]


def _in_degrees(given: BaseGeometry, crs: str) -> BaseGeometry:
    """Degrees, longitude first, of the grid a file names; without a name they stay as they are."""
    flat = shapely.force_2d(given)
    if not crs:
        return flat
    try:
        system = pyproj.CRS.from_user_input(crs)
    except CRSError:
        raise BadShapeFile("unknown_grid") from None
    if system.is_geographic and system.to_epsg(min_confidence=25) in (4326, 4490, None):
        return flat
    turn = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    moved = shapely.transform(
        flat, lambda metres: np.column_stack(turn.transform(metres[:, 0], metres[:, 1]))
    )
    if not np.all(np.isfinite(shapely.get_coordinates(moved))):
        raise BadShapeFile("out_of_range")
    return moved
