"""Months, quarters and half-known days. Pure; every day is a calendar day, no clock, no zone.

The sources of the rules do not say how their months are counted. What is done here is **a choice**,
after the nearest written rule, Civil Code art. 200-202 and 1259 (they bind contracts, not these
rules): calendar months, the first day is not counted, a term of n months is full on the day of
the same number n months later, and where that month has no such day, on its last day. 以上 and
以内 both include the term itself; where a rule for 六个月以上 and one for 六个月以内 meet on that
one day, the longer one holds (`at_least` is asked first).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

PRECISIONS = ("day", "month", "year", "unknown")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time in one unit: `months` (calendar months) or `days`."""

    count: int
    unit: str = "months"

    def after(self, start: date) -> date:
        """The first day on which the term since `start` is full."""
        if self.unit == "months":
            return add_months(start, self.count)
        return _bounded(start, self.count)


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A day as well as it is known: it lies somewhere in `first`..`last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"{self.first} lies after {self.last}")

    @property
    def is_exact(self) -> bool:
        return self.first == self.last

    def no_later_than(self, day: date) -> "PartialDay":
        """The same, known to have happened by `day`; a stretch that begins later stays as it is."""
        return self if self.first > day else PartialDay(self.first, min(self.last, day))


UNKNOWN_DAY = PartialDay(date.min, date.max)


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of the year, in whole months: 4..10 is April to October, 11..3 goes over winter."""

    first_month: int
    last_month: int

    def __post_init__(self) -> None:
        if not (1 <= self.first_month <= 12 and 1 <= self.last_month <= 12):
            raise ValueError("a season runs from a month 1..12 to a month 1..12")

    def around(self, day: date) -> tuple[date, date] | None:
        """First and last day of the season that holds `day`; None out of season."""
        for year in (day.year, day.year - 1):
            if year < 1:
                continue
            first = date(year, self.first_month, 1)
            later = self.last_month < self.first_month
            last = last_of_month(min(year + later, 9999), self.last_month)
            if first <= day <= last:
                return first, last
        return None


@lru_cache(maxsize=20_000)
def add_months(day: date, months: int) -> date:
    """The day of the same number `months` later, or the last of that month. 31 Aug + 6 -> 28 Feb.

    Add to the first day of a term, never to an earlier sum: 31 Jan + 1 + 1 is 28 March, + 2 is
    31 March. Past the year 9999 the answer is the last day there is. Remembered, because a list
    asks for the same few lines of each of its people again and again.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > 9999:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def at_least(term: Term, start: date, end: date) -> bool:
    """Whether start..end is the term or longer (六个月以上, the term itself included)."""
    return end >= term.after(start)


def within(term: Term, start: date, end: date) -> bool:
    """Whether start..end is the term or shorter (六个月以内, the term itself included)."""
    return end <= term.after(start)


def last_of_month(year: int, month: int) -> date:
    """The month's last day."""
    return date(year, month, monthrange(year, month)[1])


def quarter_end(day: date) -> date:
    """The last day of the calendar quarter that holds `day`."""
    return last_of_month(day.year, (day.month + 2) // 3 * 3)


def next_quarter_end(day: date) -> date:
    """The last day of the calendar quarter after the one that holds `day`."""
    end = quarter_end(day)
    return date.max if end == date.max else quarter_end(end + ONE_DAY)


def partial_day(day: date | None, precision: str = "day") -> PartialDay:
    """A stored day and its precision -> what it says. Raises ValueError for another precision."""
    if precision not in PRECISIONS:
        raise ValueError(f"precision {precision!r} is none of {', '.join(PRECISIONS)}")
    if day is None or precision == "unknown":
        return UNKNOWN_DAY
    if precision == "day":
        return PartialDay(day, day)
    if precision == "month":
        return PartialDay(day.replace(day=1), last_of_month(day.year, day.month))
    return PartialDay(date(day.year, 1, 1), date(day.year, 12, 31))


def _bounded(start: date, days: int) -> date:
    return date.max if (date.max - start).days < days else start + timedelta(days=days)
