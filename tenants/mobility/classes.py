"""The class of one episode on one day under one pack, and the rule it follows from.

Source: domain section 2 and MOB-1..6. Derived, never stored, never a decision: a person may
override it (`rules.overridden`). What cannot be known is said so: `unknown` with the reason and
the classes that are possible.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tenants.mobility.calendar import at_least
from tenants.mobility.histories import History
from tenants.mobility.pack import Rule, RulePack

LADDER: Final = ("short", "medium", "long_fixed", "long_roving")
CLASSES: Final = (*LADDER, "seasonal", "inflow_waiting", "inflow_candidate", "unknown", "none")
REASONS: Final = (
    "by_length",
    "in_season",
    "settled",
    "stayed_long_enough",
    "stayed_too_short",
    "not_begun",
    "over",
    "pack_silent",
    "start_not_known",
    "end_not_known",
    "length_not_known",
    "place_not_known",
    "basis_not_known",
    "basis_not_met",
)


@dataclass(frozen=True, slots=True)
class ClassAnswer:
    """One class, and why.

    rule: the one that fired, with its clause. basis: whether the length that decided is `actual`
    (already so) or `expected` (not yet, but said). expected, actual: the class by either alone,
    None where it cannot be said. since: the first day of this class. possible: where the name is
    `unknown`, the classes it may be. derived: where a person overrode it, what it would be.
    """

    name: str
    reason: str
    rule: Rule[object] | None = None
    basis: str = ""
    expected: str | None = None
    actual: str | None = None
    since: date | None = None
    possible: tuple[str, ...] = ()
    history: History | None = None
    derived: str | None = None
    override_reason: str = ""


NOWHERE: Final = ClassAnswer("none", "not_begun")


def class_on(history: History, pack: RulePack, day: date) -> ClassAnswer:
    """The class of one episode on `day`, as it was known on that day."""
    answer = _answer(history, pack, day)
    return replace(answer, since=_since(history, pack, day, answer.name), history=history)


def name_on(history: History, pack: RulePack, day: date) -> str:
    """The class alone, for whoever asks about many days."""
    return _answer(history, pack, day).name


def next_change(history: History, pack: RulePack, day: date) -> tuple[date, ClassAnswer] | None:
    """The first later day on which the class becomes another if nothing new is said, and it."""
    now = _answer(history, pack, day).name
    for turn in turning_days(history, pack):
        if turn > day and _answer(history, pack, turn).name != now:
            return turn, class_on(history, pack, turn)
    return None


def turning_days(history: History, pack: RulePack) -> list[date]:
    """Every day on which the class may change, rising. Between two of them it is constant."""
    started, ended = history.started, history.ended
    days = {started.first, started.last}
    for rule in (pack.medium_from, pack.long_from, pack.inflow_from):
        if rule:
            days |= {rule.value.after(started.first), rule.value.after(started.last)}
    days |= {each.said_on for each in history.extensions if each.said_on}
    if history.settled_on:
        days.add(history.settled_on)
    if ended:
        days |= {ended.first, ended.last}
    season = history.season_of_leaving()
    if season and season[1] < date.max:
        days.add(date.fromordinal(season[1].toordinal() + 1))
    return sorted(days)


def _since(history: History, pack: RulePack, day: date, name: str) -> date | None:
    """Back over the turning days as long as the class is the same; None: it always was."""
    since = None
    for turn in reversed([turn for turn in turning_days(history, pack) if turn <= day]):
        if _answer(history, pack, turn).name != name:
            return since
        since = turn
    return None if name == "none" or since == date.min else since


def _answer(history: History, pack: RulePack, day: date) -> ClassAnswer:
    if history.ended and history.ended.last <= day:
        return ClassAnswer("none", "over")
    if day < history.started.first:
        return NOWHERE
    answer = _inflow(history, pack, day) if history.direction == "inflow" else None
    answer = answer or _outflow(history, pack, day)
    if not history.surely_covers(day):
        reason = "start_not_known" if day < history.started.last else "end_not_known"
        possible = ("none", *(answer.possible or (answer.name,)))
        return ClassAnswer("unknown", reason, possible=possible)
    return answer


def _outflow(history: History, pack: RulePack, day: date) -> ClassAnswer:
    if not (pack.medium_from or pack.long_from):
        return ClassAnswer("unknown", "pack_silent")
    if history.settled_on and history.settled_on <= day:
        if pack.long_from:
            return ClassAnswer("long_fixed", "settled", pack.long_from, "expected")
        return ClassAnswer("unknown", "pack_silent")
    answer = _by_length(history, pack, day)
    if pack.seasonal and history.in_season(day):
        seasonal = replace(answer, name="seasonal", reason="in_season", possible=())
        return replace(seasonal, rule=pack.seasonal, basis="expected")
    return answer


def _by_length(history: History, pack: RulePack, day: date) -> ClassAnswer:
    """By the longer of what has passed and what is expected, at both ends of half-known days."""
    actual, expected = _possible(history, pack, day, day), None
    found = actual
    if back := history.expected(day):
        expected = _possible(history, pack, back.first, back.last)
        found = _possible(history, pack, max(day, back.first), max(day, back.last))
    one = len(found) == 1
    return ClassAnswer(
        name=found[0] if one else "unknown",
        reason="by_length" if one else _why_unknown(found),
        rule=_rule_of(found[0], pack) if one else None,
        basis="actual" if found == actual else "expected",
        expected=_single(expected),
        actual=_single(actual),
        possible=() if one else found,
    )


def _inflow(history: History, pack: RulePack, day: date) -> ClassAnswer:
    if not (pack.inflow_from and pack.inflow_basis):
        return ClassAnswer("unknown", "pack_silent")
    if not history.here_for:
        possible = ("inflow_waiting", "inflow_candidate")
        return ClassAnswer("unknown", "basis_not_known", pack.inflow_basis, possible=possible)
    if not history.here_for & set(pack.inflow_basis.value):
        return ClassAnswer("inflow_waiting", "basis_not_met", pack.inflow_basis, "actual")
    started, term = history.started, pack.inflow_from.value
    surely, maybe = at_least(term, started.last, day), at_least(term, started.first, day)
    if surely != maybe:
        possible = ("inflow_waiting", "inflow_candidate")
        return ClassAnswer("unknown", "length_not_known", pack.inflow_from, possible=possible)
    name, reason = ("inflow_candidate", "stayed_long_enough")
    if not surely:
        name, reason = ("inflow_waiting", "stayed_too_short")
    return ClassAnswer(name, reason, pack.inflow_from, "actual", actual=name)


def _possible(history: History, pack: RulePack, first: date, last: date) -> tuple[str, ...]:
    """Classes an absence may be that ends between `first` and `last`, in the order of LADDER."""
    started = history.started
    fewest = _step(pack, started.last, first)
    most = _step(pack, started.first, last)
    found = {("short", "medium")[step] for step in range(fewest, min(most, 1) + 1)}
    if not pack.medium_from:
        found.discard("medium")
    if most == 2:
        kinds = {True: {"long_fixed"}, False: {"long_roving"}, None: {"long_fixed", "long_roving"}}
        found |= kinds[history.fixed]
    return tuple(name for name in LADDER if name in found)


def _step(pack: RulePack, start: date, end: date) -> int:
    """0 short, 1 medium, 2 long. The longer is asked first: on the line both words include it."""
    if pack.long_from and at_least(pack.long_from.value, start, end):
        return 2
    return int(bool(pack.medium_from and at_least(pack.medium_from.value, start, end)))


def _rule_of(name: str, pack: RulePack) -> Rule[object] | None:
    """The rule that makes an absence of that class; of a short one, the line it stays below."""
    if name.startswith("long"):
        return pack.long_from
    return pack.medium_from or pack.long_from


def _single(possible: tuple[str, ...] | None) -> str | None:
    return possible[0] if possible and len(possible) == 1 else None


def _why_unknown(possible: tuple[str, ...]) -> str:
    only_place = set(possible) == {"long_fixed", "long_roving"}
    return "place_not_known" if only_place else "length_not_known"
