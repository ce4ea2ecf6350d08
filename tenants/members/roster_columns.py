"""A roster's columns as a person looks them over: header, three values, what each is taken for.

Pure. The office's choice is remembered by the header's text, whatever file it comes in.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tenants.errors import InvalidInput
from tenants.masking import masked
from tenants.members.roster_headers import (
    FIELDS,
    Choices,
    field_of,
    find_header,
    fullest_row,
    header_key,
)
from tenants.members.roster_sheets import read_grids
from tenants.members.roster_texts import text_of, tidy

_SAMPLES: Final = 3
_LONGEST_SAMPLE: Final = 24
_DIGITS: Final = re.compile(r"\d{17}[\dXx]|\d{7,}")
ONLY_ONCE: Final = ("lon", "lat", "work_lon", "work_lat")


@dataclass(frozen=True, slots=True)
class Column:
    """`field`: what it is taken for ('': passed over); `automatic`: so without anybody's choice.

    `key` is what a choice is remembered by; a column without a header has none and no choice.
    """

    text: str
    key: str
    field: str
    automatic: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """One sheet ('' for CSV): how many rows lie below its header, and its filled columns.

    `recognised`: a header with 姓名 was found; else the fullest row is shown as one.
    """

    sheet: str
    recognised: bool
    rows: int
    columns: tuple[Column, ...]


def columns_of(content: bytes, filename: str, choices: Choices) -> list[SheetColumns]:
    """Every sheet that holds anything. Raises UnusableRoster when the file cannot be opened."""
    found = []
    for sheet, rows in read_grids(content, filename).items():
        header = find_header(rows, choices)
        at = header.row if header else fullest_row(rows)
        if at is None:
            continue
        texts = list(header.texts) if header else [text_of(cell).strip() for cell in rows[at]]
        below = rows[header.first_row if header else at + 1 :]
        columns = tuple(
            _column(text, index, below, choices)
            for index, text in enumerate(texts)
            if text or any(text_of(row[index]).strip() for row in below[:50] if index < len(row))
        )
        found.append(SheetColumns(sheet, header is not None, len(below), columns))
    return found


def check_choices(sheets: Sequence[SheetColumns], chosen: Mapping[str, str]) -> dict[str, str]:
    """What is to be remembered of `chosen` (key -> field or ''): all that differs from ours.

    Raises InvalidInput when no column is the name, or one of the coordinates is chosen twice.
    """
    shown = {column.key: column for sheet in sheets for column in sheet.columns if column.key}
    if any(field and field not in FIELDS for field in chosen.values()):
        raise InvalidInput("请从列出的内容里选。")
    for sheet in sheets:
        fields = [chosen.get(column.key, column.field) for column in sheet.columns]
        if any(fields.count(name) > 1 for name in ONLY_ONCE):
            raise InvalidInput("经度、纬度各只能选一列，请核对。")
    fields = [chosen.get(key, column.field) for key, column in shown.items()]
    if "name" not in fields:
        raise InvalidInput("请选出哪一列是姓名。")
    if len({field for field in fields if field}) < 2:
        raise InvalidInput("除了姓名，至少还要选出一列，例如手机、住址或出生日期。")
    return {key: field for key, field in chosen.items() if key in shown}


def check_sheets(sheets: Sequence[SheetColumns], wanted: Collection[str]) -> list[str]:
    """The names among `wanted` that the file has. Raises InvalidInput when none is left."""
    kept = [sheet.sheet for sheet in sheets if sheet.sheet in wanted]
    if not kept:
        raise InvalidInput("请至少选一张工作表。")
    return kept


def _column(text: str, index: int, below: Sequence[Sequence[Any]], choices: Choices) -> Column:
    key = header_key(text)
    samples: list[str] = []
    for row in below:
        shown = _shown(row[index]) if index < len(row) else ""
        if shown and shown not in samples:
            samples.append(shown)
        if len(samples) == _SAMPLES:
            break
    return Column(text, key, field_of(text, choices) or "", field_of(text) or "", tuple(samples))


def _shown(cell: Any) -> str:
    """A value in short; long numbers as phones and document numbers are shown everywhere."""
    short = tidy(text_of(cell))[:_LONGEST_SAMPLE]
    return _DIGITS.sub(lambda found: masked(found[0], 2 if len(found[0]) == 18 else 4), short)
