"""What is worth saying of a roster beside its faults: of rows that are taken, and of what is not read.

Pure. A remark rejects nothing: without it nobody would learn that something of a row was left out,
or that a sheet, a column or a row was passed over.
"""

from collections.abc import Iterable
from typing import Any, Final

from tenants.members.roster_rows import Roster, RosterRow, RowFault, SkippedRow

NAMED: Final = 20
"""As many rows as are named; of the others only the number is told."""
_MOST_NAMES: Final = 60
_LONGEST_NAME: Final = 40


def worth_saying(roster: Roster) -> dict[str, Any]:
    """What an import's impact tells beside its figures: {remarks, passed_over}."""
    return {"remarks": remark_groups(roster.rows), "passed_over": passed_over(roster)}


def passed_over(roster: Roster) -> dict[str, Any]:
    """{sheets, hidden, columns: [name], rows: [{code, count, rows: [[sheet, number]]}]}.

    Sheets without a header, sheets that are hidden, columns without a meaning, rows of nobody.
    """
    return {
        "sheets": _names(roster.ignored_sheets),
        "hidden": _names(roster.hidden_sheets),
        "columns": _names(roster.ignored_columns),
        "rows": _skipped(roster.skipped),
    }


def _names(names: Iterable[str]) -> list[str]:
    return [" ".join(name.split())[:_LONGEST_NAME] for name in names][:_MOST_NAMES]


def _skipped(rows: Iterable[SkippedRow]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        group = groups.setdefault(row.code, {"code": row.code, "count": 0, "rows": []})
        group["count"] += 1
        if len(group["rows"]) < NAMED:
            group["rows"].append([row.sheet, row.number])
    return list(groups.values())


def remark_groups(rows: Iterable[RosterRow]) -> list[dict[str, Any]]:
    """{code, column, values, sentence, count, rows: [[sheet, number]]}, the rarest first.

    Rows of one column that say the same; where what they say differs by a value, the first of them
    is the example.
    """
    groups: dict[tuple[str, str, object], dict[str, Any]] = {}
    for row in rows:
        for remark in row.remarks if row.status == "accepted" else ():
            group = groups.setdefault(_kind(remark), _group(remark))
            group["count"] += 1
            if len(group["rows"]) < NAMED:
                group["rows"].append([row.sheet, row.number])
    return sorted(groups.values(), key=lambda group: group["count"])


def _kind(remark: RowFault) -> tuple[str, str, object]:
    return remark.code, remark.column, remark.values.get("why", "")


def _group(remark: RowFault) -> dict[str, Any]:
    return {
        "code": remark.code,
        "column": remark.column,
        "values": dict(remark.values),
        "sentence": remark.sentence,
        "count": 0,
        "rows": [],
    }
