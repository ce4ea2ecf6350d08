"""Packed files that would read for ever or fill the memory are refused at once."""

import io
import sqlite3
import struct
import zipfile

import pytest

from geo import shape_files
from geo.shape_files import BadShapeFile, read_packed

SYSTEMS = (
    "CREATE TABLE gpkg_spatial_ref_sys(srs_id, organization, organization_coordsys_id, definition);"
)
COLUMNS = (
    "CREATE TABLE gpkg_geometry_columns(table_name, column_name, srs_id);\n"
    "INSERT INTO gpkg_geometry_columns VALUES ('ground', 'shape', 4326);"
)
POINT = b"GP\x00\x01" + struct.pack("<i", 4326) + struct.pack("<bIdd", 1, 1, 113.2, 28.9)
WITHOUT_END = """
    CREATE VIEW {name} AS WITH RECURSIVE counted(n) AS (
        SELECT 1 UNION ALL SELECT n + 1 FROM counted
    ) SELECT 'table' || n AS table_name, 'shape' AS column_name, n AS srs_id,
             '' AS organization, 0 AS organization_coordsys_id, '' AS definition FROM counted;
"""


def geopackage(script: str, points: int = 0) -> bytes:
    package = sqlite3.connect(":memory:")
    package.executescript(script)
    if points:
        package.executemany("INSERT INTO ground (shape) VALUES (?)", [(POINT,)] * points)
    package.commit()
    return package.serialize()


@pytest.mark.parametrize(
    "script",
    [
        SYSTEMS + WITHOUT_END.format(name="gpkg_geometry_columns"),
        COLUMNS + WITHOUT_END.format(name="gpkg_spatial_ref_sys"),
        SYSTEMS + COLUMNS + WITHOUT_END.format(name="ground"),
        SYSTEMS + COLUMNS + "CREATE VIRTUAL TABLE ground USING fts5(shape);",
    ],
)
def test_a_view_in_a_tables_place_is_not_read(script):
    with pytest.raises(BadShapeFile):
        read_packed(geopackage(script), most=2)


def test_a_column_that_is_computed_is_left_out():
    """Three hundred bytes that become sixty megabytes a row when they are read."""
    ground = """CREATE TABLE ground (id INTEGER PRIMARY KEY, name TEXT, shape BLOB,
        heavy TEXT GENERATED ALWAYS AS (hex(zeroblob(30000000))));"""
    found = read_packed(geopackage(SYSTEMS + COLUMNS + ground, points=3), most=10)
    assert [set(each.properties) for each in found] == [{"id", "name"}] * 3
    assert (found[0].shape.x, found[0].shape.y) == (113.2, 28.9)


def test_steps_to_an_answer_are_counted(monkeypatch):
    ground = "CREATE TABLE ground (id INTEGER PRIMARY KEY, shape BLOB);"
    many = """CREATE TABLE gpkg_geometry_columns(table_name, column_name, srs_id);
        INSERT INTO gpkg_geometry_columns WITH RECURSIVE counted(n) AS (
            SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 30000
        ) SELECT 'none', 'shape', n FROM counted;"""
    content = geopackage(SYSTEMS + COLUMNS.replace("CREATE", many + "--", 1) + ground, points=1)
    assert len(read_packed(content, most=2)) == 1
    monkeypatch.setattr(shape_files, "MOST_STEPS", 2 * shape_files.STEPS_AT_ONCE)
    with pytest.raises(BadShapeFile):
        read_packed(content, most=2)


@pytest.mark.parametrize("words", [True, False])
def test_of_millions_of_empty_shapes_a_few_are_looked_at(words):
    count = 300_000
    body = b"".join(struct.pack(">iii", number, 2, 0) for number in range(1, count + 1))
    head = struct.pack(">i20xi", 9994, (100 + len(body)) // 2) + struct.pack("<ii64x", 1000, 5)
    column = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + b"\x01\x00" + bytes(14)
    table = struct.pack("<4BLHH20x", 3, 24, 1, 1, count, 65, 2) + column + b"\r" + b" x" * count
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ground.shp", head + body)
        archive.writestr("ground.dbf", table)
    with pytest.raises(BadShapeFile):
        read_packed(packed.getvalue(), most=2, words=words)
