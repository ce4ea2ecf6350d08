"""Rosters of invented people, as offices send them: any encoding, any coordinate system."""

import csv
import io
import random
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import shapely

from geo.coordinates import from_wgs84

HEADER = (
    "序号", "姓名", "性别", "出生日期", "入党时间", "手机", "现居住地", "经度", "纬度",
    "工作单位", "工作经度", "工作纬度", "流动类型", "原所属组织", "流入时间", "支部类别", "所属社区",
)  # fmt: skip

# An invented community of about 800 by 1000 m.
COMMUNITY_NAME = "柳荫社区"
BOUNDARY = shapely.box(112.1400, 32.0400, 112.1485, 32.0490)

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华"
_GIVEN = "安平清远明达文静志强秀兰建国晓雨思源海燕春生冬梅长河立新"
_LANES = ("柳荫路", "槐树巷", "石桥街", "东门里", "水塔路")


def person(number: int, **changes: Any) -> dict[str, Any]:
    """One invented inflow member, a different one for each number, the same every time.

    Places are WGS-84 inside BOUNDARY under 经度/纬度; keys are HEADER's columns. A change to None
    leaves the cell empty.
    """
    draw = random.Random(number)
    west, south, east, north = BOUNDARY.bounds
    found: dict[str, Any] = {
        "序号": number,
        "姓名": draw.choice(_FAMILY) + "".join(draw.sample(_GIVEN, 2)),
        "性别": draw.choice("男女"),
        "出生日期": f"{draw.randint(1948, 2000)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
        "入党时间": f"{draw.randint(2019, 2024)}年{draw.randint(1, 12)}月",
        "手机": f"199{number:08}",
        "现居住地": f"{draw.choice(_LANES)}{draw.randint(1, 99)}号{number}室",
        "经度": round(draw.uniform(west + 0.0005, east - 0.0005), 7),
        "纬度": round(draw.uniform(south + 0.0005, north - 0.0005), 7),
        "流动类型": "流入",
        "原所属组织": f"邻县第{draw.randint(1, 9)}支部",
        "流入时间": f"2026.{draw.randint(1, 9)}",
        "所属社区": COMMUNITY_NAME,
    }
    return found | changes


def people(count: int, **changes: Any) -> list[dict[str, Any]]:
    """That many different people."""
    return [person(number, **changes) for number in range(1, count + 1)]


def in_system(rows: Sequence[Mapping[str, Any]], system: str) -> list[dict[str, Any]]:
    """The same rows with home and work coordinates as a map of `system` would show them."""
    return [
        _moved(_moved(row, "经度", "纬度", system), "工作经度", "工作纬度", system) for row in rows
    ]


def _moved(row: Mapping[str, Any], lon: str, lat: str, system: str) -> dict[str, Any]:
    if not isinstance(row.get(lon), float) or not isinstance(row.get(lat), float):
        return dict(row)
    moved_lon, moved_lat = from_wgs84(row[lon], row[lat], system)
    return {**row, lon: round(float(moved_lon), 7), lat: round(float(moved_lat), 7)}


def table(
    rows: Sequence[Mapping[str, Any]],
    *,
    header: Sequence[str] = HEADER,
    titles: Sequence[str] = (),
    footers: Sequence[Sequence[Any]] = (),
) -> list[list[Any]]:
    """Title lines, header, people, footers: cells row by row, None where nothing is written."""
    return [
        *([title] for title in titles),
        list(header),
        *([row.get(column) for column in header] for row in rows),
        *(list(footer) for footer in footers),
    ]


def csv_bytes(
    cells: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ","
) -> bytes:
    """CSV as a Chinese spreadsheet saves it: CRLF, quotes where needed."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(
        ["" if cell is None else cell for cell in row] for row in cells
    )
    return text.getvalue().encode(encoding)


def xlsx_bytes(*sheets: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    """A workbook; `merged` are ranges of the first sheet such as 'A1:F1'."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for cells in sheets:
        sheet = workbook.create_sheet()
        for row in cells:
            sheet.append(list(row))
    for cell_range in merged:
        workbook.worksheets[0].merge_cells(cell_range)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def with_formulas(workbook: bytes, values: Mapping[str, float]) -> bytes:
    """The same workbook with what a spreadsheet last computed beside the formulas of its cells.

    openpyxl writes formulas without their values. `values`: cell of the first sheet -> value.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                for where, value in values.items():
                    before, found, after = part.partition(f'r="{where}"')
                    assert found, where
                    part = (
                        before + found + re.sub("<v ?/>|<v></v>", f"<v>{value}</v>", after, count=1)
                    )
            new.writestr(name, part)
    return content.getvalue()


_ODS = "urn:oasis:names:tc:opendocument:xmlns:"


def ods_bytes(*sheets: str) -> bytes:
    """An OpenDocument spreadsheet of sheets written by `ods_sheet`."""
    spaces = " ".join(f'xmlns:{name}="{_ODS}{name}:1.0"' for name in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr(
            "content.xml", f"<office:document-content {spaces}>{body}</office:document-content>"
        )
        parts.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{_ODS}manifest:1.0"/>')
    return content.getvalue()


def ods_sheet(name: str, cells: Sequence[Sequence[Any]], *, after: str = "") -> str:
    """One sheet; a row of one text is a title merged over three columns; numbers are formulas.

    `after`: further rows as XML.
    """
    rows = "".join(f"<table:table-row>{_ods_row(row)}</table:table-row>" for row in cells)
    return f'<table:table table:name="{name}">{rows}{after}</table:table>'


def _ods_row(row: Sequence[Any]) -> str:
    if len(row) == 1:
        merged = ' table:number-columns-spanned="3"'
        return _ods_cell(row[0], merged) + "<table:covered-table-cell/>" * 2
    return "".join(_ods_cell(cell) for cell in row)


def _ods_cell(cell: Any, merged: str = "") -> str:
    if cell is None:
        return "<table:table-cell/>"
    kind = f'{merged} office:value-type="string"'
    if isinstance(cell, int | float):
        kind = f' table:formula="of:=1+1" office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell{kind}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


def legacy_xls() -> bytes:
    """A workbook of Excel 97: two invented people under a merged title, a total, a second sheet."""
    return (Path(__file__).parent / "files" / "roster.xls").read_bytes()


def roster_csv(
    count: int = 10, *, system: str = "wgs84", encoding: str = "utf-8", **changes: Any
) -> bytes:
    """The plain case in one call: so many people, in that system and encoding."""
    return csv_bytes(table(in_system(people(count, **changes), system)), encoding)


def roster_xlsx(count: int = 10, *, system: str = "wgs84", **changes: Any) -> bytes:
    """As roster_csv, as a workbook."""
    return xlsx_bytes(table(in_system(people(count, **changes), system)))
