"""Questions about coming and going. Whoever asks is answered for the members they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from tenants.database import db
from tenants.errors import NotFound
from tenants.masking import masked
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.calendar import UNKNOWN_DAY, PartialDay, Season, partial_day
from tenants.mobility.histories import Extension, History
from tenants.mobility.pack import RulePack, in_force
from tenants.mobility.pack_files import repository_packs
from tenants.mobility.records import Episode, EpisodeExtension, RulePackChoice
from tenants.mobility.rules import Override, governing
from tenants.organisations.sealing import seal_of
from tenants.scope import Scope

DEFAULT_PACK = "national-2024"
"""What is gone by where a tenant has chosen none."""


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """One absence (outflow) or stay (inflow); open while `ended_on` is None.

    A day is as precise as its precision says: the first one it may be.
    """

    direction: str
    reason: str
    other_place: str
    started_on: date | None
    started_precision: str
    ended_on: date | None
    ended_precision: str
    id: UUID


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """One episode with whom it is of, as the rules want it. `id` is also the history's id."""

    id: UUID
    member_id: UUID
    name: str
    reason: str
    other_place: str
    started_precision: str
    debriefed_on: date | None
    override: Override | None
    history: History
    activity: str = ""
    filed_on: date | None = None
    proof_shown: bool = False


@dataclass(frozen=True, slots=True)
class ChosenPack:
    """The pack a tenant goes by on a day; `since` is None where it has chosen none."""

    pack: RulePack
    since: date | None


def episodes(scope: Scope, member_id: UUID) -> list[EpisodeLine]:
    """Episodes of one member the scope may see, newest first."""
    rows = db.session.execute(
        select(
            Episode.direction,
            Episode.reason,
            Episode.other_place,
            Episode.started_on,
            Episode.started_precision,
            Episode.ended_on,
            Episode.ended_precision,
            Episode.id,
        )
        .join(Member, and_(Member.tenant_id == Episode.tenant_id, Member.id == Episode.member_id))
        .where(Episode.tenant_id == scope.tenant_id, Episode.member_id == member_id, seen_by(scope))
        .order_by(Episode.id.desc())
    )
    return [EpisodeLine(*row) for row in rows]


def chosen_pack(scope: Scope, day: date) -> ChosenPack:
    """The rule pack that holds for the tenant on `day`, in the version of that day."""
    row = db.session.execute(
        select(RulePackChoice.pack_id, RulePackChoice.from_day)
        .where(RulePackChoice.tenant_id == scope.tenant_id, RulePackChoice.from_day <= day)
        .order_by(RulePackChoice.from_day.desc())
        .limit(1)
    ).one_or_none()
    pack_id, since = row or (DEFAULT_PACK, None)
    return ChosenPack(in_force(repository_packs(), pack_id, day), since)


def open_episodes_and_theirs(scope: Scope, day: date, *, words: str = "") -> list[EpisodeFacts]:
    """All episodes of the members who have one that holds on `day`, or begins later.

    The others of the same members are there for what does not fit together. By member, then start.
    """
    holding = select(Episode.member_id).where(
        Episode.tenant_id == scope.tenant_id,
        or_(Episode.ended_on.is_(None), Episode.ended_on > day),
    )
    wanted: list[ColumnElement[bool]] = [Episode.member_id.in_(holding)]
    if words:
        wanted.append(Member.name.contains(words, autoescape=True))
    return _facts(scope, day, *wanted)


def returned_since(scope: Scope, since: date, day: date, *, words: str = "") -> list[EpisodeFacts]:
    """Absences that ended from `since` to `day`, by their end; half-known ends by their first day."""
    wanted: list[ColumnElement[bool]] = [
        Episode.direction == "outflow",
        Episode.ended_on.between(since, day),
    ]
    if words:
        wanted.append(Member.name.contains(words, autoescape=True))
    found = [each for each in _facts(scope, day, *wanted) if each.history.ended]
    return sorted(found, key=lambda each: (each.history.ended or UNKNOWN_DAY).last, reverse=True)


def masked_contact(scope: Scope, episode_id: UUID) -> str:
    """The last four signs of how to reach them meanwhile; '' where nothing was said."""
    sealed = db.session.execute(
        select(Episode.contact_sealed).where(
            Episode.tenant_id == scope.tenant_id, Episode.id == episode_id
        )
    ).scalar_one_or_none()
    if sealed is None:
        return ""
    contact = seal_of(scope).open(bytes(sealed), episode_id, "contact")
    return masked(contact)


