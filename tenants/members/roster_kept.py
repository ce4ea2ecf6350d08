"""A roster as its check read it, in bytes: accepting it need not read the file again. Pure.

What a person accepts is what the check showed them, whatever day it is by then.
"""

import json
import zlib
from dataclasses import fields
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from tenants.members.roster_rows import (
    CommunityFacts,
    PartialDate,
    Roster,
    RosterPlace,
    RosterRow,
    RowFault,
    SkippedRow,
)

_FORM: Final = (
    [field.name for field in fields(Roster)],
    *(each._fields for each in (RosterRow, SkippedRow, RosterPlace, RowFault, PartialDate)),
)
_DATES, _PLACES, _FAULTS = (
    [RosterRow._fields.index(name) for name in names]
    for names in (("birth", "joined", "arrived", "left"), ("home", "work"), ("faults", "remarks"))
)
_CELLS: Final = RosterRow._fields.index("cells")
_FASTEST: Final = 1


def packed(roster: Roster, community: CommunityFacts) -> bytes:
    """The roster as it was judged against these facts."""
    passed_over = (roster.ignored_columns, roster.ignored_sheets, roster.hidden_sheets)
    about = (roster.filename, roster.system, passed_over)
    whole = (_basis(community, _FORM), about, roster.skipped, roster.rows)
    text = json.dumps(whole, default=date.isoformat, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), _FASTEST)


def unpacked(content: bytes, community: CommunityFacts) -> Roster | None:
    """The roster again; None where it was judged against other facts or packed in another form."""
    basis, about, skipped, rows = json.loads(zlib.decompress(content))
    if basis != _basis(community, _FORM):
        return None
    filename, system, passed_over = about
    return Roster(
        filename,
        system,
        tuple(map(_row, rows)),
        tuple(map(SkippedRow._make, skipped)),
        *map(tuple, passed_over),
    )


def _basis(community: CommunityFacts, form: object) -> str:
    """Equal for equal facts and the same form: another version of the program may have another."""
    boundary = community.boundary.wkb_hex if community.boundary else ""
    names = (community.name, *sorted(community.other_names))
    said = (form, names, sorted(community.branch_classes), boundary)
    return sha256(json.dumps(said).encode()).hexdigest()


def _row(found: list[Any]) -> RosterRow:
    for at in _DATES:
        found[at] = _date(*found[at])
    for at in _PLACES:
        if found[at] is not None:
            found[at] = RosterPlace._make(found[at])
    for at in _FAULTS:
        found[at] = tuple(map(RowFault._make, found[at]))
    found[_CELLS] = tuple(found[_CELLS])
    return RosterRow._make(found)


@lru_cache(maxsize=20_000)
def _date(on: str | None, precision: Any) -> PartialDate:
    return PartialDate(date.fromisoformat(on) if on else None, precision)
