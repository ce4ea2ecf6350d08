"""What is due while somebody is away: contact, report, certificate check, report before leaving.

Source: domain section 2, LIA-3, LIA-6, CRT-4, REG-3. Pure; what was done comes in as days. Only a
contact counts, an attempt does not: the caller gives the days on which they were reached.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from tenants.mobility.calendar import UNKNOWN_DAY, Term, at_least
from tenants.mobility.histories import History
from tenants.mobility.pack import Interval, Rule, RulePack

STATES: Final = ("waits", "overdue", "in_season", "start_not_known")
REPORTS: Final = ("not_required", "cannot_say", "due", "kept", "late", "missing")


@dataclass(frozen=True, slots=True)
class Due:
    """One duty: `due_on` is the last day in time; overdue from the day after.

    kind: `contact` is the branch's own duty; `report` and `certificate_check` are the member's.
    While the season they left for goes on nothing is asked for (MOB-6), whatever pack is gone by:
    the season is what people said of this member. Afterwards the member's duties count from its
    end, the branch's as if there had been none.
    """

    kind: str
    rule: Rule[Interval]
    state: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The last time each was done; None where it never was, or where there is no certificate."""

    contact_on: date | None = None
    report_on: date | None = None
    certificate_on: date | None = None


def duties(history: History, pack: RulePack, day: date, done: Done) -> list[Due]:
    """What the pack wants done for one absence, on `day`. Empty when they are not away.

    The first one counts from the day they left, as if it had been done then: by calendar quarter
    the first whole quarter away is the first that wants a contact (a choice). A certificate is
    checked only where there is one, from its issue on.
    """
    if history.direction != "outflow" or not history.surely_covers(day):
        return []
    left = _counts_from(history)
    season = history.season_of_leaving()
    rests, rested = history.in_season(day), season[1] if season else None
    found = []
    if pack.contact_every:
        found.append(_due("contact", pack.contact_every, _later(done.contact_on, left), day, rests))
    if pack.report_every:
        last = _later(done.report_on, left, rested)
        found.append(_due("report", pack.report_every, last, day, rests))
    if pack.certificate_check_every and done.certificate_on:
        last = _later(done.certificate_on, rested)
        found.append(_due("certificate_check", pack.certificate_check_every, last, day, rests))
    return found


def report_before_leaving(history: History, pack: RulePack, day: date) -> str:
    """One of REPORTS: whether this absence had to be reported before, and whether it was.

    A line in the pack (3 months) is asked of what was expected and of what has passed: whoever
    stays away longer than they said comes to it later.
    """
    rule = pack.report_before_leaving
    if rule is None or history.direction != "outflow":
        return "not_required"
    if history.reported_on and history.reported_on <= day:
        return "kept" if history.reported_on <= history.started.last else "late"
    if rule.value.count and not _reaches(history, rule.value, day):
        return "not_required" if history.expected(day) or history.ended else "cannot_say"
    return "due" if day < history.started.first else "missing"


def _reaches(history: History, term: Term, day: date) -> bool:
    """Whether the absence is that long: as it ended, or as far as it has come or is expected to."""
    started = history.started.last
    if history.ended and history.ended.first <= day:
        return at_least(term, started, history.ended.first)
    expected = history.expected(day)
    return at_least(term, started, max(day, expected.first) if expected else day)


def _due(kind: str, rule: Rule[Interval], last: date | None, day: date, rests: bool = False) -> Due:
    if last is None:
        return Due(kind, rule, "start_not_known")
    if rests:
        return Due(kind, rule, "in_season")
    due_on = rule.value.due_after(last)
    return Due(kind, rule, "overdue" if due_on < day else "waits", due_on)


def _counts_from(history: History) -> date | None:
    """The day they left; of a half-known one the last it can be, so that nobody is late too soon."""
    return None if history.started == UNKNOWN_DAY else history.started.last


def _later(*days: date | None) -> date | None:
    return max((day for day in days if day), default=None)
