"""Rows handed back to the office that sent them: their own columns and one more, the reason."""

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Final

from service.spreadsheets import Sheet, workbook
from tenants.errors import Conflict
from tenants.marking import N_
from tenants.members.roster_rejects import RejectedTable

MOST_ROWS: Final = 20_000
"""As many as are written while somebody waits."""

_REASON: Final = N_("没有收下的原因")
_SHEET: Final = N_("没有收下的行")

Translate = Callable[[str], str]


def rejected_workbook(tables: Sequence[RejectedTable], translate: Translate = str) -> bytes:
    """A sheet per sheet of the roster. Raises Conflict when there are too many rows.

    `translate` puts our own words into the reader's language; the command line has none.
    """
    if sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise Conflict("没有收下的行太多，一张表写不下。请先改好原文件里共同的问题，再导入。")
    name, reason = translate(_SHEET), translate(_REASON)
    return workbook(
        [
            Sheet(
                table.sheet or name,
                (*table.columns, reason),
                [(*cells, why) for cells, why in table.rows],
            )
            for table in tables
        ]
        or [Sheet(name, (reason,), ())]
    )


def rejected_name(filename: str, translate: Translate = str) -> str:
    """名册.csv -> 名册-没有收下的行.xlsx."""
    return f"{PurePath(filename).stem}-{translate(_SHEET)}.xlsx"
