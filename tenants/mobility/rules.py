"""Questions over the episodes of one member or of many: class, coming changes, two packs.

Source: domain sections 2 and 3.3, MOB-1..6. Episodes are never joined, cut or closed here: two
short trips with a week at home stay two, and a return nobody recorded is shown (`findings`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from tenants.errors import InvalidInput
from tenants.mobility.calendar import ONE_DAY
from tenants.mobility.classes import (
    LADDER,
    NOWHERE,
    ClassAnswer,
    class_on,
    next_change,
    turning_days,
)
from tenants.mobility.histories import History
from tenants.mobility.pack import Rule, RulePack

OVERRIDES: Final = (*LADDER, "seasonal")
"""What a person may say a class is."""
LONGEST_PREVIEW_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Override:
    """What a person says the class of an episode is, from a day on, and why."""

    name: str
    reason: str
    said_on: date


@dataclass(frozen=True, slots=True)
class Span:
    """A run of days, both ends included, of one class for one reason."""

    first: date
    last: date
    name: str
    rule: Rule[object] | None


@dataclass(frozen=True, slots=True)
class ComingChange:
    """An episode whose class becomes another on a day, if nothing new is said until then."""

    history: History
    on: date
    before: ClassAnswer
    after: ClassAnswer


def governing(histories: Iterable[History], day: date) -> History | None:
    """The episode that says where the member is on `day`.

    Where several hold, the one begun last: whoever left anew was back before. One that surely
    holds goes before one that only may. The order they are given in means nothing.
    """
    holding = [each for each in histories if each.may_cover(day)]
    return max(holding, key=lambda each: _standing(each, day), default=None)


def class_of(
    histories: Iterable[History], pack: RulePack, day: date, override: Override | None = None
) -> ClassAnswer:
    """The one class of a member on a day. `override` is that of the episode that governs."""
    history = governing(histories, day)
    if history is None:
        return NOWHERE
    answer = class_on(history, pack, day)
    return overridden(answer, override) if override and override.said_on <= day else answer


def overridden(answer: ClassAnswer, override: Override) -> ClassAnswer:
    """A person's word over the derived class, which stays in `derived`. Raises InvalidInput."""
    if override.name not in OVERRIDES:
        raise InvalidInput("不能改成“%(name)s”这一类；请从列出的类别中选。", name=override.name)
    if not override.reason.strip():
        raise InvalidInput("改类别要写明理由；请写一句为什么。")
    return replace(
        answer,
        name=override.name,
        derived=answer.name,
        override_reason=override.reason.strip(),
        since=override.said_on,
    )


def is_outdated(answer: ClassAnswer, override: Override) -> bool:
    """Whether the derived class changed after a person overrode it: worth asking them again."""
    return answer.since is not None and answer.since > override.said_on


def spans(
    histories: Sequence[History], pack: RulePack, first: date, last: date
) -> tuple[Span, ...]:
    """The member's class day by day, first..last, each day in exactly one span."""
    turns = {turn for each in histories for turn in turning_days(each, pack)}
    starts = sorted({first} | {turn for turn in turns if first < turn <= last})
    found: list[Span] = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = following - ONE_DAY if following else last
        answer = class_of(histories, pack, start)
        previous = found[-1] if found else None
        if previous and (previous.name, previous.rule) == (answer.name, answer.rule):
            found[-1] = replace(previous, last=end)
        else:
            found.append(Span(start, end, answer.name, answer.rule))
    return tuple(found)


def side_by_side(
    histories: Sequence[History], packs: Sequence[RulePack], day: date
) -> list[tuple[RulePack, ClassAnswer]]:
    """The same history under several packs, in the order of the packs."""
    return [(pack, class_of(histories, pack, day)) for pack in packs]


def changes_within(
    members: Mapping[str, Sequence[History]], pack: RulePack, day: date, days: int = 14
) -> list[ComingChange]:
    """Who changes class after `day` and up to `days` later, soonest first.

    Left out: coming and going itself (a planned departure or return is no change of class), and
    whoever is away for their season, in season (MOB-6), also under a pack that knows no seasons.
    """
    limit = day + timedelta(days=min(days, LONGEST_PREVIEW_DAYS))
    found = []
    for key in sorted(members):
        history = governing(members[key], day)
        if history is None:
            continue
        now = class_on(history, pack, day)
        if not history.surely_covers(day) or history.in_season(day):
            continue
        coming = next_change(history, pack, day)
        if coming and coming[0] <= limit and coming[1].name != "none":
            found.append(ComingChange(history, coming[0], now, coming[1]))
    return sorted(found, key=lambda change: (change.on, change.history.id))


def _standing(history: History, day: date) -> tuple[bool, date, date, str]:
    return history.surely_covers(day), history.started.last, history.started.first, history.id
