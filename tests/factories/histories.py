"""Episodes as plain values for tests: days as words, one pack by name."""

from __future__ import annotations

from datetime import date
from typing import Any

from tenants.mobility.calendar import PartialDay, partial_day
from tenants.mobility.histories import Extension, History
from tenants.mobility.pack import RulePack, in_force
from tenants.mobility.pack_files import repository_packs

TODAY = date(2026, 11, 21)


def a_day(text: str) -> date:
    return date.fromisoformat(text)


def about(text: str | None) -> PartialDay | None:
    """2026-03-05, 2026-03 or 2026 -> the days it may be; None stays None."""
    if text is None:
        return None
    precision = ("year", "month", "day")[text.count("-")]
    return partial_day(a_day(text + "-01-01"[(text.count("-")) * 3 :]), precision)


def an_absence(started: str, planned: str | None = None, **more: Any) -> History:
    """Left on `started`; `extended` is a list of (said on, until); other fields by their name."""
    said = more.pop("extended", [])
    extensions = tuple(
        Extension(about(until), on and a_day(on))  # type: ignore[arg-type]
        for on, until in said
    )
    ended = about(more.pop("ended", None))
    fields = {"id": "a", "direction": "outflow", "fixed": True} | more
    return History(
        started=about(started), planned=about(planned), extensions=extensions, ended=ended, **fields
    )


def a_stay(started: str, *here_for: str, **more: Any) -> History:
    """Came on `started`, for work, home or with a letter of proof."""
    return an_absence(started, direction="inflow", here_for=frozenset(here_for), **more)


def the_pack(pack_id: str) -> RulePack:
    """A pack of the repository."""
    return in_force(repository_packs(), pack_id, TODAY)
