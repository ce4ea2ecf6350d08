"""The rows of a roster that were not taken, as they were sent, each with the reason. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenants.members.roster_headers import NO_CHOICES, Choices, find_header, fullest_row
from tenants.members.roster_sheets import read_grids
from tenants.members.roster_texts import text_of

Fault = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RejectedTable:
    """One sheet ('' for CSV): its columns as written, and (cells, reason) of each row."""

    sheet: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], str], ...]


def rejected_tables(
    content: bytes,
    filename: str,
    faults: Sequence[Fault],
    say: Callable[[Fault], str] = lambda fault: str(fault["sentence"]),
    choices: Choices = NO_CHOICES,
) -> list[RejectedTable]:
    """Hands back what `faults` ({"sheet", "row", "column", ...}) name, in the order of the file.

    `faults` came from reading this very content. What the office has said of its headers since
    (`choices`) may leave a sheet without one: its fullest row stands for it. Raises UnusableRoster
    as `read_grids` does.
    """
    why: dict[tuple[str, int], list[str]] = {}
    for fault in faults:
        column = f"“{fault['column']}”" if fault["column"] else ""
        why.setdefault((fault["sheet"], fault["row"]), []).append(f"{column}{say(fault)}")
    found = []
    for sheet, grid in read_grids(content, filename, choices).items():
        header = find_header(grid, choices)
        texts = header.texts if header else grid[fullest_row(grid) or 0] if grid else ()
        width = max([len(texts), *map(len, grid)])
        rows = tuple(
            (tuple(_cell(cells, at) for at in range(width)), " ".join(why[sheet, number]))
            for number, cells in enumerate(grid, 1)
            if (sheet, number) in why
        )
        if rows:
            columns = tuple(_cell(texts, at) for at in range(width))
            found.append(RejectedTable(sheet, columns, rows))
    return found


def _cell(cells: Sequence[Any], at: int) -> str:
    return text_of(cells[at]) if at < len(cells) else ""
