"""The rows of a roster that were not taken, as they were sent, each with the reason. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenants.members.roster_headers import NO_CHOICES, Choices
from tenants.members.roster_sheets import read_tables
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

    `faults` came from reading this very content with these choices. Raises UnusableRoster as `read_tables` does.
    """
    why: dict[tuple[str, int], list[str]] = {}
    for fault in faults:
        column = f"“{fault['column']}”" if fault["column"] else ""
        why.setdefault((fault["sheet"], fault["row"]), []).append(f"{column}{say(fault)}")
    found = []
    for table in read_tables(content, filename, choices).found:
        width = max(len(table.header.texts), *(len(row) for row in table.rows))
        rows = tuple(
            (tuple(_cell(cells, at) for at in range(width)), " ".join(why[table.sheet, number]))
            for number, cells in enumerate(table.rows, 1)
            if (table.sheet, number) in why
        )
        if rows:
            columns = tuple(_cell(table.header.texts, at) for at in range(width))
            found.append(RejectedTable(table.sheet, columns, rows))
    return found


def _cell(cells: Sequence[Any], at: int) -> str:
    return text_of(cells[at]) if at < len(cells) else ""
