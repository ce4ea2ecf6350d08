"""What is worth saying of rows that are taken all the same, said once with the rows it is true of.

Pure. A remark rejects nothing: without it nobody would learn that something of a row was left out.
"""

from collections.abc import Iterable
from typing import Any, Final

from tenants.members.roster_rows import RosterRow, RowFault

NAMED: Final = 20
"""As many rows as are named; of the others only the number is told."""


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
