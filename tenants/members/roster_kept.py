"""A roster as its check read it, in bytes: accepting it need not read the file again. Pure.

What a person accepts is what the check showed them, whatever day it is by then.
"""

import json
import zlib
from dataclasses import fields
from datetime import date
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
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

_FORM: Final = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (RosterRow, RosterPlace, RowFault, SkippedRow)
}
_VALUES: Final = {kind: attrgetter(*names) for kind, names in _FORM.items()}
_DATES, _PLACES, _FAULTS = (
    [_FORM[RosterRow].index(name) for name in names]
    for names in (("birth", "joined", "arrived", "left"), ("home", "work"), ("faults", "remarks"))
)
_CELLS: Final = _FORM[RosterRow].index("cells")
_FASTEST: Final = 1


def packed(roster: Roster, community: CommunityFacts) -> bytes:
    """The roster as it was judged against these facts."""
    about = (roster.filename, roster.system, roster.ignored_columns, roster.ignored_sheets)
    whole = (_basis(community), about, roster.skipped, roster.rows)
    text = json.dumps(whole, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), _FASTEST)


def unpacked(content: bytes, community: CommunityFacts) -> Roster | None:
    """The roster again; None where it was judged against other facts or packed in another form."""
    basis, about, skipped, rows = json.loads(zlib.decompress(content))
    if basis != _basis(community):
        return None
    filename, system, columns, sheets = about
    return Roster(
        filename,
        system,
        tuple(map(_row, rows)),
        tuple(SkippedRow(*each) for each in skipped),
        tuple(columns),
        tuple(sheets),
    )


def _basis(community: CommunityFacts) -> str:
    """Equal for equal facts and the same form: an earlier version of the program had another."""
    boundary = community.boundary.wkb_hex if community.boundary else ""
    names = (community.name, *sorted(community.other_names))
    said = (list(_FORM.values()), names, sorted(community.branch_classes), boundary)
    return sha256(json.dumps(said).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value.__class__ is PartialDate:
        return f"{value.on or ''} {value.precision}"
    return _VALUES[value.__class__](value)


def _row(found: list[Any]) -> RosterRow:
    for at in _DATES:
        found[at] = _date(found[at])
    for at in _PLACES:
        if found[at] is not None:
            found[at] = RosterPlace(*found[at])
    for at in _FAULTS:
        found[at] = tuple(RowFault(*each) for each in found[at])
    found[_CELLS] = tuple(found[_CELLS])
    return RosterRow(*found)


@lru_cache(maxsize=20_000)
def _date(text: str) -> PartialDate:
    on, _, precision = text.partition(" ")
    return PartialDate(date.fromisoformat(on) if on else None, precision)  # type: ignore[arg-type]
