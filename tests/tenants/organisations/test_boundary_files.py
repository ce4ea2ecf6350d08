"""A boundary out of a file: the same ground whatever it is packed in; strange files say why."""

from __future__ import annotations

import io
import os
import zipfile

import numpy as np
import pyproj
import pytest
import shapely
from shapely import MultiPolygon, Polygon

from geo.coordinates import from_wgs84
from tenants.organisations.boundaries import MOST_VERTICES
from tenants.organisations.boundary_files import read_boundary_file
from tests.factories.boundaries import geopackage, zipped_shapefile

GROUND = shapely.box(113.19, 28.89, 113.21, 28.91)
GAUSS_KRUGER = "EPSG:4546"


def moved(shape, turn):
    return shapely.transform(shape, lambda xy: np.column_stack(turn(xy[:, 0], xy[:, 1])))


def in_metres(shape):
    turn = pyproj.Transformer.from_crs("EPSG:4326", GAUSS_KRUGER, always_xy=True)
    return moved(shape, turn.transform)


def off_by(read) -> float:
    """Degrees between what was read and the ground itself."""
    return shapely.hausdorff_distance(read.shape, GROUND)


@pytest.mark.parametrize(
    ("name", "content", "system"),
    [
        ("a.geojson", shapely.to_geojson(GROUND).encode(), "wgs84"),
        ("bom.json", b"\xef\xbb\xbf" + shapely.to_geojson(GROUND).encode(), "cgcs2000"),
        ("a.zip", zipped_shapefile(GROUND), "cgcs2000"),
        ("silent.zip", zipped_shapefile(GROUND, crs=""), "wgs84"),
        ("metres.zip", zipped_shapefile(in_metres(GROUND), crs=GAUSS_KRUGER), "cgcs2000"),
        ("a.gpkg", geopackage(GROUND), "cgcs2000"),
        ("metres.gpkg", geopackage(in_metres(GROUND), epsg=4546), "cgcs2000"),
        ('q"uote.gpkg', geopackage(GROUND, table='a "b" c'), "wgs84"),
        (
            "shifted.zip",
            zipped_shapefile(moved(GROUND, lambda x, y: from_wgs84(x, y, "gcj02"))),
            "gcj02",
        ),
    ],
)
def test_the_same_ground_whatever_it_is_packed_in(name, content, system):
    read = read_boundary_file(content, name, system)
    assert read.faults == ()
    assert off_by(read) < 1e-6


CIRCLE = shapely.Point(113.2, 28.9).buffer(0.01, quad_segs=MOST_VERTICES // 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped_shapefile(GROUND, GROUND), "unknown_type"),
        (geopackage(), "empty"),
        (geopackage(GROUND, GROUND), "unknown_type"),
        (geopackage(shapely.Point(113, 28)), "wrong_type"),
        (zipped_shapefile(in_metres(GROUND), crs=""), "out_of_range"),
        (zipped_shapefile(CIRCLE), "too_large"),
        (zipped_shapefile(GROUND)[:200], "unknown_file"),
        (b"SQLite format 3\x00" + os.urandom(4000), "unknown_file"),
        (b"\xff\xfe\x00garbage", "unknown_file"),
        (b"", "not_geojson"),
    ],
)
def test_a_strange_file_says_why(content, code):
    read = read_boundary_file(content, "x", "wgs84")
    assert read.shape is None
    assert [fault.code for fault in read.faults] == [code]
    assert "%(" not in read.faults[0].said


def test_a_zip_without_a_shapefile_or_that_swells_says_so():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "x")
    assert read_boundary_file(packed.getvalue(), "x", "wgs84").faults[0].code == "no_shapefile"
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(65 << 20))
    assert read_boundary_file(packed.getvalue(), "x", "wgs84").faults[0].code == "too_large_file"


def test_parts_and_holes_are_pointed_out_and_kept():
    hole = shapely.box(113.2, 28.9, 113.201, 28.901)
    shape = MultiPolygon(
        [Polygon(GROUND.exterior, [hole.exterior]), shapely.box(113.3, 28.9, 113.31, 28.91)]
    )
    read = read_boundary_file(shapely.to_geojson(shape).encode(), "x", "wgs84")
    assert read.faults == ()
    assert [notice.code for notice in read.notices] == ["parts", "holes"]
    assert "1 个洞" in read.notices[1].said


def test_an_open_ring_is_closed_and_said():
    content = b'{"type":"Polygon","coordinates":[[[113,28],[113.1,28],[113.1,28.1],[113,28.1]]]}'
    read = read_boundary_file(content, "x", "wgs84")
    assert [notice.code for notice in read.notices] == ["closed"]
