"""Opens a workbook in a process of its own, which may die of it.

A reader panics, or asks for all memory there is, on files that are damaged or forged in certain
ways. Here that costs a small process and a second; where the roster is judged it is one more file
that cannot be read. This file is both sides: run as a program it is the process.
"""

import json
import resource
import subprocess
import sys
from datetime import date, datetime
from typing import Any, Final, NamedTuple

Cells = list[list[Any]]
Merged = list[tuple[tuple[int, int], tuple[int, int]]]

_MOST_SECONDS: Final = 60
_MOST_MEMORY: Final = 2 << 30
_DAY, _MOMENT = "day", "moment"
_PLAIN: Final = (str, int, float, bool, type(None))


class Opened(NamedTuple):
    """A workbook's visible sheets (name -> rows and merged ranges), and the names of hidden ones."""

    sheets: dict[str, tuple[Cells, Merged]]
    hidden: list[str]


class Unreadable(ValueError):
    """The process ended without an answer."""


class TooManyCells(ValueError):
    """The sheets together have more cells than were allowed."""


def workbook_sheets(content: bytes, most_cells: int) -> dict[str, tuple[Cells, Merged]]:
    """The visible sheets alone. Raises as `open_workbook`."""
    return open_workbook(content, most_cells).sheets


def open_workbook(content: bytes, most_cells: int) -> Opened:
    """What the workbook holds. Raises Unreadable, TooManyCells."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", __file__, str(most_cells)],
            input=content,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=True,
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as why:
        raise Unreadable from why
    if found is None:
        raise TooManyCells
    sheets, hidden = found
    visible = {
        name: (
            _with_moments(rows, moments),
            [(tuple(first), tuple(last)) for first, last in merged],
        )
        for name, rows, moments, merged in sheets
    }
    return Opened(visible, hidden)


def _with_moments(rows: Cells, moments: list[tuple[int, int, str, str]]) -> Cells:
    for row, column, kind, text in moments:
        of = date if kind == _DAY else datetime
        rows[row][column] = of.fromisoformat(text)
    return rows


def _packed(rows: Cells) -> list[tuple[int, int, str, str]]:
    """Leaves in the rows what JSON can say; answers the dates, each with where it stood."""
    moments = []
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell.__class__ in _PLAIN:
                continue
            row[column] = None
            if isinstance(cell, date):
                kind = _MOMENT if isinstance(cell, datetime) else _DAY
                moments.append((at, column, kind, cell.isoformat()))
            else:
                row[column] = str(cell)
    return moments


def _answer() -> None:
    import io

    import python_calamine as calamine

    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    shown = calamine.SheetVisibleEnum.Visible
    sheets = [
        each for each in workbook.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    hidden = [each.name for each in sheets if each.visible != shown]
    opened = {
        each.name: workbook.get_sheet_by_name(each.name) for each in sheets if each.visible == shown
    }
    ends = [sheet.end for sheet in opened.values() if sheet.end is not None]
    if sum((row + 1) * (column + 1) for row, column in ends) > int(sys.argv[1]):
        json.dump(None, sys.stdout)
        return
    answer = []
    for name, sheet in opened.items():
        rows = [] if sheet.end is None else sheet.to_python(skip_empty_area=False)
        answer.append((name, rows, _packed(rows), list(sheet.merged_cell_ranges or ())))
    # All at once: written piece by piece it is made by Python instead of C, ten times as slowly.
    sys.stdout.write(json.dumps((answer, hidden)))


if __name__ == "__main__":
    _answer()