def absence_of(scope: Scope, member_id: UUID, day: date) -> UUID | None:
    """The absence that governs a member on a day, None where there is none."""
    found = _facts(scope, day, Episode.member_id == member_id, Episode.direction == "outflow")
    history = governing([each.history for each in found], day)
    return UUID(history.id) if history else None


def episodes_of_same_member(
    scope: Scope, episode_id: UUID, day: date
) -> tuple[EpisodeFacts, list[EpisodeFacts]]:
    """One episode, and all of its member's, it included. Raises NotFound."""
    whose = (
        select(Episode.member_id)
        .where(Episode.tenant_id == scope.tenant_id, Episode.id == episode_id)
        .scalar_subquery()
    )
    found = _facts(scope, day, Episode.member_id == whose)
    for each in found:
        if each.id == episode_id:
            return each, found
    raise NotFound


def _facts(scope: Scope, day: date, *wanted: ColumnElement[bool]) -> list[EpisodeFacts]:
    rows = db.session.execute(
        select(Episode, Member.name, Member.residence, Member.work.is_not(None))
        .join(Member, and_(Member.tenant_id == Episode.tenant_id, Member.id == Episode.member_id))
        .where(Episode.tenant_id == scope.tenant_id, seen_by(scope), *wanted)
        .order_by(Episode.member_id, Episode.started_on, Episode.id)
    ).all()
    said = _extensions(scope, [row[0].id for row in rows])
    return [
        _fact(episode, name, residence, works, said.get(episode.id, []), day)
        for episode, name, residence, works in rows
    ]


def _extensions(scope: Scope, episode_ids: Sequence[UUID]) -> dict[UUID, list[Extension]]:
    found: dict[UUID, list[Extension]] = {}
    if not episode_ids:
        return found
    rows = db.session.execute(
        select(
            EpisodeExtension.episode_id,
            EpisodeExtension.until,
            EpisodeExtension.until_precision,
            EpisodeExtension.said_on,
        )
        .where(
            EpisodeExtension.tenant_id == scope.tenant_id,
            EpisodeExtension.episode_id.in_(episode_ids),
        )
        .order_by(EpisodeExtension.said_on, EpisodeExtension.id)
    )
    for episode_id, until, precision, said_on in rows:
        extension = Extension(partial_day(until, precision), said_on)
        found.setdefault(episode_id, []).append(extension)
    return found


def _fact(
    episode: Episode, name: str, residence: str, works: bool, said: list[Extension], day: date
) -> EpisodeFacts:
    here_for = {"home": residence == "inside", "work": works, "proof": episode.proof_shown}
    season = episode.season_first and Season(episode.season_first, episode.season_last or 12)
    ended = episode.ended_on and partial_day(episode.ended_on, episode.ended_precision)
    history = History(
        id=str(episode.id),
        direction=episode.direction,
        started=_started(episode),
        planned=_planned(episode),
        extensions=tuple(said),
        ended=ended.no_later_than(day) if ended else None,
        fixed=episode.fixed,
        season=season or None,
        settled_on=episode.settled_on,
        employer_has_organisation=episode.employer_has_organisation,
        here_for=frozenset(basis for basis, holds in here_for.items() if holds),
        registered_on=episode.registered_at.date(),
        reported_on=episode.reported_on,
    )
    override = None
    if episode.override_class and episode.overridden_on:
        override = Override(episode.override_class, episode.override_reason, episode.overridden_on)
    return EpisodeFacts(
        episode.id,
        episode.member_id,
        name,
        episode.reason,
        episode.other_place,
        episode.started_precision if episode.started_on else "unknown",
        episode.debriefed_on,
        override,
        history,
        episode.activity,
        episode.filed_on,
        episode.proof_shown,
    )


def _started(episode: Episode) -> PartialDay:
    """The start; one that must have happened when it was written down lies no later than that.

    A departure known to the month may be planned for the rest of that month: it is left as it is.
    """
    started = partial_day(episode.started_on, episode.started_precision)
    if (
        episode.direction == "outflow"
        and episode.started_precision == "month"
        and episode.started_on
    ):
        return started
    return started.no_later_than(episode.registered_at.date())


def _planned(episode: Episode) -> PartialDay | None:
    if episode.planned_until is None:
        return None
    return partial_day(episode.planned_until, episode.planned_precision)
