"""A spreadsheet of tenants to open: its columns found, its rows read. No database, no judgement."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tenants.errors import InvalidInput

WORKBOOKS: Final = (b"PK", b"\xd0\xcf\x11\xe0")
"""How files of spreadsheets begin: zipped ones, and those of old."""
MOST_ROWS: Final = 2_500
"""More than a county has; a province is opened county by county."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "level": ("级别", "層級", "类型", "level"),
    "name": ("名称", "名稱", "单位", "社区", "name"),
    "slug": ("短名", "代码", "编码", "代碼", "code", "slug"),
    "township": ("乡镇", "乡镇（街道）", "街道", "所属乡镇", "鄉鎮", "township"),
    "boundary": ("边界", "邊界", "范围", "boundary", "geometry", "wkt", "geojson"),
    "admin_name": ("管理员", "管理员姓名", "管理員", "administrator"),
    "admin_email": ("管理员邮箱", "邮箱", "電子郵箱", "email"),
}
LEVELS: Final[Mapping[str, str]] = {
    "社区": "community",
    "社區": "community",
    "村": "community",
    "社区（村）": "community",
    "community": "community",
    "乡镇": "township",
    "乡镇（街道）": "township",
    "街道": "township",
    "镇": "township",
    "乡": "township",
    "鄉鎮": "township",
    "township": "township",
}
NEEDED: Final = ("level", "name")


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """One row as it stands; `number` is its line in the sheet, from 1, the header included."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_rows(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> list[OpeningRow]:
    """Rows of the first sheet that has a header with a level and a name. Raises InvalidInput."""
    for grid in sheets.values():
        for at, line in enumerate(grid[:20]):
            places = _columns(line)
            if all(column in places for column in NEEDED):
                return _rows(grid, at, places)
    raise InvalidInput("没有找到表头。第一行至少要有“级别”和“名称”两列。")


def lines_of_text(content: bytes) -> list[list[str]]:
    """A CSV in the encoding and with the separator of the office that wrote it.

    Raises InvalidInput. The separator is judged by the header alone: boundaries are full of commas.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        header = text.partition("\n")[0]
        separator = max(",\t;，", key=header.count)
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        except csv.Error:
            raise InvalidInput(
                "表里有一格太长，读不了。边界请先简化（1 米的精度就够），或开通以后再上传。"
            ) from None
    raise InvalidInput("这份表的编码认不出来。请另存为 UTF-8 的 CSV，或存成 XLSX。")


def _columns(line: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(line):
        for column, names in COLUMNS.items():
            if _text(cell).lower() in names:
                found.setdefault(column, at)
    return found


def _rows(
    grid: Sequence[Sequence[Any]], header: int, places: Mapping[str, int]
) -> list[OpeningRow]:
    rows = []
    for number, line in enumerate(grid[header + 1 :], start=header + 2):
        cells = {name: _text(line[at]) for name, at in places.items() if at < len(line)}
        if any(cells.values()):
            rows.append(OpeningRow(number, cells))
    if not rows:
        raise InvalidInput("表头下面没有内容。每个要开通的单位写一行。")
    if len(rows) > MOST_ROWS:
        raise InvalidInput("最多 %(most)s 行。请分成几份再传。", most=MOST_ROWS)
    return rows


def _text(cell: Any) -> str:
    """Spreadsheets make numbers of codes: 1203.0 is the code 1203."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
