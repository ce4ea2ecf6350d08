"""The four counts that never mix: affiliated, present, served, reported in. Pure.

Source: domain STA-1 to STA-3, Q9, REG-11 and section 4 ("served" is a real contact or activity
within the interval, not a signature). Nobody stands twice in one count, and where both sides of a
move are on record nobody stands twice in a county's sum: who is away is present where they are.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tenants.mobility.pack import Interval

SERVED_UNLESS_SAID: Final = Interval(1, "quarters")
"""Asked of a pack that is silent about contacts: three of the five sources say once a quarter."""


@dataclass(frozen=True, slots=True)
class Stay:
    """An episode as counting needs it. None: not known, or not over. Back on the last day."""

    direction: str
    first: date | None
    last: date | None

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or self.last > day)


@dataclass(frozen=True, slots=True)
class Counted:
    """One member of one register. reached: days of real contacts; attempts are not among them."""

    affiliation: str
    residence: str = "unknown"
    left_on: date | None = None
    stays: tuple[Stay, ...] = ()
    reached: tuple[date, ...] = ()
    untraced_since: date | None = None


@dataclass(frozen=True, slots=True)
class FourCounts:
    """People on one day; each field is a number of people.

    affiliated: the relation is here. outflow: of these, away by a running episode. elsewhere: of
    these, away or living outside, or untraced. inflow: came from elsewhere and are here. present = affiliated
    - elsewhere + inflow. present_unsaid: of the present, those whose residence nobody said.
    served: of the present, those reached within the interval. reported_in: a second affiliation
    without transfer, in none of the others.
    """

    affiliated: int
    outflow: int
    outside: int
    untraced: int
    elsewhere: int
    inflow: int
    present: int
    present_unsaid: int
    served: int
    reported_in: int


def four_counts(people: Iterable[Counted], day: date, reached_since: date) -> FourCounts:
    """The counts of one register on `day`. reached_since: as `served_since` answers."""
    found: Counter[str] = Counter()
    for each in people:
        if each.left_on is None or each.left_on > day:
            found.update(_stands_in(each, day, reached_since))
    names = FourCounts.__dataclass_fields__
    return FourCounts(**{name: found[name] for name in names})


def served_since(interval: Interval | None, day: date) -> date:
    """The first day a contact may lie on to hold on `day`: the next one is not overdue yet."""
    rule = interval or SERVED_UNLESS_SAID
    since = day
    while rule.due_after(since - timedelta(days=1)) >= day:
        since -= timedelta(days=1)
    return since


def _stands_in(one: Counted, day: date, reached_since: date) -> set[str]:
    if one.affiliation == "reported_in":
        return {"reported_in"}
    running = {stay.direction for stay in one.stays if stay.covers(day)}
    found = set()
    if one.affiliation == "affiliated":
        found |= {"affiliated"}
        found |= {"outflow", "elsewhere"} if "outflow" in running else set()
        found |= {"outside", "elsewhere"} if one.residence == "outside" else set()
        lost = one.untraced_since is not None and one.untraced_since <= day
        found |= {"untraced", "elsewhere"} if lost else set()
    elif "inflow" in running or not one.stays:
        found |= {"inflow"}
    if "inflow" in found or found == {"affiliated"}:
        found |= {"present"}
        found |= {"present_unsaid"} if one.residence == "unknown" else set()
        if any(reached_since <= on <= day for on in one.reached):
            found |= {"served"}
    return found
