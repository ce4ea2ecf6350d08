"""The values a roster is read into: rows of people, what is wrong with them, what was passed over.

There are tens of thousands of each, so they are tuples with names: made in a fraction of the time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from shapely.geometry.base import BaseGeometry

from tenants.errors import InvalidInput
from tenants.members.roster_sentences import (
    FILE_SENTENCES,
    REMARK_SENTENCES,
    ROW_SENTENCES,
    SKIP_SENTENCES,
)

Kind = Literal["affiliated", "inflow", "outflow", "living_outside"]
Status = Literal["accepted", "rejected", "duplicate"]
DatePrecision = Literal["day", "month", "year", "unknown"]

# People of these kinds are served here, so a place far outside the boundary is a mistake.
KINDS_PRESENT: Final = frozenset({"affiliated", "inflow"})


@dataclass(frozen=True, slots=True)
class CommunityFacts:
    """What judging needs to know of the community that imports.

    `boundary` is WGS-84 (None: not drawn, nothing is outside). `branch_classes` empty: any class
    is taken. `other_names` are names the office also uses for itself.
    """

    name: str
    boundary: BaseGeometry | None = None
    branch_classes: frozenset[str] = frozenset()
    other_names: frozenset[str] = frozenset()


class PartialDate(NamedTuple):
    """A date known to the day, month or year: `on` is its first day, None when unknown."""

    on: date | None
    precision: DatePrecision

    def __bool__(self) -> bool:
        return self.on is not None


NO_DATE: Final = PartialDate(None, "unknown")


class RosterPlace(NamedTuple):
    """A place as written (`raw_*` in `system`) and beside it WGS-84 degrees.

    `raw_lon` stands in the longitude's (or X) column, whatever it turned out to be: `swapped` says
    that a person had the two exchanged. `metres_outside` is 0.0 inside the boundary, None when
    there is no boundary.
    """

    raw_lon: float
    raw_lat: float
    system: str
    lon: float
    lat: float
    metres_outside: float | None
    swapped: bool = False


class RowFault(NamedTuple):
    """One thing wrong in one row; `column` is the header as written ('' when it has none)."""

    code: str
    column: str
    values: Mapping[str, object]

    @property
    def msgid(self) -> str:
        """The sentence to translate, with %(name)s places for `values`."""
        return ROW_SENTENCES.get(self.code) or REMARK_SENTENCES[self.code]

    @property
    def sentence(self) -> str:
        """The sentence in simplified Chinese."""
        return self.msgid % self.values


class RosterRow(NamedTuple):
    """One person row. `number` is the row as the spreadsheet shows it, `sheet` '' for CSV.

    `faults` reject the row (or name its first occurrence when it is a duplicate); `remarks` do
    not. `cells` are the texts as written in the order of the sheet's columns, so that a row that
    was not taken can be handed back; empty for accepted rows.
    """

    sheet: str
    number: int
    status: Status
    name: str
    sex: str
    birth: PartialDate
    joined: PartialDate
    phone: str
    document: str
    address: str
    kind: Kind
    employer: str
    employer_address: str
    home_organisation: str
    arrived: PartialDate
    left: PartialDate
    branch_class: str
    stage: str
    community: str
    home: RosterPlace | None
    work: RosterPlace | None
    faults: tuple[RowFault, ...]
    remarks: tuple[RowFault, ...]
    cells: tuple[str, ...]


class SkippedRow(NamedTuple):
    """A row below the header that is no person: total, header_repeated or footer."""

    sheet: str
    number: int
    code: str
    text: str

    @property
    def msgid(self) -> str:
        return SKIP_SENTENCES[self.code]


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster read and judged: rows = accepted + rejected + duplicates.

    `ignored_columns` are headers whose content is not taken; `ignored_sheets` had no header, and
    into `hidden_sheets` nobody has looked.
    """

    filename: str
    system: str
    rows: tuple[RosterRow, ...]
    skipped: tuple[SkippedRow, ...]
    ignored_columns: tuple[str, ...]
    ignored_sheets: tuple[str, ...]
    hidden_sheets: tuple[str, ...] = ()

    def of(self, status: Status) -> tuple[RosterRow, ...]:
        """The rows of one status, in the order of the file."""
        return tuple(row for row in self.rows if row.status == status)

    def counts(self) -> dict[str, int]:
        """rows, accepted, rejected, duplicates and, beside them, skipped."""
        found = {"accepted": 0, "rejected": 0, "duplicate": 0}
        for row in self.rows:
            found[row.status] += 1
        return {
            "rows": len(self.rows),
            "accepted": found["accepted"],
            "rejected": found["rejected"],
            "duplicates": found["duplicate"],
            "skipped": len(self.skipped),
        }

    def fault_lines(self) -> list[dict[str, Any]]:
        """Every fault as plain values: sheet, row, column, code, values, sentence.

        `sentence` is in simplified Chinese; pages say it again from `code` and `values`.
        """
        return [
            {
                "sheet": row.sheet,
                "row": row.number,
                "column": fault.column,
                "code": fault.code,
                "values": dict(fault.values),
                "sentence": fault.sentence,
            }
            for row in self.rows
            for fault in row.faults
        ]


_ASKS: Final = {
    "unknown_columns": "columns",
    "half_coordinates": "columns",
    "system_mismatch": "system",
    "columns_swapped": "system",
    "projected_metres": "system",
    "all_outside": "system",
}


class UnusableRoster(InvalidInput):
    """The file as a whole cannot be taken; nothing of it was kept.

    `code` is one of FILE_SENTENCES, except that half_coordinates answers to unknown_columns and
    all_outside to other_community. `msgid` filled with `facts` is `sentence`. `asks` says what a
    person can decide so that it can be taken after all: 'columns', 'system' or '' for nothing;
    `options` are the readings of the coordinates to choose from, best first.
    """

    def __init__(
        self, reason: str, *, options: Sequence[Mapping[str, Any]] = (), **facts: object
    ) -> None:
        super().__init__(FILE_SENTENCES[reason], **facts)
        self.reason = reason
        self.options = [dict(option) for option in options]
        self.asks = _ASKS.get(reason, "")
        self.code = {
            "half_coordinates": "unknown_columns",
            "all_outside": "other_community",
        }.get(reason, reason)

    def fault_line(self) -> dict[str, Any]:
        """As `Roster.fault_lines` has them, of no row: its `code` is the reason."""
        return {
            "sheet": "",
            "row": 0,
            "column": "",
            "code": self.reason,
            "values": self.facts,
            "sentence": self.sentence,
        }
