"""Opening episodes, what is said of them later, closing them; choosing the rule pack.

Nothing here decides a class: it is derived (`rules`), and a person's word over it keeps its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from tenants.audit.actions import note
from tenants.copying import put_rows
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.calendar import partial_day
from tenants.mobility.holding import check_season, open_episode, seen_episode
from tenants.mobility.pack_files import repository_packs
from tenants.mobility.records import Episode, EpisodeExtension, RulePackChoice
from tenants.mobility.rules import OVERRIDES
from tenants.mobility.said import is_too_exact
from tenants.organisations.sealing import seal_of
from tenants.outbox.actions import recount
from tenants.scope import Scope

CHOOSES_THE_PACK = ("community_admin", "upper_officer", "county_admin", "operator")


@dataclass(frozen=True, slots=True)
class EpisodeDraft:
    """A coming or going to be written down. `other_place`: district level only."""

    member_id: UUID
    direction: str
    started_on: date | None = None
    reason: str = ""
    other_place: str = ""
    started_precision: str = "day"


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody leaves, or is going to (REG-3). Months of the season: both or none.

    `reported_on`: the day they said so themselves; None, it was found out some other way.
    `contact`: how to reach them meanwhile, sealed on the way in. `employer_has_organisation`: None
    where nobody knows.
    """

    member_id: UUID
    started_on: date | None
    started_precision: str = "day"
    planned_until: date | None = None
    planned_precision: str = "day"
    reason: str = ""
    other_place: str = ""
    fixed: bool | None = None
    season_first: int | None = None
    season_last: int | None = None
    reported_on: date | None = None
    activity: str = ""
    contact: str = ""
    employer_has_organisation: bool | None = None


def open_episodes(scope: Scope, drafts: Sequence[EpisodeDraft]) -> list[UUID]:
    """Write down that these people left or came; answers the episodes' ids in the same order."""
    ids = [new_id() for _ in drafts]
    rows = (
        {
            "id": id_,
            "member_id": draft.member_id,
            "direction": draft.direction,
            "started_on": draft.started_on,
            "started_precision": draft.started_precision,
            "reason": draft.reason,
            "other_place": draft.other_place,
        }
        for id_, draft in zip(ids, drafts, strict=True)
    )
    put_rows(Episode, rows)
    return ids


def leave(scope: Scope, departure: Departure) -> UUID:
    """Write a departure down, before or after it; late ones are allowed and marked by their day.

    Raises NotFound for a member one may not see, InvalidInput when the days or months cannot be,
    or the place is written down to the house (MOB-12).
    """
    seen = select(Member.id).where(Member.id == departure.member_id, seen_by(scope))
    if db.session.execute(seen).scalar_one_or_none() is None:
        raise NotFound
    _check_departure(departure)
    episode_id = new_id()
    told = {field: getattr(departure, field) for field in departure.__slots__}
    contact = told.pop("contact")
    episode = Episode(
        id=episode_id,
        direction="outflow",
        contact_sealed=seal_of(scope).close(contact, episode_id, "contact") if contact else None,
        **told,
    )
    db.session.add(episode)
    db.session.flush()
    note(scope, "record_leaving", "episode", episode.id)
    recount(scope)
    return episode.id


def withdraw(scope: Scope, episode_id: UUID) -> None:
    """Undo a departure that was registered by mistake, or that is not to be; the audit keeps it.

    Raises Conflict when something was said of it later: then it is history, and ends by a return.
    """
    episode = open_episode(scope, episode_id)
    later = select(EpisodeExtension.id).where(EpisodeExtension.episode_id == episode_id).limit(1)
    if episode.direction != "outflow" or db.session.execute(later).scalar_one_or_none():
        raise Conflict("这次流动后来又登记过情况，不能撤销；已经回来的请登记返回。")
    db.session.delete(episode)
    note(scope, "withdraw_departure", "episode", episode_id)
    recount(scope)
    db.session.flush()


def extend(
    scope: Scope, episode_id: UUID, until: date, said_on: date, precision: str = "day"
) -> None:
    """Keep a later word on when they come back; the earlier ones stay. Raises Conflict if back."""
    episode = open_episode(scope, episode_id)
    started = partial_day(episode.started_on, episode.started_precision)
    if partial_day(until, precision).last < started.first:
        raise InvalidInput("预计返回的日期早于外出日期，请核对。")
    db.session.add(
        EpisodeExtension(
            episode_id=episode_id, until=until, until_precision=precision, said_on=said_on
        )
    )
    note(scope, "extend_absence", "episode", episode_id)
    db.session.flush()


def come_back(
    scope: Scope, episode_id: UUID, ended_on: date, today: date, precision: str = "day"
) -> None:
    """Close an episode. Raises Conflict when it is closed, InvalidInput when it cannot be so."""
    episode = open_episode(scope, episode_id)
    if partial_day(ended_on, precision).first > today:
        raise InvalidInput("返回日期还没有到；还没回来的，请改“预计返回”。")
    started = partial_day(episode.started_on, episode.started_precision)
    if partial_day(ended_on, precision).last < started.first:
        raise InvalidInput("返回日期早于外出日期，请核对。")
    episode.ended_on, episode.ended_precision = ended_on, precision
    note(scope, "record_return", "episode", episode_id)
    recount(scope)
    db.session.flush()


