"""Boundaries as files: a zipped Shapefile, a GeoPackage."""

from __future__ import annotations

import io
import sqlite3
import struct
import zipfile

import pyproj
import shapefile
import shapely
from shapely.geometry.base import BaseGeometry


def zipped_shapefile(*shapes: BaseGeometry, crs: str = "EPSG:4490") -> bytes:
    """A Shapefile of these polygons in a ZIP, with its .prj."""
    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYGON) as writer:
        writer.field("name", "C")
        for shape in shapes:
            writer.shape(shape.__geo_interface__)
            writer.record("x")
        writer.close()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for ending, content in parts.items():
            archive.writestr(f"ground.{ending}", content.getvalue())
        if crs:
            archive.writestr("ground.prj", pyproj.CRS(crs).to_wkt("WKT1_ESRI"))
    return packed.getvalue()


def geopackage(*shapes: BaseGeometry, epsg: int = 4490, table: str = "ground") -> bytes:
    """A GeoPackage with one layer of these shapes."""
    package = sqlite3.connect(":memory:")
    package.executescript(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,"
        " organization_coordsys_id INTEGER, definition TEXT);"
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);"
    )
    package.execute(
        "INSERT INTO gpkg_spatial_ref_sys VALUES ('x', ?, 'EPSG', ?, 'undefined')", (epsg, epsg)
    )
    package.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?)", (table, epsg))
    quoted = table.replace('"', '""')
    package.execute(f'CREATE TABLE "{quoted}" (fid INTEGER PRIMARY KEY, geom BLOB)')
    for shape in shapes:
        blob = b"GP\x00\x01" + struct.pack("<i", epsg) + shapely.to_wkb(shape)
        package.execute(f'INSERT INTO "{quoted}" (geom) VALUES (?)', (blob,))
    package.commit()
    return package.serialize()
