"""What a reported figure can mean when its report does not say so. Pure; a person decides.

Source: domain Q2 (a percentage that fits no whole number one way and fits the other) and Q9 (those
who left: inside the number reported as ours, or beside it).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Final, Protocol

_NUMBER: Final = re.compile(r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})\s*[人名个户家]?")
_PERCENT: Final = re.compile(r"(?:增长|增加|上升|提高)?\s*([+-]?\d{1,6}(?:\.\d{1,3})?)\s*%?")
GROWTH: Final = "mobility.growth_percent"
BASES: Final = ("mobility.out", "mobility.in", "mobility.total")
"""What a reported growth may be the growth of."""


class Said(Protocol):
    """What is needed of a reported figure."""

    @property
    def tenant_name(self) -> str: ...
    @property
    def area(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def reported_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Inside:
    """Reported as ours, came and left: whether those who left are among ours was not said."""

    tenant_name: str
    ours: int
    came: int
    left: int

    @property
    def present_if_inside(self) -> int:
        return self.ours - self.left + self.came

    @property
    def ours_if_beside(self) -> int:
        return self.ours + self.left

    @property
    def present_if_beside(self) -> int:
        return self.ours + self.came


@dataclass(frozen=True, slots=True)
class Fit:
    """Of `key`, now `number`: the earlier numbers, first to last, that the percentage fits."""

    key: str
    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Growth:
    """A reported percentage: what it fits read as "by so much" and read as "to so much"."""

    tenant_name: str
    value: str
    grown_by: tuple[Fit, ...]
    grown_to: tuple[Fit, ...]


def said_number(value: str) -> int | None:
    """The whole number that stands there; None for a blank, "80,000 余" or a percentage."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", value).strip())
    return int(found[1].replace(",", "")) if found else None


def inside_or_beside(figures: Sequence[Said]) -> list[Inside]:
    """Reports of ours, came and left in which some left; both readings of each."""
    keys = ("members.affiliated", "mobility.in", "mobility.out")
    found = []
    for (_area, name), values in _by_tenant(figures).items():
        numbers = [said_number(values.get(key, "")) for key in keys]
        ours, came, left = (number or 0 for number in numbers)
        if None not in numbers and 0 < left <= ours:
            found.append(Inside(name, ours, came, left))
    return found


def growths(figures: Sequence[Said]) -> list[Growth]:
    """Reported growths of in, out or both together, with what each way of reading fits."""
    found = []
    for (_area, name), values in _by_tenant(figures).items():
        percent = _percent(values.get(GROWTH, ""))
        numbers = {key: said_number(values.get(key, "")) for key in BASES}
        if numbers["mobility.total"] is None and None not in (
            came := numbers["mobility.in"],
            left := numbers["mobility.out"],
        ):
            numbers["mobility.total"] = (came or 0) + (left or 0)
        known = [(key, number) for key, number in numbers.items() if number]
        if percent is not None and known:
            by = tuple(fit for each in known if (fit := _fit(*each, *percent, base=100)))
            to = tuple(fit for each in known if (fit := _fit(*each, *percent, base=0)))
            found.append(Growth(name, values[GROWTH], by, to))
    return found


def _by_tenant(figures: Sequence[Said]) -> Mapping[tuple[int, str], Mapping[str, str]]:
    """Tenant (area, name) -> key -> the value reported last."""
    found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for figure in sorted(figures, key=lambda each: each.reported_on or date.min):
        found[figure.area, figure.tenant_name][figure.key] = figure.value
    return found


def _percent(value: str) -> tuple[Fraction, Fraction] | None:
    """The percentage and half of its last digit, within which it was rounded."""
    found = _PERCENT.fullmatch(unicodedata.normalize("NFKC", value).strip())
    if found is None:
        return None
    digits = len(found[1].partition(".")[2])
    return Fraction(found[1]), Fraction(1, 2 * 10**digits)


def _fit(key: str, number: int, percent: Fraction, half: Fraction, *, base: int) -> Fit | None:
    """Whole earlier numbers n with 100 * number / n within half of base + percent."""
    low, high = base + percent - half, base + percent + half
    if low <= 0:
        return None
    first, last = ceil(100 * number / high), floor(100 * number / low)
    return Fit(key, number, first, last) if first <= last else None
