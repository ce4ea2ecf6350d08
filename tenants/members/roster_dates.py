"""Dates as offices write them -> PartialDate, with the precision that was really written."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from tenants.members.roster_rows import NO_DATE, PartialDate
from tenants.members.roster_texts import is_unknown, text_of, unwrapped

# What a spreadsheet counts days from (its 1900 was wrongly taken for a leap year).
_SERIAL_ORIGIN: Final = date(1899, 12, 30)
_SERIALS: Final = range(3654, 73051)  # 1910-01-01 .. 2099-12-31, where no year can be meant
_CHINESE_DIGITS: Final = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_SEPARATED: Final = re.compile(
    r"(\d{4})\s*[年./\-,、\\]\s*(?:(\d{1,2})\s*(?:[月./\-,、\\]\s*(?:(\d{1,2})\s*[日号]?)?)?)?"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_MASKED: Final = re.compile(r"[xX*×?]{2,}\d?年.*|\d{0,3}[xX*×?]+\d?年.*")
_SHORT_YEAR: Final = re.compile(r"\d{2}\s*[年./\-,、\\]\s*\d{1,2}(?!\d).*")
_EARLIEST_YEAR: Final = 1900


class ImpossibleDate(ValueError):
    """A date that was written and cannot be; `why` is a key of WHY_DATE."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_date(cell: Any) -> tuple[PartialDate, bool]:
    """A cell -> its date, and whether the month was ambiguous. Raises ImpossibleDate.

    Blank, 不详 and masked years (XX年4月) are NO_DATE. A number 2015.1 in a spreadsheet cell may
    have been typed 2015.1 or 2015.10: only the year is taken and the flag is set.
    """
    if isinstance(cell, datetime):
        return _known(PartialDate(cell.date(), "day")), False
    if isinstance(cell, date):
        return _known(PartialDate(cell, "day")), False
    if isinstance(cell, float) and 1900 <= cell < 2100 and round(cell % 1, 6) == 0.1:
        return _known(PartialDate(date(int(cell), 1, 1), "year")), True
    return _read_text(text_of(cell)), False


@lru_cache(maxsize=50_000)
def _read_text(written: str) -> PartialDate:
    text = unwrapped(unicodedata.normalize("NFKC", written)).strip()
    if is_unknown(text) or _MASKED.fullmatch(text):
        return NO_DATE
    text = _arabic(text).rstrip("。.")
    if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit():
        digits = _of_digits(text)
        if digits is not None:
            return _known(digits)
    matched = _SEPARATED.fullmatch(text)
    if matched is None:
        raise ImpossibleDate("short_year" if _SHORT_YEAR.fullmatch(text) else "form")
    return _known(_of_parts(*matched.groups()))


def _of_digits(text: str) -> PartialDate | None:
    """2015, 201503, 20150301 and spreadsheet serials; None when separators decide."""
    whole, _, fraction = text.partition(".")
    if len(whole) in (4, 5) and int(whole) in _SERIALS:
        return PartialDate(_SERIAL_ORIGIN + timedelta(days=int(whole)), "day")
    if fraction.strip("0"):
        return None
    if len(whole) == 4:
        return _of_parts(whole, None, None)
    if len(whole) == 6:
        return _of_parts(whole[:4], whole[4:], None)
    if len(whole) == 8:
        return _of_parts(whole[:4], whole[4:6], whole[6:])
    return None


def _of_parts(year: str, month: str | None, day: str | None) -> PartialDate:
    try:
        if day is not None and int(day):
            return PartialDate(date(int(year), int(month or 0), int(day)), "day")
        # A zero stands for "not known": 2015-03-00, 2015-00-00.
        if month is not None and int(month):
            return PartialDate(date(int(year), int(month), 1), "month")
        return PartialDate(date(int(year), 1, 1), "year")
    except ValueError:
        raise ImpossibleDate("calendar") from None


def _known(found: PartialDate) -> PartialDate:
    if found.on is not None and found.on.year < _EARLIEST_YEAR:
        raise ImpossibleDate("too_early")
    return found


def _arabic(text: str) -> str:
    """二〇一五年十二月二十一日 -> 2015年12月21日."""
    if not re.search("[〇○零一二三四五六七八九十]", text):
        return text
    text = re.sub("([一二三四五六七八九])?十([一二三四五六七八九])?", _tens, text)
    return text.translate(_CHINESE_DIGITS)


def _tens(matched: re.Match[str]) -> str:
    return f"{matched[1] or '一'}{matched[2] or '〇'}"


def years_before(today: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 28."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)
