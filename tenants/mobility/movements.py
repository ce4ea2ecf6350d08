"""Who is out and who is in, with the class, the rule that fired, what is due and what does not fit.

Puts the rules to the register's episodes for one day; everything is derived when it is asked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tenants.mobility.calendar import PartialDay
from tenants.mobility.classes import ClassAnswer, class_on, next_change
from tenants.mobility.duties import Done, Due, duties, report_before_leaving
from tenants.mobility.findings import Finding, findings
from tenants.mobility.histories import History, away_days
from tenants.mobility.lookups import (
    ChosenPack,
    EpisodeFacts,
    chosen_pack,
    episodes_of_same_member,
    masked_contact,
    open_episodes_and_theirs,
    returned_since,
)
from tenants.mobility.pack import RulePack, Treatment, in_force
from tenants.mobility.pack_files import repository_packs
from tenants.mobility.rules import (
    Span,
    changes_within,
    governing,
    is_outdated,
    overridden,
    spans,
)
from tenants.scope import Scope

RECENT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Movement:
    """The episode that governs one member in one direction, and how it is read under a pack."""

    facts: EpisodeFacts
    answer: ClassAnswer
    expected: PartialDay | None
    days: tuple[int, int]
    findings: tuple[Finding, ...]
    beside: ClassAnswer | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """A change of class on a day within the next fourteen."""

    facts: EpisodeFacts
    on: date
    before: ClassAnswer
    after: ClassAnswer


@dataclass(frozen=True, slots=True)
class Movements:
    """All of a tenant that the scope may see. `beside`: the other pack it was asked under.

    ahead: departures still to come, with the class of their first day. back: who came back in the
    last RECENT_DAYS, newest first, talked to or not.
    """

    chosen: ChosenPack
    beside: RulePack | None
    out: tuple[Movement, ...]
    into: tuple[Movement, ...]
    coming: tuple[Coming, ...]
    ahead: tuple[Movement, ...]
    back: tuple[EpisodeFacts, ...]


@dataclass(frozen=True, slots=True)
class MovementCard:
    """One episode in full. `packs`: the same history under every pack that holds that day.

    spans: its classes from its start to today. coming: the next change, if nothing new is said.
    """

    chosen: ChosenPack
    movement: Movement
    treatments: tuple[Treatment, ...]
    packs: tuple[tuple[RulePack, ClassAnswer], ...]
    duties: tuple[Due, ...]
    report: str
    outdated_override: bool
    spans: tuple[Span, ...]
    coming: tuple[date, ClassAnswer] | None
    masked_contact: str


def packs_today(day: date) -> list[RulePack]:
    """Every pack in the version that holds on a day, by id."""
    packs = repository_packs()
    return [in_force(packs, pack_id, day) for pack_id in sorted({pack.id for pack in packs})]


def movements(scope: Scope, day: date, *, words: str = "", beside: str = "") -> Movements:
    """Everybody away or here as incoming on `day`; `beside`: the id of a second pack, or ""."""
    chosen = chosen_pack(scope, day)
    other = next((pack for pack in packs_today(day) if pack.id == beside), None)
    facts = open_episodes_and_theirs(scope, day, words=words)
    by_id = {each.history.id: each for each in facts}
    read: dict[str, list[Movement]] = {"outflow": [], "inflow": []}
    coming: list[Coming] = []
    for direction, lines in read.items():
        for theirs in _by_member(facts, direction).values():
            governs = governing((each.history for each in theirs), day)
            if governs is not None:
                lines.append(_movement(by_id[governs.id], theirs, chosen.pack, day, other))
        members = {
            str(key): [each.history for each in theirs]
            for key, theirs in _by_member(facts, direction).items()
        }
        coming += [
            Coming(by_id[each.history.id], each.on, each.before, each.after)
            for each in changes_within(members, chosen.pack, day)
        ]
    coming.sort(key=lambda each: (each.on, each.facts.history.id))
    return Movements(
        chosen,
        other,
        out=_in_order(read["outflow"]),
        into=_in_order(read["inflow"]),
        coming=tuple(coming),
        ahead=_in_order(
            _movement(each, [each], chosen.pack, each.history.started.last, other)
            for each in facts
            if each.history.direction == "outflow" and each.history.started.first > day
        ),
        back=tuple(returned_since(scope, day - timedelta(days=RECENT_DAYS), day, words=words)),
    )


def everybody(found: Movements, most: int) -> list[UUID]:
    """Whose names a page shows that lists `most` lines of each kind; each member once."""
    lists = (found.coming, found.out, found.ahead, found.into)
    shown = [line.facts.member_id for lines in lists for line in lines[:most]]
    shown += [facts.member_id for facts in found.back[:most]]
    return list(dict.fromkeys(shown))


def movement_card(
    scope: Scope, episode_id: UUID, day: date, done_of: Callable[[UUID], Done] | None = None
) -> MovementCard:
    """One episode, closed ones too. Raises NotFound.

    `done_of`: when each duty of a member was last done; without it, never.
    """
    chosen = chosen_pack(scope, day)
    facts, theirs = episodes_of_same_member(scope, episode_id, day)
    movement = _movement(facts, theirs, chosen.pack, day)
    history = facts.history
    derived = class_on(history, chosen.pack, day)
    return MovementCard(
        chosen=chosen,
        movement=movement,
        treatments=tuple(
            chosen.pack.treatments_of(movement.answer.name, history.employer_has_organisation)
        ),
        packs=tuple((pack, class_on(history, pack, day)) for pack in packs_today(day)),
        duties=tuple(
            duties(history, chosen.pack, day, done_of(facts.member_id) if done_of else Done())
        ),
        report=report_before_leaving(history, chosen.pack, day),
        outdated_override=bool(facts.override and is_outdated(derived, facts.override)),
        spans=_passed(history, chosen.pack, day),
        coming=None if derived.name == "seasonal" else next_change(history, chosen.pack, day),
        masked_contact=masked_contact(scope, episode_id),
    )


def _movement(
    facts: EpisodeFacts,
    theirs: Iterable[EpisodeFacts],
    pack: RulePack,
    day: date,
    other: RulePack | None = None,
) -> Movement:
    answer = class_on(facts.history, pack, day)
    if facts.override and facts.override.said_on <= day and answer.name != "none":
        answer = overridden(answer, facts.override)
    return Movement(
        facts=facts,
        answer=answer,
        expected=facts.history.expected(day),
        days=away_days(facts.history, day),
        findings=tuple(findings([each.history for each in theirs], pack, day)),
        beside=class_on(facts.history, other, day) if other else None,
    )


def _passed(history: History, pack: RulePack, day: date) -> tuple[Span, ...]:
    """The episode alone, from the first day it may have begun; of a wholly unknown one the last."""
    started = history.started
    first = started.last if started.first == date.min else started.first
    last = min(day, history.ended.last) if history.ended else day
    return spans([history], pack, first, last) if first <= last else ()


def _by_member(facts: Iterable[EpisodeFacts], direction: str) -> dict[UUID, list[EpisodeFacts]]:
    found: dict[UUID, list[EpisodeFacts]] = {}
    for each in facts:
        if each.history.direction == direction:
            found.setdefault(each.member_id, []).append(each)
    return found


def _in_order(lines: Iterable[Movement]) -> tuple[Movement, ...]:
    """Longest away first; whoever's start is not known before them all."""
    return tuple(sorted(lines, key=lambda each: (each.facts.history.started.first, each.facts.id)))
