"""Transfer letters (组织关系介绍信): how long one holds, what may be done with it, what undoing brings back.

Sources: domain TRF-2 (numbered letters and their stubs), TRF-3 (a letter carried in the pocket
lapses where everybody sees it; a lost one is reported, voided and issued anew), section 7. Pure.
That a letter has lapsed follows from its dates and is stored nowhere; what follows from the lapse
is for people to decide: present it all the same, issue another, or leave it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from tenants.errors import Conflict, InvalidInput
from tenants.mobility.calendar import Term

STATES: Final = ("issued", "presented", "lost", "closed", "voided", "withdrawn")
OPEN: Final = ("issued", "presented", "lost")
"""Somebody still has to do something."""
ENDED: Final = ("closed", "voided", "withdrawn")
NEAR_DAYS: Final = 14
"""A letter not presented yet is near its expiry in its last fortnight: our choice, no source has one."""

STEPS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "present": ("presented", ("issued",)),
    "close": ("closed", ("issued", "presented")),
    "lose": ("lost", ("issued", "presented")),
    "withdraw": ("withdrawn", ("issued", "presented", "lost")),
}
"""Act -> the state it leads to, and the states in which it may be done."""


@dataclass(frozen=True, slots=True)
class Stub:
    """What the register knows of a letter's life. `valid_to` is the last day it holds.

    `ended_on`: when the receipt came back, the member took it back, or it was voided.
    """

    state: str
    issued_on: date
    valid_to: date
    presented_on: date | None = None
    lost_on: date | None = None
    ended_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def days_left(self, day: date) -> int | None:
        """Days it still holds, 0 on its last; below 0 it has lapsed. None: nobody waits for it."""
        return (self.valid_to - day).days if self.state == "issued" else None

    def has_lapsed(self, day: date) -> bool:
        left = self.days_left(day)
        return left is not None and left < 0

    def is_near(self, day: date, within: int = NEAR_DAYS) -> bool:
        left = self.days_left(day)
        return left is not None and 0 <= left <= within

    @property
    def last_day(self) -> date:
        """The day of the last thing that happened to it."""
        days = (self.issued_on, self.presented_on, self.lost_on, self.ended_on)
        return max(day for day in days if day)


def latest_valid_to(issued_on: date, longest: Term | None) -> date | None:
    """The last day a letter issued then may hold; None where the rule pack sets no limit."""
    return longest.after(issued_on) if longest else None


def check_dates(issued_on: date, valid_to: date, longest: Term | None, today: date) -> None:
    """Raises InvalidInput for days that cannot be."""
    if issued_on > today:
        raise InvalidInput("开具日期还没有到，请核对。")
    if valid_to < issued_on:
        raise InvalidInput("有效期早于开具日期，请核对。")
    latest = latest_valid_to(issued_on, longest)
    if latest and valid_to > latest:
        raise InvalidInput(
            "按本单位的规则包，这一天开的介绍信最迟到 %(day)s 有效。", day=latest.isoformat()
        )


def may(act: str, stub: Stub, day: date) -> bool:
    """Whether an act of STEPS, or `replace`, may be done with it on `day`."""
    if act == "replace":
        return stub.state == "lost" or stub.has_lapsed(day)
    return act in STEPS and stub.state in STEPS[act][1]


def stepped(stub: Stub, act: str, on: date, today: date) -> Stub:
    """The letter after a step. Raises Conflict or InvalidInput.

    A letter shown after it lapsed is written down like any other: whether the other side takes it
    is theirs to say.
    """
    if act not in STEPS:
        raise InvalidInput("请选要登记哪一步。")
    if not may(act, stub, today):
        raise Conflict("这封介绍信已经不在这一步了，请刷新后再看。")
    check_day(stub, on, today)
    state, _before = STEPS[act]
    field = {"present": "presented_on", "lose": "lost_on"}.get(act, "ended_on")
    return replace(stub, state=state, **{field: on})


def voided(stub: Stub, on: date, today: date) -> Stub:
    """The letter once another is issued in its place. Raises Conflict or InvalidInput."""
    if not may("replace", stub, today):
        raise Conflict("只有登记了遗失的，或者过期没有用的介绍信，才能作废补开。")
    check_day(stub, on, today)
    return replace(stub, state="voided", ended_on=on)


def undone(stub: Stub) -> Stub | None:
    """The letter before its last step; None when that was issuing it."""
    if stub.state == "issued":
        return None
    if stub.state == "presented":
        return replace(stub, state="issued", presented_on=None)
    if stub.state == "lost":
        before = "presented" if stub.presented_on else "issued"
        return replace(stub, state=before, lost_on=None)
    before = "lost" if stub.lost_on else "presented" if stub.presented_on else "issued"
    return replace(stub, state=before, ended_on=None)


def check_day(stub: Stub, on: date, today: date) -> None:
    """Raises InvalidInput for a day that cannot be the next one."""
    if on > today:
        raise InvalidInput("日期还没有到，请核对。")
    if on < stub.last_day:
        raise InvalidInput("日期早于上一步，请核对。")


def age_on(born_on: date | None, precision: str, day: date) -> int | None:
    """Whole years of age on a day; None where the birth date as it is known does not say."""
    if born_on is None or precision not in ("day", "month"):
        return None
    if precision == "month" and born_on.month == day.month:
        return None
    before = (day.month, day.day) < (born_on.month, born_on.day)
    return day.year - born_on.year - before


def near_until(day: date, within: int = NEAR_DAYS) -> date:
    """Letters not presented that hold until then at the latest, and still on `day`, are near."""
    return day + timedelta(days=within)
