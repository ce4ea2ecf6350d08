"""Rows below a roster's header that are no person: totals, headings, notes, headers once more. Pure."""

import re
from collections.abc import Sequence
from typing import Any, Final

from tenants.members.roster_headers import Header, field_of, simplified
from tenants.members.roster_texts import same_key, text_of

_TOTALS: Final = ("合计", "总计", "小计", "共计", "总数", "累计", "平均")
_FOOTERS: Final = (
    "填表",
    "制表",
    "审核",
    "备注",
    "备註",
    "说明",
    "注:",
    "注1",
    "单位(",
    "报送",
    "填报",
)
_NO_NAMES: Final = (*_TOTALS, *_FOOTERS, "共")
# Alone in its row: a title on every printed page, a heading between groups, a note below.
_NOTE: Final = re.compile(
    r"登记表|花名册|名册|台账|台帐|名单|统计表|汇总表|一览表|信息表|盖章|签字|签章|日期|\d年\d+月"
    r"|^\d+[、.)]|:|(?:支部|小组|党委|总支|社区|村|网格|小区)$"
)
_LONGEST_PLAIN_NAME: Final = 4
_BODIES: Final = ("支部", "小组", "总支", "党委", "社区", "网格")


def why_no_person(cells: Sequence[Any], header: Header) -> str | None:
    """'blank', 'total', 'header_repeated', 'footer', 'note', or None for a row of a person."""
    if _is_named(cells, header):
        return None
    filled = [
        (at, cell)
        for at, cell in enumerate(cells)
        if cell is not None and (not isinstance(cell, str) or (cell and not cell.isspace()))
    ]
    known = header.known
    if not filled:
        return "blank"
    first = _plain(filled[0][1])
    names = [cell for at, cell in filled if at in header.columns["name"]]
    name = _plain(names[0]) if names else ""
    total = name or first
    if total.startswith(_TOTALS) or first.startswith(_TOTALS) or re.match(r"共\d+人", total):
        return "total"
    if name and field_of(name) == "name":
        return "header_repeated"
    if len(filled) <= 2 and (not name or names == [filled[0][1]]) and first.startswith(_FOOTERS):
        return "footer"
    if len(filled) == 1 and name and _NOTE.search(name):
        return "note"
    # Rows prepared with a running number and never filled in.
    return None if any(at in known for at, _ in filled) else "blank"


def _is_named(cells: Sequence[Any], header: Header) -> bool:
    """Whether it is plain that a name stands there: in nearly every row."""
    for index in header.columns["name"]:
        name = cells[index] if index < len(cells) else None
        if isinstance(name, str) and name and not name.isspace():
            plain = _plain(name)
            if len(plain) > _LONGEST_PLAIN_NAME or plain.endswith(_BODIES) or plain[:1].isdigit():
                return False
            return not plain.startswith(_NO_NAMES) and field_of(name) != "name"
        if name is not None and not isinstance(name, str):
            return False
    return False


def _plain(cell: Any) -> str:
    text = same_key(text_of(cell))
    return text if text.isascii() else simplified(text)
