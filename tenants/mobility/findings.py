"""What in a member's episodes does not fit together or wants asking: shown, never forced.

Source: domain REG-3, REG-5, section 2 ("boundary cases"), issue on the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tenants.mobility.calendar import ONE_DAY
from tenants.mobility.classes import name_on
from tenants.mobility.histories import History
from tenants.mobility.pack import RulePack

FINDINGS: Final = (
    "return_not_recorded",
    "return_overdue",
    "season_over",
    "left_out_of_season",
    "ends_before_start",
    "overlap",
    "registered_late",
    "extension_crosses",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `since`: the first day it is so. `other`: another episode's id, or
    for `extension_crosses` the classes before and after."""

    kind: str
    history_id: str
    since: date
    other: tuple[str, ...] = ()


def findings(histories: Sequence[History], pack: RulePack, day: date) -> list[Finding]:
    """What there is to see on `day`, by episode; the order given means nothing."""
    begun = sorted(
        (each for each in histories if each.started.first <= day),
        key=lambda each: (each.started.first, each.started.last, each.id),
    )
    found = [finding for each in begun for finding in _of_one(each, pack, day)]
    for number, earlier in enumerate(begun):
        for later in begun[number + 1 :]:
            found += _of_two(earlier, later)
    return sorted(set(found), key=lambda each: (each.history_id, each.since, each.kind, each.other))


def _of_one(history: History, pack: RulePack, day: date) -> list[Finding]:
    found = []
    started, ended = history.started, history.ended
    if ended and ended.last < started.first:
        found.append(Finding("ends_before_start", history.id, ended.first))
    late = history.registered_on and history.registered_on > started.last
    if history.registered_on and late and history.direction == "outflow":
        found.append(Finding("registered_late", history.id, history.registered_on))
    if history.season and history.season_of_leaving() is None and started.last != date.max:
        found.append(Finding("left_out_of_season", history.id, started.first))
    if history.surely_covers(day):
        found += _of_open(history, pack, day)
    return found + _crossings(history, pack, day)


def _of_open(history: History, pack: RulePack, day: date) -> list[Finding]:
    """A return that is late; nothing while the season they left for goes on (MOB-6)."""
    if history.in_season(day) or (history.settled_on and history.settled_on <= day):
        return []
    season, back = history.season_of_leaving(), history.expected(day)
    if season:
        return [Finding("season_over", history.id, season[1] + ONE_DAY)]
    if back and back.last < day:
        return [Finding("return_overdue", history.id, back.last + ONE_DAY)]
    return []


def _crossings(history: History, pack: RulePack, day: date) -> list[Finding]:
    """Extensions that took the episode over a line of the pack on the day they were said."""
    found = []
    for said_on in sorted({each.said_on for each in history.extensions if each.said_on}):
        if not history.started.last < said_on <= day:
            continue
        before = name_on(history, pack, said_on - ONE_DAY)
        after = name_on(history, pack, said_on)
        if before != after and "none" not in (before, after):
            found.append(Finding("extension_crosses", history.id, said_on, (before, after)))
    return found


def _of_two(earlier: History, later: History) -> list[Finding]:
    """Two episodes of one direction that surely hold on the same day."""
    begins = later.started.last
    if earlier.direction != later.direction or not earlier.surely_covers(begins):
        return []
    if later.ended and later.ended.first <= begins:
        return []
    kind = "overlap" if earlier.ended else "return_not_recorded"
    return [Finding(kind, earlier.id, begins, (later.id,))]
