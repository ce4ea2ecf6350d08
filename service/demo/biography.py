"""Dates in a life, known as exactly as registers know them."""

from datetime import date

from service.demo.dice import Dice
from service.demo.values import DatePrecision, PartialDate

UNKNOWN = PartialDate(None, "unknown")

_SUMMER, _WINTER = (4, 10), (11, 3)


def birth(dice: Dice, years: tuple[int, int] | None) -> PartialDate:
    """A birthday in these years, both in; unknown when there are none."""
    if years is None:
        return UNKNOWN
    return _partly_known(dice, dice.whole(*years))


def joining(dice: Dice, birth_year: int, today: date) -> PartialDate:
    """When somebody joined: between 20 and 38 years old, last year at the latest."""
    if dice.chance(0.03):
        return UNKNOWN
    earliest = birth_year + 20
    latest = max(earliest, min(birth_year + 38, today.year - 1))
    return _partly_known(dice, dice.whole(earliest, latest))


def herding_season(today: date) -> tuple[tuple[int, int], date]:
    """The months of the yearly absence that today falls into, and the day this one began."""
    if _SUMMER[0] <= today.month <= _SUMMER[1]:
        return _SUMMER, date(today.year, _SUMMER[0], 1)
    began = today.year if today.month >= _WINTER[0] else today.year - 1
    return _WINTER, date(began, _WINTER[0], 1)


def _partly_known(dice: Dice, year: int) -> PartialDate:
    month, day = dice.whole(1, 12), dice.whole(1, 28)
    throw = dice.between(0, 1)
    precision: DatePrecision = "day" if throw < 0.72 else "month" if throw < 0.86 else "year"
    if precision == "year":
        return PartialDate(date(year, 1, 1), precision)
    return PartialDate(date(year, month, day if precision == "day" else 1), precision)
