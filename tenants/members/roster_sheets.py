"""A file's bytes -> tables of cells: CSV in UTF-8 or GB18030, XLSX, XLS, ODS.

The content decides, not the name.

Nothing is evaluated: a formula's cell holds what the spreadsheet last computed.
"""

import csv
import io
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from tenants.members.roster_apart import Merged, TooManyCells, Unreadable, open_workbook
from tenants.members.roster_extents import (
    MOST_BYTES,
    MOST_CELLS,
    MOST_ROWS,
    refuse_bombs,
    refuse_legacy_bombs,
    too_large,
)
from tenants.members.roster_headers import (
    NO_CHOICES,
    Choices,
    Header,
    find_header,
    seen_texts,
)
from tenants.members.roster_rows import UnusableRoster
from tenants.members.roster_spans import ods_spans

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
    """The sheets in which a header was found, the names of filled ones without, and hidden ones."""

    found: list[Table]
    ignored_sheets: list[str]
    hidden_sheets: list[str]


def read_tables(
    content: bytes,
    filename: str,
    choices: Choices = NO_CHOICES,
    only_sheets: Collection[str] | None = None,
) -> Tables:
    """Tables of people. `choices`: what the office's headers mean; `only_sheets`: those it wants.

    Raises UnusableRoster: empty, too large, no table, wrong encoding, no header.
    """
    if _is_text(content, filename):
        tables = Tables([_from_csv(content, filename, choices)], [], [])
    else:
        sheets, hidden = _from_workbook(content, filename)
        if only_sheets is not None:
            sheets = {name: rows for name, rows in sheets.items() if name in only_sheets}
        tables = _tables(sheets, hidden, filename, choices)
    if sum(len(table.rows) for table in tables.found) > MOST_ROWS + 1_000:
        raise too_large(filename)
    return tables


def read_grids(
    content: bytes, filename: str, choices: Choices = NO_CHOICES
) -> dict[str, list[list[Any]]]:
    """Visible sheet -> rows as they stand, with a header or without; a CSV file is the sheet ''.

    Raises UnusableRoster: empty, too large, no table, wrong encoding.
    """
    if not _is_text(content, filename):
        return _from_workbook(content, filename)[0]
    for encoding in _encodings(content):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            table = _table_of(text, choices)
            if isinstance(table, Table):
                return {"": table.rows}
            return {"": list(_records(text, _by_use(_head(text))[0]))}
    raise UnusableRoster("wrong_encoding", filename=filename, line=1)


def _is_text(content: bytes, filename: str) -> bool:
    """Whether it is CSV. Raises UnusableRoster for what is neither CSV nor a workbook."""
    if len(content) > MOST_BYTES:
        raise too_large(filename)
    if not content.strip():
        raise UnusableRoster("empty_file", filename=filename)
    if content.startswith(b"PK"):
        refuse_bombs(content, filename)
        return False
    if content.startswith(_OLE) and _ENCRYPTED not in content:
        refuse_legacy_bombs(content, filename)
        return False
    if content.startswith((_OLE, *_NOT_TEXT)) or _is_markup(content):
        raise UnusableRoster("unreadable_file", filename=filename)
    return True


def _is_markup(content: bytes) -> bool:
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"{\\rtf"))


def _unknown_columns(filename: str, rows: list[list[Any]]) -> UnusableRoster:
    seen = seen_texts(rows)
    if not seen:
        return UnusableRoster("empty_file", filename=filename)
    return UnusableRoster("unknown_columns", found="、".join(seen))


def _from_csv(content: bytes, filename: str, choices: Choices) -> Table:
    readable: list[list[Any]] | None = None
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        table = _table_of(text, choices)
        if isinstance(table, Table):
            return table
        readable = readable or table
    line = _damaged_line(content, choices)
    if line is not None or readable is None:
        raise UnusableRoster("wrong_encoding", filename=filename, line=line or 1)
    raise _unknown_columns(filename, readable)


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", "gb18030")


def _damaged_line(content: bytes, choices: Choices) -> int | None:
    """The line of the first wrong byte in a file that is otherwise a roster in one encoding."""
    for encoding in _encodings(content):
        try:
            content.decode(encoding)
        except UnicodeDecodeError as fault:
            text = content.decode(encoding, errors="replace")
            if isinstance(_table_of(text, choices), Table):
                return content[: fault.start].count(b"\n") + 1
    return None


def _table_of(text: str, choices: Choices) -> Table | list[list[Any]]:
    """The table by the delimiter under which a header appears, else the first rows."""
    head = _head(text)
    for delimiter in _by_use(head):
        header = find_header(list(_records(head, delimiter)), choices)
        if header is not None:
            rows = list(_records(text, delimiter))
            return Table("", rows, find_header(rows, choices) or header, delimiter)
    return list(_records(head, _by_use(head)[0]))


def _head(text: str) -> str:
    """So many of the first lines as a header may stand among."""
    return "\n".join(text.splitlines()[:40])


def _by_use(head: str) -> list[str]:
    """The delimiters, the one that is written most first."""
    return sorted(",\t;\uff0c", key=lambda mark: -head.count(mark))


def _records(text: str, delimiter: str) -> Iterator[list[Any]]:
    # newline="": line breaks inside quotes belong to the cell.
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield record[:_WIDEST]


def _from_workbook(content: bytes, filename: str) -> tuple[dict[str, list[list[Any]]], list[str]]:
    """Visible sheets, and the names of those that are not."""
    try:
        sheets, hidden = open_workbook(content, MOST_CELLS)
    except TooManyCells as why:
        raise too_large(filename) from why
    except Unreadable as why:
        raise UnusableRoster("unreadable_file", filename=filename) from why
    spans = ods_spans(content) if content.startswith(b"PK") else {}
    filled = {
        name: _filled(rows, merged or spans.get(name, []))
        for name, (rows, merged) in sheets.items()
    }
    return filled, hidden


def _tables(
    sheets: dict[str, list[list[Any]]], hidden: list[str], filename: str, choices: Choices
) -> Tables:
    found, ignored = [], []
    for name, rows in sheets.items():
        header = find_header(rows, choices)
        if header is not None:
            found.append(Table(name, rows, header))
        elif seen_texts(rows):
            ignored.append(name)
    if not found:
        raise _unknown_columns(filename, next((sheets[name] for name in ignored), []))
    return Tables(found, ignored, hidden)


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
