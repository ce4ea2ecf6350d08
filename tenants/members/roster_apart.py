"""Opens an Excel 97 workbook in a process of its own, which may die of it.

The reader of that old format panics, or asks for all memory there is, on files that are damaged in
certain ways. Here that costs a small process and a second; where the roster is judged it is one
more file that cannot be read. This file is both sides: run as a program it is the process.
"""

import json
import resource
import subprocess
import sys
from datetime import date, datetime
from typing import Any, Final

Cells = list[list[Any]]
Merged = list[tuple[tuple[int, int], tuple[int, int]]]

_MOST_SECONDS: Final = 60
_MOST_MEMORY: Final = 2 << 30
_DAY, _MOMENT = "day", "moment"


class Unreadable(ValueError):
    """The process ended without an answer."""


def legacy_sheets(content: bytes) -> dict[str, tuple[Cells, Merged]]:
    """Name -> rows and merged ranges of every visible sheet. Raises Unreadable."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", __file__],
            input=content,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=True,
        )
        sheets = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as why:
        raise Unreadable from why
    return {
        name: (
            [[_unpacked(cell) for cell in row] for row in rows],
            [(tuple(first), tuple(last)) for first, last in merged],
        )
        for name, rows, merged in sheets
    }


def _unpacked(cell: Any) -> Any:
    if not isinstance(cell, list):
        return cell
    kind, text = cell
    return date.fromisoformat(text) if kind == _DAY else datetime.fromisoformat(text)


def _packed(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return [_MOMENT, cell.isoformat()]
    if isinstance(cell, date):
        return [_DAY, cell.isoformat()]
    return cell if isinstance(cell, str | int | float) or cell is None else str(cell)


def _answer() -> None:
    import io

    import python_calamine as calamine

    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    answer = []
    for about in workbook.sheets_metadata:
        is_shown = about.visible == calamine.SheetVisibleEnum.Visible
        if is_shown and about.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = workbook.get_sheet_by_name(about.name)
            rows = [] if sheet.end is None else sheet.to_python(skip_empty_area=False)
            packed = [[_packed(cell) for cell in row] for row in rows]
            answer.append((about.name, packed, list(sheet.merged_cell_ranges or ())))
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    _answer()
