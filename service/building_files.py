"""A file of compounds and buildings -> rows by column: CSV, XLSX, XLS, ODS, GeoJSON.

Reading only: `tenants.places.buildings_rows` judges. Workbooks are opened in a process that may
die of them, as rosters are.
"""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from tenants.members.roster_apart import TooManyCells, Unreadable, workbook_sheets
from tenants.members.roster_extents import refuse_bombs, refuse_legacy_bombs
from tenants.members.roster_rows import UnusableRoster
from tenants.members.roster_texts import read_degrees, text_of, tidy
from tenants.places.buildings_rows import Row, UnusableList, column_of

MOST_ROWS: Final = 20_000
MOST_CELLS: Final = 400_000
_DEEPEST_HEADER: Final = 10
_OLE: Final = b"\xd0\xcf\x11\xe0"

SENTENCES = {
    "empty": _l("文件里没有楼栋。请核对后再选一次。"),
    "too_large": _l("文件太大了，最多 20000 行。请分成几份。"),
    "unreadable": _l("读不了这个文件。请存成 XLSX、CSV（UTF-8 或 GB18030）或 GeoJSON 再试。"),
    "no_columns": _l("没有找到表头。要有“名称”或“小区”，还要有“经度”和“纬度”。"),
    "projected": _l("这是以米为单位的平面坐标。请换算成经纬度（度）再导入。"),
    "swapped": _l("经度和纬度填反了。在我国，经度是较大的数（73 到 136），请对调后再导入。"),
}
"""Why a file as a whole cannot be used."""


def read_rows(content: bytes) -> list[Row]:
    """The rows of a file, whatever it is. Raises UnusableList with a code of SENTENCES."""
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise UnusableList("empty")
    if start.startswith(b"{"):
        return _from_geojson(content)
    if content.startswith((b"PK", _OLE)):
        return _from_workbook(content)
    if b"\0" in content[:4096] or start.startswith(b"<"):
        raise UnusableList("unreadable")
    return _from_table(_csv_rows(content))


def _from_geojson(content: bytes) -> list[Row]:
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnusableList("unreadable") from None
    features = given.get("features") if isinstance(given, dict) else None
    if not isinstance(features, list):
        raise UnusableList("unreadable")
    if len(features) > MOST_ROWS:
        raise UnusableList("too_large")
    return [_feature(number, feature) for number, feature in enumerate(features, 1)]


def _feature(number: int, feature: Any) -> Row:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    cells: dict[str, str] = {}
    for heading, value in (properties if isinstance(properties, dict) else {}).items():
        column = column_of(str(heading))
        if column is not None and isinstance(value, str | int | float):
            cells.setdefault(column, _tidied(value))
    geometry = feature.get("geometry")
    return Row(number, cells, shape=geometry if isinstance(geometry, dict) else {})


def _from_workbook(content: bytes) -> list[Row]:
    try:
        (refuse_bombs if content.startswith(b"PK") else refuse_legacy_bombs)(content, "")
        sheets = workbook_sheets(content, MOST_CELLS)
    except TooManyCells:
        raise UnusableList("too_large") from None
    except (Unreadable, UnusableRoster):
        raise UnusableList("unreadable") from None
    for rows, _merged in sheets.values():
        if _header(rows) is not None:
            return _from_table(rows)
    raise UnusableList("no_columns")


def _csv_rows(content: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = "\n".join(text.splitlines()[:_DEEPEST_HEADER])
        delimiter = max(",\t;\uff0c", key=head.count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    raise UnusableList("unreadable")


def _from_table(rows: Sequence[Sequence[Any]]) -> list[Row]:
    found = _header(rows)
    if found is None:
        raise UnusableList("no_columns")
    at, columns = found
    below = [(number, row) for number, row in enumerate(rows[at + 1 :], at + 2) if any(row)]
    if len(below) > MOST_ROWS:
        raise UnusableList("too_large")
    return [_row(number, row, columns) for number, row in below]


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    """Where the heading stands, and the index of each of our columns."""
    for at, row in enumerate(rows[:_DEEPEST_HEADER]):
        columns: dict[str, int] = {}
        for index, cell in enumerate(row[:200]):
            column = column_of(text_of(cell))
            if column is not None:
                columns.setdefault(column, index)
        if {"lon", "lat"} <= columns.keys() and columns.keys() & {"name", "compound"}:
            return at, columns
    return None


def _row(number: int, row: Sequence[Any], columns: dict[str, int]) -> Row:
    raw = {name: row[index] if index < len(row) else "" for name, index in columns.items()}
    cells = {name: _tidied(cell) for name, cell in raw.items()}
    lon, lat = (read_degrees("" if raw[name] is None else raw[name]) for name in ("lon", "lat"))
    return Row(number, cells, lon, lat)


def _tidied(cell: Any) -> str:
    return tidy(text_of(cell)[:400])