def take_back_return(scope: Scope, episode_id: UUID) -> None:
    """Undo a return that was recorded by mistake; a debriefing that followed goes with it."""
    episode = seen_episode(scope, episode_id)
    if episode.ended_on is None:
        raise Conflict("这次流动本来就没有结束，请刷新后再看。")
    episode.ended_on, episode.ended_precision, episode.debriefed_on = None, "day", None
    note(scope, "take_back_return", "episode", episode_id)
    recount(scope)
    db.session.flush()


def debrief(scope: Scope, episode_id: UUID, on: date, today: date) -> None:
    """Note that whoever came back was talked to (MOB-11). Raises Conflict while they are away,
    InvalidInput for a day that is still to come or before they were back."""
    episode = seen_episode(scope, episode_id)
    if episode.ended_on is None:
        raise Conflict("还没有登记返回，返回后再记谈话。")
    _check_past(on, today)
    if on < partial_day(episode.ended_on, episode.ended_precision).first:
        raise InvalidInput("谈话日期早于返回日期，请核对。")
    episode.debriefed_on = on
    note(scope, "debrief", "episode", episode_id)
    db.session.flush()


def settle_elsewhere(scope: Scope, episode_id: UUID, on: date) -> None:
    """Note that they live elsewhere for good (MOB-13): an invitation to transfer, nothing more."""
    episode = open_episode(scope, episode_id)
    if episode.direction != "outflow":
        raise Conflict("只有流出的党员才登记定居外地。")
    episode.settled_on = on
    note(scope, "settle_elsewhere", "episode", episode_id)
    db.session.flush()


def say_place(scope: Scope, episode_id: UUID, fixed: bool | None) -> None:
    """Keep whether they are in one place or unit (True), rove (False), or nobody knows (None)."""
    open_episode(scope, episode_id).fixed = fixed
    note(scope, "say_place", "episode", episode_id)
    db.session.flush()


def say_employer(scope: Scope, episode_id: UUID, has_organisation: bool | None) -> None:
    """Keep whether the employer there has an organisation; None, nobody knows."""
    open_episode(scope, episode_id).employer_has_organisation = has_organisation
    note(scope, "say_employer", "episode", episode_id)
    db.session.flush()


def show_proof(scope: Scope, episode_id: UUID, shown: bool) -> None:
    """Keep whether whoever came showed a letter of proof, which is not kept (REG-16)."""
    episode = open_episode(scope, episode_id)
    if episode.direction != "inflow":
        raise Conflict("只有流入的党员才登记证明信。")
    episode.proof_shown = shown
    note(scope, "show_proof", "episode", episode_id)
    db.session.flush()


def file_upward(scope: Scope, episode_id: UUID, on: date, today: date) -> None:
    """Note that the episode was filed with the office above (REG-4, TRF-5). Raises InvalidInput."""
    episode = seen_episode(scope, episode_id)
    _check_past(on, today)
    episode.filed_on = on
    note(scope, "file_upward", "episode", episode_id)
    db.session.flush()


def say_class(scope: Scope, episode_id: UUID, name: str, reason: str, on: date) -> None:
    """A person's word over the derived class, with its reason; name "" takes it back."""
    episode = open_episode(scope, episode_id)
    reason = reason.strip()[:120]
    if name and name not in OVERRIDES:
        raise InvalidInput("请从列出的类别中选。")
    if name and not reason:
        raise InvalidInput("改类别要写明理由；请写一句为什么。")
    episode.override_class, episode.override_reason = name, reason if name else ""
    episode.overridden_on = on if name else None
    note(scope, "override_class", "episode", episode_id, taken_back=not name)
    db.session.flush()


def choose_pack(scope: Scope, pack_id: str, from_day: date) -> None:
    """Go by a pack from a day on; the choice for earlier days stays. Raises NotAllowed."""
    if scope.role not in CHOOSES_THE_PACK:
        raise NotAllowed("规则包由社区管理员选定。")
    if pack_id not in {pack.id for pack in repository_packs()}:
        raise InvalidInput("没有这个规则包，请从列出的里面选。")
    chosen = db.session.execute(
        select(RulePackChoice).where(
            RulePackChoice.tenant_id == scope.tenant_id, RulePackChoice.from_day == from_day
        )
    ).scalar_one_or_none()
    if chosen is None:
        chosen = RulePackChoice(from_day=from_day)
        db.session.add(chosen)
    chosen.pack_id, chosen.chosen_by = pack_id, scope.person_id
    note(scope, "choose_rule_pack", "tenant", None, pack=pack_id)
    db.session.flush()


def _check_past(on: date, today: date) -> None:
    if on > today:
        raise InvalidInput("日期还没有到，请核对。")


def _check_departure(departure: Departure) -> None:
    if is_too_exact(departure.other_place):
        raise InvalidInput("去哪里只写到区县，不要写门牌或电话。")
    started = partial_day(departure.started_on, departure.started_precision)
    if departure.planned_until:
        planned = partial_day(departure.planned_until, departure.planned_precision)
        if planned.last < started.first:
            raise InvalidInput("预计返回的日期早于外出日期，请核对。")
    check_season(departure.season_first, departure.season_last)
