"""Boundaries in files: GeoJSON, a zipped Shapefile, a GeoPackage.

Exactly one shape is meant. Which of the shifted Chinese systems its degrees are in is what a person
says.
"""

from dataclasses import replace
from typing import Any, Final

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.coordinates import to_wgs84
from geo.shape_files import BadShapeFile, is_packed, read_packed
from geo.shapes import fault_of, tidied
from tenants.organisations.boundaries import (
    SENTENCES,
    BoundaryFault,
    Judged,
    own_judgement,
    read_boundary,
)

_CODES: Final = {
    "no_layer": "empty",
    "several_layers": "unknown_type",
    "too_large": "too_large_file",
}
"""What the reader says -> the sentence it is told in, where they differ."""


class Unreadable(ValueError):
    """`code` of the sentence that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_boundary_file(content: bytes, filename: str, system: str) -> Judged:
    """A boundary out of an uploaded file -> WGS-84, or the fault that keeps it from being one."""
    try:
        if is_packed(content):
            return _judged(_the_one(content), system)
        return in_system(read_boundary(_text(content)), system)
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


def _the_one(content: bytes) -> BaseGeometry:
    try:
        found = read_packed(content, most=2, words=False)
    except BadShapeFile as why:
        raise Unreadable(_CODES.get(why.code, why.code)) from None
    if len(found) != 1:
        raise Unreadable("unknown_type" if found else "empty")
    given = found[0].shape
    if not isinstance(given, Polygon | MultiPolygon):
        raise Unreadable("wrong_type")
    if given.is_empty:
        raise Unreadable("empty")
    return given


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("unknown_file") from None
