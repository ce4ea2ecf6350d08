"""What is known of one episode, as plain values: when, for how long, where to, and since when known.

A fact counts from the day it was said, so that the past can be asked as it stood: an extension
said in May changes nothing about April.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from tenants.mobility.calendar import UNKNOWN_DAY, PartialDay, Season, add_months

SEASON_MARGIN_MONTHS: Final = 1
"""How long before their season people may leave and still be seasonal. A choice: the source
(003_10ae 一(五)) only says that the time is hard to fix."""
STAGES: Final = ("planned", "away", "extended", "settled", "returned", "debriefed")


@dataclass(frozen=True, slots=True)
class Extension:
    """Another expected return, said on a day; `said_on` None: known from the beginning."""

    until: PartialDay
    said_on: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """One absence (outflow) or stay (inflow). Open while `ended` is None.

    fixed: one place or unit, True; roving, False; not said, None. here_for (inflow): `work`, `home`,
    `proof`. settled_on: the day it was said that they live elsewhere for good (MOB-13).
    A start or end that is known to have happened lies no later than the day it was written down:
    whoever builds a History clips it (`calendar.PartialDay.no_later_than`).
    """

    id: str
    direction: str
    started: PartialDay
    planned: PartialDay | None = None
    extensions: tuple[Extension, ...] = ()
    ended: PartialDay | None = None
    fixed: bool | None = None
    season: Season | None = None
    settled_on: date | None = None
    employer_has_organisation: bool | None = None
    here_for: frozenset[str] = frozenset()
    registered_on: date | None = None
    reported_on: date | None = None

    def expected(self, day: date) -> PartialDay | None:
        """When they were expected back, as known on `day`; None when nobody has said."""
        said = [each for each in self.extensions if each.said_on is None or each.said_on <= day]
        latest = max(said, key=_when_said, default=None)
        found = latest.until if latest else self.planned
        return None if found == UNKNOWN_DAY else found

    def may_cover(self, day: date) -> bool:
        """Whether the episode holds on `day`, or may: half-known days are given the benefit."""
        return self.started.first <= day and (self.ended is None or day < self.ended.last)

    def surely_covers(self, day: date) -> bool:
        """Whether it holds on `day` whatever the half-known days turn out to be."""
        return self.started.last <= day and (self.ended is None or day < self.ended.first)

    def season_of_leaving(self) -> tuple[date, date] | None:
        """First and last day of the season they left for; None when they left at another time."""
        if self.season is None or self.started == UNKNOWN_DAY:
            return None
        margin = add_months(self.started.last, SEASON_MARGIN_MONTHS)
        return self.season.around(self.started.last) or self.season.around(margin)

    def in_season(self, day: date) -> bool:
        """Whether they left for a season and it is not over on `day`."""
        season = self.season_of_leaving()
        return season is not None and day <= season[1]


def away_days(history: History, day: date) -> tuple[int, int]:
    """Fewest and most days away (or here) up to `day`, or to the end; the first day not counted."""
    end = history.ended or PartialDay(day, day)
    fewest = min(day, end.first) - history.started.last
    most = min(day, end.last) - history.started.first
    return max(fewest.days, 0), max(most.days, 0)


def stage(history: History, debriefed_on: date | None, day: date) -> str:
    """How far the episode has come on `day`: one of STAGES. A settling is a person's word too."""
    if history.ended:
        return "debriefed" if debriefed_on else "returned"
    if history.started.first > day:
        return "planned"
    if history.settled_on and history.settled_on <= day:
        return "settled"
    return "extended" if history.extensions else "away"


def _when_said(extension: Extension) -> tuple[date, date, date]:
    return extension.said_on or date.min, extension.until.last, extension.until.first
