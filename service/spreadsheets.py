"""Workbooks going out: every cell is a text, and none of them is a formula.

A cell that begins with = + - @ would be computed by the spreadsheet that opens it. It is written
as a string and marked with quotePrefix, as if a person had typed an apostrophe before it; what
stands in it stays as it was, so that it can be sent back.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Controls but the line break, surrogates, and the marks that turn the direction of text.
_CONTROL: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LONGEST_TITLE: Final = 28  # a spreadsheet takes 31; equal names get a number
_LONGEST_CELL: Final = 32_767
_WIDEST_COLUMN: Final = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines above the table (the first is its title), columns, rows, lines below it."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str]]
    above: Sequence[str] = field(default=())
    below: Sequence[str] = field(default=())


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file, written row by row."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_title(sheet.name))
        for at, width in enumerate(_widths(sheet), 1):
            page.column_dimensions[get_column_letter(at)].width = width
        for number, line in enumerate(sheet.above):
            page.append([_text(page, line, bold=number == 0)])
        page.append([_text(page, column, bold=True) for column in sheet.columns])
        for row in sheet.rows:
            page.append([_text(page, cell) for cell in row])
        for line in sheet.below:
            page.append([_text(page, line)])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def download(content: bytes, name: str) -> Response:
    """A workbook as a file of that name, which may be Chinese (RFC 5987, RFC 6266)."""
    plain = _NOT_IN_TITLES.sub("_", name)
    answer = Response(content, content_type=MIME)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"wangge.xlsx\"; filename*=UTF-8''{quote(plain, safe='')}"
    )
    return answer


def _text(page: Any, written: str, *, bold: bool = False) -> Any:
    text = _CONTROL.sub(" ", written)[:_LONGEST_CELL]
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"
    if text.startswith(_DANGEROUS) or written.startswith(_DANGEROUS):
        cell.quotePrefix = True
    if "\n" in text:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _title(name: str) -> str:
    return _NOT_IN_TITLES.sub("_", name)[:_LONGEST_TITLE] or "Sheet"


def _widths(sheet: Sheet) -> list[int]:
    """Room for the heading at least; a Chinese character takes two of a column's units."""
    return [min(_WIDEST_COLUMN, max(12, 2 * len(column) + 4)) for column in sheet.columns]
