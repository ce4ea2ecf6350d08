"""How far the sheets of an Excel 97 workbook reach, counted before it is opened.

Such a file is a small file system (OLE compound file) with the sheets as records in one stream.
Fourteen kilobytes can name a cell in the last corner of each of twenty sheets; whoever opens them
all at once needs ten gigabytes.
"""

from collections.abc import Iterator
from struct import error as Torn
from struct import unpack_from
from typing import Final

_STREAMS: Final = ("Workbook", "Book")
_SECTOR_SHIFTS: Final = (9, 12)
_LAST_SECTOR: Final = 0xFFFFFFFA  # and above: end of a chain, or a sector of no file
_SHEET_BEGINS: Final = 0x0809
# Blank, number, label, boolean, formula, RK, shared string, rich string: row and column lead.
_ONE_CELL: Final = frozenset(
    {0x0201, 0x0203, 0x0204, 0x0205, 0x0006, 0x0406, 0x027E, 0x00FD, 0x00D6}
)
# Several cells of one row; the last column stands at the end.
_CELLS_IN_A_ROW: Final = frozenset({0x00BD, 0x00BE})


class NotAWorkbook(ValueError):
    """Torn, or a compound file of another program."""


def legacy_cells(content: bytes) -> int:
    """Cells up to the last one written of every sheet, together. Raises NotAWorkbook."""
    try:
        return _cells(_workbook_stream(content))
    except (Torn, IndexError, ValueError) as torn:
        raise NotAWorkbook from torn


def _cells(stream: bytes) -> int:
    whole = rows = columns = at = 0
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        at += 4
        if kind == _SHEET_BEGINS:
            whole += rows * columns
            rows = columns = 0
        elif (kind in _ONE_CELL or kind in _CELLS_IN_A_ROW) and size >= 6:
            row, column = unpack_from("<HH", stream, at)
            if kind in _CELLS_IN_A_ROW:
                (column,) = unpack_from("<H", stream, at + size - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        at += size
    return whole + rows * columns


def _workbook_stream(content: bytes) -> bytes:
    (shift,) = unpack_from("<H", content, 30)
    if shift not in _SECTOR_SHIFTS:
        raise NotAWorkbook
    size = 1 << shift
    first_directory, cutoff, first_small = (
        unpack_from("<I", content, where)[0] for where in (48, 56, 60)
    )
    table = _table(content, size, _table_sectors(content, size))
    directory = _joined(content, size, table, first_directory, offset=size)
    entries = {name: (start, length) for name, start, length in _entries(directory)}
    name = next((name for name in _STREAMS if name in entries), None)
    if name is None or "Root Entry" not in entries:
        raise NotAWorkbook
    start, length = entries[name]
    if length >= cutoff:
        return _joined(content, size, table, start, offset=size)[:length]
    small = _joined(content, size, table, entries["Root Entry"][0], offset=size)
    small_table = _numbers(_joined(content, size, table, first_small, offset=size))
    return _joined(small, 64, small_table, start, offset=0)[:length]


def _table_sectors(content: bytes, size: int) -> list[int]:
    """The sectors that hold the table of sectors: 109 in the header, the rest in a chain."""
    found = list(unpack_from("<109I", content, 76))
    (following,) = unpack_from("<I", content, 68)
    for _ in range(len(content) // size):
        if following >= _LAST_SECTOR:
            break
        *more, following = _numbers(content[(following + 1) * size : (following + 2) * size])
        found += more
    # No more of them than the file has sectors, however often a chain goes round.
    return [sector for sector in found if sector < _LAST_SECTOR][: len(content) // size]


def _table(content: bytes, size: int, sectors: list[int]) -> tuple[int, ...]:
    return _numbers(b"".join(content[(each + 1) * size : (each + 2) * size] for each in sectors))


def _joined(content: bytes, size: int, table: tuple[int, ...], start: int, *, offset: int) -> bytes:
    """The sectors of one chain; one that runs in a circle ends when it is as long as the file."""
    pieces = []
    for _ in range(len(content) // size + 1):
        if start >= _LAST_SECTOR:
            break
        pieces.append(content[offset + start * size : offset + (start + 1) * size])
        start = table[start]
    return b"".join(pieces)


def _entries(directory: bytes) -> Iterator[tuple[str, int, int]]:
    for at in range(0, len(directory) - 127, 128):
        (letters,) = unpack_from("<H", directory, at + 64)
        name = directory[at : at + max(0, min(letters, 64) - 2)].decode("utf-16-le", "replace")
        start, length = unpack_from("<II", directory, at + 116)
        yield name, start, length


def _numbers(content: bytes) -> tuple[int, ...]:
    return unpack_from(f"<{len(content) // 4}I", content)
