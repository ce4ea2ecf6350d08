"""Questions about activity certificates. Whoever asks is answered for the members they may see."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from tenants.certificates.records import ActivityCertificate, CertificateEntry
from tenants.certificates.rules import (
    OPEN,
    STATES,
    STEP_DATES,
    WITH_THE_MEMBER,
    InUse,
    next_states,
    state_before,
)
from tenants.database import db
from tenants.errors import NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.lookups import EpisodeFacts, chosen_pack, open_episodes_and_theirs
from tenants.mobility.rules import class_of, governing
from tenants.people.lookups import shown_names
from tenants.scope import Scope

MOST = 1_000
"""Lines of one list; it says so when there are more."""
_MEMBER = and_(
    Member.tenant_id == ActivityCertificate.tenant_id, Member.id == ActivityCertificate.member_id
)


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One certificate with plain values; fields as in `records`. `days`: as `rules.Days`."""

    id: UUID
    member_id: UUID
    name: str
    branch_id: UUID | None
    episode_id: UUID | None
    state: str
    number: str
    holder: str
    pledge_on: date | None
    days: dict[str, date | None] = field(default_factory=dict)
    version: int = 1

    @property
    def since(self) -> date | None:
        """The day it came to its state."""
        return self.days[STEP_DATES[self.state]]

    @property
    def steps(self) -> list[tuple[str, date]]:
        """What it has been, with the days, in order."""
        found = ((each, self.days[STEP_DATES[each]]) for each in STATES)
        return [(state, on) for state, on in found if on is not None]

    @property
    def next_states(self) -> tuple[str, ...]:
        return next_states(self.state)

    @property
    def may_go_back(self) -> bool:
        return state_before(self.state, self.days) is not None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def in_use(self) -> InUse:
        """What duties ask of it."""
        away = self.state in WITH_THE_MEMBER
        return InUse(self.days["issued_on"] if away else None)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a destination. `who`: of ours who wrote it down here; `struck`: a mistake."""

    id: UUID
    happened_on: date
    what: str
    signed_by: str
    who: str
    recorded_at: datetime
    struck: bool


def certificates(scope: Scope, *, states: Collection[str] = OPEN) -> list[CertificateLine]:
    """Certificates in these states, the longest in its state first; MOST at most."""
    since = func.greatest(*(getattr(ActivityCertificate, each) for each in STEP_DATES.values()))
    question = _visible(scope).where(ActivityCertificate.state.in_(states))
    return _lines(question.order_by(since, ActivityCertificate.id).limit(MOST))


def certificates_of(scope: Scope, member_id: UUID) -> list[CertificateLine]:
    """One member's certificates, the last one first."""
    question = _visible(scope).where(ActivityCertificate.member_id == member_id)
    newest = (ActivityCertificate.requested_on.desc(), ActivityCertificate.id.desc())
    return _lines(question.order_by(*newest))


def certificate(scope: Scope, certificate_id: UUID) -> CertificateLine:
    """One certificate. Raises NotFound."""
    found = _lines(_visible(scope).where(ActivityCertificate.id == certificate_id))
    if not found:
        raise NotFound
    return found[0]


def counts_by_state(scope: Scope) -> dict[str, int]:
    """State -> how many, of the members whom the scope sees."""
    rows = db.session.execute(
        select(ActivityCertificate.state, func.count())
        .join(Member, _MEMBER)
        .where(ActivityCertificate.tenant_id == scope.tenant_id, seen_by(scope))
        .group_by(ActivityCertificate.state)
    )
    return {state: count for state, count in rows}


def entries_of(scope: Scope, certificate_id: UUID) -> list[EntryLine]:
    """What its destinations entered, newest first, what was struck included."""
    rows = list(
        db.session.execute(
            select(CertificateEntry)
            .where(
                CertificateEntry.tenant_id == scope.tenant_id,
                CertificateEntry.certificate_id == certificate_id,
            )
            .order_by(CertificateEntry.happened_on.desc(), CertificateEntry.id.desc())
        ).scalars()
    )
    struck = {row.strikes for row in rows if row.strikes}
    names = shown_names(scope, {row.recorded_by for row in rows if row.recorded_by})
    return [
        EntryLine(
            row.id,
            row.happened_on,
            row.what,
            row.signed_by,
            names.get(row.recorded_by, "") if row.recorded_by else "",
            row.recorded_at,
            row.id in struck,
        )
        for row in rows
        if row.strikes is None
    ]


def in_use(scope: Scope, member_ids: Collection[UUID]) -> dict[UUID, InUse]:
    """What duties ask of each member's last certificate; nothing for whom none is written down."""
    if not member_ids:
        return {}
    rows = db.session.execute(
        select(
            ActivityCertificate.member_id, ActivityCertificate.state, ActivityCertificate.issued_on
        )
        .where(
            ActivityCertificate.tenant_id == scope.tenant_id,
            ActivityCertificate.member_id.in_(member_ids),
        )
        .order_by(ActivityCertificate.requested_on, ActivityCertificate.id)
    )
    return {
        member_id: InUse(issued_on if state in WITH_THE_MEMBER else None)
        for member_id, state, issued_on in rows
    }


def without_certificate(scope: Scope, day: date) -> dict[UUID, str]:
    """Who is away in a class for which the rule pack wants one and has none open: id -> name.

    Empty under a pack that does not ask for one. A line of the list of certificates, never a mark
    on a person.
    """
    pack = chosen_pack(scope, day).pack
    wanted = {each.for_class for each in pack.treatments if each.value == "certificate"}
    if not wanted:
        return {}
    theirs: dict[UUID, list[EpisodeFacts]] = {}
    for each in open_episodes_and_theirs(scope, day):
        if each.history.direction == "outflow":
            theirs.setdefault(each.member_id, []).append(each)
    away: dict[UUID, str] = {}
    for member_id, facts in theirs.items():
        histories = [each.history for each in facts]
        history = governing(histories, day)
        if history is None or not history.surely_covers(day):
            continue
        said = next(each.override for each in facts if each.history is history)
        if class_of(histories, pack, day, said).name in wanted:
            away[member_id] = facts[0].name
    have = set(
        db.session.execute(
            select(ActivityCertificate.member_id).where(
                ActivityCertificate.tenant_id == scope.tenant_id,
                ActivityCertificate.member_id.in_(away),
                ActivityCertificate.state.in_(OPEN),
            )
        ).scalars()
    )
    return {member_id: name for member_id, name in away.items() if member_id not in have}


def _visible(scope: Scope) -> Select[*tuple[Any, ...]]:
    mine: ColumnElement[bool] = seen_by(scope)
    return (
        select(ActivityCertificate, Member.name, Member.branch_id)
        .join(Member, _MEMBER)
        .where(ActivityCertificate.tenant_id == scope.tenant_id, mine)
    )


def _lines(question: Select[*tuple[Any, ...]]) -> list[CertificateLine]:
    return [
        CertificateLine(
            id=record.id,
            member_id=record.member_id,
            name=name,
            branch_id=branch_id,
            episode_id=record.episode_id,
            state=record.state,
            number=record.number,
            holder=record.holder,
            pledge_on=record.pledge_on,
            days={column: getattr(record, column) for column in STEP_DATES.values()},
            version=record.version,
        )
        for record, name, branch_id in db.session.execute(question)
    ]
