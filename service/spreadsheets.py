"""Workbooks going out: every cell is a text or a whole number, and none of them is a formula.

A cell that begins with = + - @ would be computed by the spreadsheet that opens it. It is written
as a string and marked with quotePrefix, as if a person had typed an apostrophe before it; what
stands in it stays as it was, so that it can be sent back.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, repeat
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Controls but the line break, surrogates, and the marks that turn the direction of text.
_CONTROL: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LONGEST_TITLE: Final = 28  # a spreadsheet takes 31; equal names get a number
_LONGEST_CELL: Final = 32_767
_WIDEST_COLUMN: Final = 40
_LOOKED_AT: Final = 500
"""Rows that a column's width is taken from; what is longer further down is wrapped."""
_A4: Final = "9"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines above the table (the first is its title), columns, rows, lines below it.

    `mark` stands at the head and foot of every printed page, with the columns repeated.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str | int]]
    above: Sequence[str] = field(default=())
    below: Sequence[str] = field(default=())
    mark: str = ""


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file, written row by row."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_title(sheet.name))
        rows = iter(sheet.rows)
        first = list(islice(rows, _LOOKED_AT))
        widths = _widths(sheet, first)
        for at, width in enumerate(widths, 1):
            page.column_dimensions[get_column_letter(at)].width = width
        if sheet.mark:
            _print_with(page, sheet.mark, len(sheet.above) + 1)
        for number, line in enumerate(sheet.above):
            page.append([_text(page, line, bold=number == 0)])
        page.append([_text(page, column, bold=True) for column in sheet.columns])
        for row in chain(first, rows):
            room = chain(widths, repeat(_WIDEST_COLUMN))  # rejected rows may be longer
            page.append([_cell(page, *each) for each in zip(row, room, strict=False)])
        for line in sheet.below:
            page.append([_text(page, line)])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def visible(written: str) -> str:
    """The text without controls and without marks that turn its direction."""
    return _CONTROL.sub(" ", written)


def _print_with(page: Any, mark: str, heading: int) -> None:
    """Landscape A4, as wide as the paper; `heading`: the row of the columns, on every page."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{heading}:{heading}"
    # & begins a code of the spreadsheet's own; two of them are one that is printed.
    page.oddHeader.center.text = page.oddFooter.left.text = visible(mark).replace("&", "&&")
    page.oddFooter.right.text = "&P / &N"


def _cell(page: Any, written: str | int, width: int) -> Any:
    """A count stays a number, so that an office can add it up; a long text is not cut off."""
    if isinstance(written, int):
        return WriteOnlyCell(page, written)
    return _text(page, written, wrapped=_units(written) > width)


def _text(page: Any, written: str, *, bold: bool = False, wrapped: bool = False) -> Any:
    text = visible(written)[:_LONGEST_CELL]
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"
    if text.startswith(_DANGEROUS) or written.startswith(_DANGEROUS):
        cell.quotePrefix = True
    if wrapped or "\n" in text:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _title(name: str) -> str:
    return _NOT_IN_TITLES.sub("_", name)[:_LONGEST_TITLE] or "Sheet"


def _widths(sheet: Sheet, rows: Sequence[Sequence[str | int]]) -> list[int]:
    """Room for the heading and what stands below it, within reason; in a column's units."""
    found = []
    for at, column in enumerate(sheet.columns):
        widest = max((_units(str(row[at])) for row in rows if at < len(row)), default=0)
        found.append(min(_WIDEST_COLUMN, max(8, _units(column) + 2, widest + 2)))
    return found


def _units(text: str) -> int:
    """A Chinese character takes two of a column's units; what is long is long either way."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(sign) in "FW" for sign in text[:_WIDEST_COLUMN])
    return len(text) + wide
