"""Files of cells: each kind is read with its words, metres become degrees, nonsense is refused."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile

import pyproj
import pytest
import shapely

from tenants.grid.drafts.ground_files import SENTENCES, BadGroundFile, read_ground_file

SQUARE = shapely.box(112.5, 28.2, 112.51, 28.21)


def a_geopackage(shape, number=4326, layers=1):
    with sqlite3.connect(":memory:") as package:
        package.execute(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT,"
            " organization_coordsys_id INTEGER, definition TEXT)"
        )
        package.execute(
            "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)"
        )
        package.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, 'EPSG', ?, 'undefined')", (number, number)
        )
        for layer in range(layers):
            package.execute(f"CREATE TABLE cells{layer} (fid INTEGER, geom BLOB, code TEXT)")
            package.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?)",
                (f"cells{layer}", number),
            )
            blob = b"GP\x00\x01" + struct.pack("<i", number) + shapely.to_wkb(shape)
            package.execute(f"INSERT INTO cells{layer} VALUES (1, ?, 'G1')", (blob,))
        package.commit()
        return package.serialize()


def refused(content):
    with pytest.raises(BadGroundFile) as raised:
        read_ground_file(content)
    assert SENTENCES[raised.value.code] % raised.value.values
    return raised.value.code


def test_geojson_keeps_the_shape_as_it_was_written():
    feature = {"type": "Feature", "properties": {"code": "G1"}, "geometry": {"type": "Point"}}
    [found] = read_ground_file(json.dumps(feature).encode("utf-8-sig"))
    assert (found.properties["code"], found.geometry) == ("G1", feature)


def test_a_geopackage_in_degrees():
    [found] = read_ground_file(a_geopackage(SQUARE))
    assert found.properties["code"] == "G1"
    assert found.shape.equals(SQUARE)


def test_a_geopackage_in_metres_of_a_national_grid():
    there = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True)
    metres = shapely.transform(
        SQUARE, lambda degrees: shapely.get_coordinates(
            shapely.multipoints([there.transform(*each) for each in degrees.tolist()])
        )
    )  # fmt: skip
    [found] = read_ground_file(a_geopackage(metres, 4547))
    assert found.shape.hausdorff_distance(SQUARE) < 1e-8


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unknown_file"),
        (b"[1, 2]", "unknown_file"),
        (b'{"type": "FeatureCollection", "features": [1]}', "unknown_file"),
        (b"[" * 100_000, "unknown_file"),
        (b"PK\x03\x04", "unknown_file"),
        (b"SQLite format 3\x00", "unknown_file"),
        (a_geopackage(SQUARE, layers=2), "several"),
        (a_geopackage(SQUARE, layers=0), "unknown_file"),
        (a_geopackage(SQUARE, number=999_999), "unknown_grid"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(content, code):
    assert refused(content) == code


def test_an_archive_without_or_with_two_shapefiles_is_refused():
    for names, code in ((["a.txt"], "no_shapefile"), (["a.shp", "b.shp"], "several")):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, b"x")
        assert refused(packed.getvalue()) == code
