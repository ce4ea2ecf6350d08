"""How much of a workbook is taken, and what a packed one would unfold into before it is opened.

A spreadsheet of a few kilobytes can claim a million rows of sixteen thousand columns.
"""

import io
import re
import zipfile
import zlib
from typing import IO, Final

from tenants.members.roster_legacy import NotAWorkbook, legacy_cells
from tenants.members.roster_rows import UnusableRoster

MOST_BYTES: Final = 32 * 1024 * 1024
MOST_ROWS: Final = 100_000
# Room for wide sheets; far less than one stray cell in the last corner of a sheet would claim.
MOST_CELLS: Final = 4_000_000
_MOST_UNPACKED_BYTES: Final = 512 * 1024 * 1024
_PIECE: Final = 1 << 20

_ODS_CONTENT: Final = "content.xml"
_XLSX_CELL: Final = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3}\d{1,7})"')
_LIKE_A_CELL: Final = re.compile(rb'r="([A-Z]{1,3}\d{1,7})"')
"""Every cell, and whatever else is written like one: a fifth of the time, and never too few."""
_DIGITS: Final = b"0123456789"
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ODS_TAG: Final = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)([\s/>][^>]*>?)"
)
_REPEATED: Final = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')


def too_large(filename: str) -> UnusableRoster:
    """The refusal that names both limits."""
    megabytes = MOST_BYTES // (1024 * 1024)
    return UnusableRoster(
        "too_large", filename=filename, most_rows=MOST_ROWS, most_megabytes=megabytes
    )


def refuse_legacy_bombs(content: bytes, filename: str) -> None:
    """As `refuse_bombs`, for a workbook of Excel 97."""
    try:
        cells = legacy_cells(content)
    except NotAWorkbook as why:
        raise UnusableRoster("unreadable_file", filename=filename) from why
    if cells > MOST_CELLS:
        raise too_large(filename)


def refuse_bombs(content: bytes, filename: str) -> None:
    """Refuses what would unpack, or spread out into cells, beyond reason; and what is no workbook.

    Raises UnusableRoster: too_large, unreadable_file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED_BYTES:
                raise too_large(filename)
            if _cells(parts, filename) > MOST_CELLS:
                raise too_large(filename)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ) as why:
        raise UnusableRoster("unreadable_file", filename=filename) from why


def _cells(parts: zipfile.ZipFile, filename: str) -> int:
    """Cells of the widest sheet (XLSX) or of all sheets (ODS), empty ones between included."""
    names = parts.namelist()
    if "xl/workbook.xml" in names:
        found = [0]
        for name in names:
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                cells = _xlsx_cells(parts, name, _LIKE_A_CELL)
                if cells > MOST_CELLS:
                    cells = _xlsx_cells(parts, name, _XLSX_CELL)
                found.append(cells)
        return max(found)
    if _ODS_CONTENT in names and "META-INF/manifest.xml" in names:
        with parts.open(_ODS_CONTENT) as sheets:
            return _ods_cells(sheets)
    raise UnusableRoster("unreadable_file", filename=filename)


def _xlsx_cells(parts: zipfile.ZipFile, name: str, cell: re.Pattern[bytes]) -> int:
    """Up to the last row and column any cell names, read in pieces without building the sheet."""
    rows = columns = 0
    rest = b""
    with parts.open(name) as sheet:
        while piece := sheet.read(_PIECE):
            text = rest + piece
            if found := b" ".join(cell.findall(text)):
                rows = max(rows, *map(int, found.translate(None, _LETTERS).split()))
                letters = set(found.translate(None, _DIGITS).split())
                columns = max(columns, *map(_column_number, letters))
            rest = text[-256:]
    return rows * columns


def _ods_cells(sheets: IO[bytes]) -> int:
    """Up to the last filled cell of each sheet; a row or cell says how often it is repeated."""
    whole = row = column = last_row = widest = 0
    is_filled = False
    rest = b""
    while piece := sheets.read(_PIECE):
        text = rest + piece
        cut = text.rfind(b"<")
        text, rest = (text[:cut], text[cut:]) if cut > 0 else (text, b"")
        for closes, name, tail in _ODS_TAG.findall(text):
            times = _times(tail)
            if name == b"table":
                whole += last_row * widest
                row = last_row = widest = 0
            elif name == b"table-row" and not closes:
                column, is_filled = 0, False
                row += times
            elif not closes and name != b"table-row":
                column += times
                if b"value-type=" in tail:
                    widest, is_filled = max(widest, column), True
            if is_filled:
                last_row = row
    return whole + last_row * widest


def _times(tail: bytes) -> int:
    found = _REPEATED.search(tail)
    return int(found[1]) if found else 1


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
