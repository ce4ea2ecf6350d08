"""A file's bytes -> tables of cells: CSV in UTF-8 or GB18030, XLSX, XLS, ODS.

The content decides, not the name.

Nothing is evaluated: a formula's cell holds what the spreadsheet last computed.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tenants.members.roster_apart import Merged, TooManyCells, Unreadable, workbook_sheets
from tenants.members.roster_extents import (
    MOST_BYTES,
    MOST_CELLS,
    MOST_ROWS,
    refuse_bombs,
    refuse_legacy_bombs,
    too_large,
)
from tenants.members.roster_headers import Header, find_header, seen_texts
from tenants.members.roster_rows import UnusableRoster

_WIDEST: Final = 500

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_NOT_TEXT: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)

# The reader's own limit (128 KiB) is for all of the process; a longer cell must reach the judge
# so that its row is reported instead of the whole file refused.
csv.field_size_limit(max(csv.field_size_limit(), MOST_BYTES))


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: `rows[0]` is row 1 of the sheet. `delimiter` is '' unless it came from CSV."""

    sheet: str
    rows: list[list[Any]]
    header: Header
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """The sheets in which a header was found, and the names of filled ones without."""

    found: list[Table]
    ignored_sheets: list[str]


def read_tables(content: bytes, filename: str) -> Tables:
    """Raises UnusableRoster: empty, too large, no table, wrong encoding, no header."""
    if len(content) > MOST_BYTES:
        raise too_large(filename)
    if not content.strip():
        raise UnusableRoster("empty_file", filename=filename)
    if content.startswith(b"PK"):
        refuse_bombs(content, filename)
        tables = _from_workbook(content, filename)
    elif content.startswith(_OLE) and _ENCRYPTED not in content:
        refuse_legacy_bombs(content, filename)
        tables = _from_workbook(content, filename)
    elif content.startswith((_OLE, *_NOT_TEXT)) or _is_markup(content):
        raise UnusableRoster("unreadable_file", filename=filename)
    else:
        tables = Tables([_from_csv(content, filename)], [])
    if sum(len(table.rows) for table in tables.found) > MOST_ROWS + 1_000:
        raise too_large(filename)
    return tables


def _is_markup(content: bytes) -> bool:
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"{\\rtf"))


def _unknown_columns(filename: str, rows: list[list[Any]]) -> UnusableRoster:
    seen = seen_texts(rows)
    if not seen:
        return UnusableRoster("empty_file", filename=filename)
    return UnusableRoster("unknown_columns", found="、".join(seen))


def _from_csv(content: bytes, filename: str) -> Table:
    readable: list[list[Any]] | None = None
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        table = _table_of(text)
        if isinstance(table, Table):
            return table
        readable = readable or table
    line = _damaged_line(content)
    if line is not None or readable is None:
        raise UnusableRoster("wrong_encoding", filename=filename, line=line or 1)
    raise _unknown_columns(filename, readable)


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", "gb18030")


def _damaged_line(content: bytes) -> int | None:
    """The line of the first wrong byte in a file that is otherwise a roster in one encoding."""
    for encoding in _encodings(content):
        try:
            content.decode(encoding)
        except UnicodeDecodeError as fault:
            if isinstance(_table_of(content.decode(encoding, errors="replace")), Table):
                return content[: fault.start].count(b"\n") + 1
    return None


def _table_of(text: str) -> Table | list[list[Any]]:
    """The table by the delimiter under which a header appears, else the first rows."""
    head = "\n".join(text.splitlines()[:40])
    by_use = sorted(",\t;\uff0c", key=lambda mark: -head.count(mark))
    for delimiter in by_use:
        header = find_header(list(_records(head, delimiter)))
        if header is not None:
            rows = list(_records(text, delimiter))
            return Table("", rows, find_header(rows) or header, delimiter)
    return list(_records(head, by_use[0]))


def _records(text: str, delimiter: str) -> Iterator[list[Any]]:
    # newline="": line breaks inside quotes belong to the cell.
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield record[:_WIDEST]


def _from_workbook(content: bytes, filename: str) -> Tables:
    try:
        sheets = workbook_sheets(content, MOST_CELLS)
    except TooManyCells as why:
        raise too_large(filename) from why
    except Unreadable as why:
        raise UnusableRoster("unreadable_file", filename=filename) from why
    return _tables({name: _filled(*parts) for name, parts in sheets.items()}, filename)


def _tables(sheets: dict[str, list[list[Any]]], filename: str) -> Tables:
    found, ignored = [], []
    for name, rows in sheets.items():
        header = find_header(rows)
        if header is not None:
            found.append(Table(name, rows, header))
        elif seen_texts(rows):
            ignored.append(name)
    if not found:
        raise _unknown_columns(filename, next((sheets[name] for name in ignored), []))
    return Tables(found, ignored)


def _filled(rows: list[list[Any]], merged: Merged) -> list[list[Any]]:
    """A cell merged downwards stands in each of its rows.

    Ranges of a real sheet do not overlap, so together they cover no more cells than it has.
    """
    left_to_fill = len(rows) * max((len(row) for row in rows), default=0)
    for (top, left), (bottom, right) in merged:
        if left == right and top < len(rows) and left < len(rows[top]):
            left_to_fill -= bottom - top
            if left_to_fill < 0:
                break
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    return rows
