"""What follows from a call at an address. Pure; whatever is said, no person is written down.

Source: domain REG-1 (首谈), VIS-1 and section 5: invite to declare, store nothing on who is no
member or does not want to say, a list of addresses not to visit, and a greatest number of attempts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

STATES: Final = ("queued", "come_back", "no_visit")
OUTCOMES: Final = (
    "not_home",
    "come_back",
    "no_visit",
    "not_a_member",
    "prefers_not_to_say",
    "declared",
)
OVER: Final = ("not_a_member", "prefers_not_to_say", "declared")
"""After these the address is struck off, and nobody can tell later which of them it was."""
MOST_ATTEMPTS: Final = 3
"""Whoever is never at home is left alone after so many calls. A choice."""
NO_VISIT_DAYS: Final = 366
"""How long an address that asked for no visit is left alone. A choice."""
LEAVE_ALONE_DAYS: Final = 183


@dataclass(frozen=True, slots=True)
class Following:
    """What becomes of the address; `over`: it is struck off."""

    over: bool = False
    state: str = "queued"
    attempts: int = 0
    next_on: date | None = None
    no_visit_until: date | None = None


def following(outcome: str, attempts: int, day: date, wanted: date | None = None) -> Following:
    """What follows from a call on `day`; `wanted`: the day on which to come back, if one was said.

    Raises KeyError for an outcome there is none of.
    """
    if outcome not in OUTCOMES:
        raise KeyError(outcome)
    if outcome in OVER:
        return Following(over=True)
    if outcome == "no_visit":
        return Following(
            state="no_visit", attempts=attempts, no_visit_until=day + timedelta(days=NO_VISIT_DAYS)
        )
    if outcome == "not_home" and attempts + 1 >= MOST_ATTEMPTS:
        until = day + timedelta(days=LEAVE_ALONE_DAYS)
        return Following(state="no_visit", attempts=attempts + 1, no_visit_until=until)
    later = wanted or day + timedelta(days=7)
    tried = attempts + (outcome == "not_home")
    return Following(state="come_back", attempts=tried, next_on=max(later, day))
