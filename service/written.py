"""How lengths, days and moments are written for people, in their language and Beijing's time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext as _

from service.languages import chosen

BEIJING = ZoneInfo("Asia/Shanghai")


def attach(app: Flask) -> None:
    app.jinja_env.filters.update(
        metres=metres, day=day, moment=moment, partial_day=partial_day, since=since
    )


def metres(length: float) -> str:
    """320 米, 1.2 公里: as people say it."""
    if length < 1000:
        return _("%(n)s 米", n=f"{length:.0f}")
    return _("%(n)s 公里", n=f"{length / 1000:.1f}")


def day(value: date | datetime | None) -> str:
    """2026年11月21日."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(BEIJING).date()
    if chosen() == "en":
        return f"{value.day} {value:%B %Y}"
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime | None) -> str:
    """2026年11月21日 14:05, in Beijing's time."""
    if value is None:
        return ""
    return f"{day(value)} {value.astimezone(BEIJING):%H:%M}"


def since(value: datetime) -> str:
    """How long something has been so, in days: 今天, 3 天."""
    days = (datetime.now(BEIJING).date() - value.astimezone(BEIJING).date()).days
    return _("今天") if days <= 0 else _("%(n)s 天", n=days)


def partial_day(value: date | None, precision: str) -> str:
    """A date as precisely as it is known: 2015年3月, 2015年, or unknown."""
    if value is None or precision == "unknown":
        return _("未知")
    if precision == "year":
        return _("%(year)s年", year=value.year)
    if precision == "month":
        return _("%(year)s年%(month)s月", year=value.year, month=value.month)
    return day(value)
