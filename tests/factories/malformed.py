"""Rosters as bad as they come: thousands of rows, most of them wrong in a known way."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.factories.rosters import HEADER, person

Row = dict[str, Any]
INJECTIONS = (
    '=HYPERLINK("x","y")', "=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "=cmd|' /C calc'!A0",
)  # fmt: skip
DATES = ("2015-02-30", "2099-01-01", "2015年13月", "1015-03-01", "0-0-0", "昨天", "2023-02-29")


@dataclass(frozen=True)
class BadRow:
    """One row, what is wrong with it, and the fault it must be reported with ('' when good).

    None: whatever the reader makes of it, it must be counted.
    """

    kind: str
    cells: Row
    code: str | None


def malformed(count: int, seed: int = 1) -> list[BadRow]:
    """`count` rows: about a third good, the others of every kind in turn, shuffled.

    Row n of the file is row n + 2 of the sheet. A repeated person comes after the first.
    """
    draw = random.Random(seed)
    rows = [_one(number, draw) for number in range(1, count + 1)]
    draw.shuffle(rows)
    good = [row for row in rows[: count // 2] if row.kind == "good"]
    return [
        BadRow("duplicate", draw.choice(good).cells, "duplicate_in_file")
        if row.kind == "duplicate" and at >= count // 2
        else row
        for at, row in enumerate(rows)
    ]


def as_table(rows: list[BadRow]) -> list[list[Any]]:
    """Header and cells, None where nothing is written."""
    return [list(HEADER), *([row.cells.get(column) for column in HEADER] for row in rows)]


def _one(number: int, draw: random.Random) -> BadRow:
    if number % 3 == 0:
        return BadRow("good", person(number), "")
    kinds = list(WRONG)
    kind = kinds[(number - number // 3) % len(kinds)]
    changes, code = WRONG[kind](draw, number)
    return BadRow(kind, person(number, **changes), code)


def _huge(draw: random.Random, number: int) -> tuple[Row, str | None]:
    # Every one of them with a million letters would test the disk, not the reader.
    size = 1_000_000 if number % 350 == 0 else 2_000
    return {draw.choice(("姓名", "现居住地", "工作单位")): "长" * size}, "text_too_long"


def _swapped(_draw: random.Random, number: int) -> tuple[Row, str | None]:
    right = person(number)
    return {"经度": right["纬度"], "纬度": right["经度"]}, "coordinates_swapped"


def _noise(draw: random.Random, _number: int) -> tuple[Row, str | None]:
    letters = "".join(chr(draw.randrange(0x21, 0x2FFF)) for _ in range(draw.randint(1, 30)))
    return {draw.choice(HEADER[1:]): letters}, None


WRONG: dict[str, Callable[[random.Random, int], tuple[Row, str | None]]] = {
    "duplicate": lambda draw, number: ({"姓名": None}, "name_missing"),
    "no name": lambda draw, number: ({"姓名": draw.choice((None, "  ", "/"))}, "name_missing"),
    "impossible birth": lambda draw, number: ({"出生日期": draw.choice(DATES)}, "date_impossible"),
    "impossible joining": lambda draw, number: (
        {"入党时间": draw.choice(DATES)},
        "date_impossible",
    ),
    "injected name": lambda draw, number: ({"姓名": draw.choice(INJECTIONS)}, None),
    "injected place": lambda draw, number: ({"现居住地": draw.choice(INJECTIONS)}, None),
    "injected phone": lambda draw, number: ({"手机": draw.choice(INJECTIONS)}, "phone_unusable"),
    "control character": lambda draw, number: (
        {draw.choice(("姓名", "现居住地", "工作单位")): f"某{chr(draw.choice((1, 7, 27, 127)))}某"},
        "control_characters",
    ),
    "huge": _huge,
    "foreign tenant": lambda draw, number: ({"所属社区": "别处社区"}, "other_community"),
    "swapped": _swapped,
    "far away": lambda draw, number: ({"纬度": 32.9}, "outside_tenant"),
    "nowhere": lambda draw, number: ({"经度": 0, "纬度": 0}, "zero_point"),
    "half a place": lambda draw, number: ({"纬度": None}, "coordinates_incomplete"),
    "no number": lambda draw, number: (
        {"经度": draw.choice(("东", "1e400", "12,5", "--1"))},
        "coordinates_impossible",
    ),
    "phone": lambda draw, number: (
        {"手机": draw.choice(("123", "电话", "1" * 30))},
        "phone_unusable",
    ),
    "kind": lambda draw, number: ({"流动类型": draw.choice(("胡说", "=1", "流"))}, "kind_unknown"),
    "noise": _noise,
}
