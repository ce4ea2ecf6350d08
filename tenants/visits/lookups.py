"""Questions about visits. Whoever asks is answered for the members they may see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from tenants.certificates.lookups import in_use
from tenants.certificates.rules import InUse, checked_from
from tenants.database import db
from tenants.errors import NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.duties import Done as DutyDone
from tenants.organisations.sealing import seal_of
from tenants.people.lookups import shown_names
from tenants.scope import Scope
from tenants.visits.records import Visit
from tenants.visits.rules import Done, last_contact_on, last_on

_MEMBER = and_(Member.tenant_id == Visit.tenant_id, Member.id == Visit.member_id)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as lists and cards show it. `who`: the name of who did it.

    `note` is the short note where whoever asks may read it; `has_note` says that there is one.
    """

    id: UUID
    member_id: UUID
    name: str
    happened_on: date
    kind: str
    outcome: str
    way: str
    topics: tuple[str, ...]
    next_step: str
    next_on: date | None
    note_expires_on: date | None
    done_by: UUID | None
    source: str
    recorded_at: datetime
    dated_ahead: bool
    withdrawn_at: datetime | None
    who: str = ""
    has_note: bool = False
    note: str = ""


def visits_of(scope: Scope, member_id: UUID, day: date, *, limit: int = 200) -> list[VisitLine]:
    """What was done for one member, newest first, what was withdrawn included.

    Notes are opened for who wrote them and for the administrator, until they expire.
    """
    question = _visible(scope).where(Visit.member_id == member_id)
    order = (Visit.happened_on.desc(), Visit.recorded_at.desc(), Visit.id.desc())
    return _lines(scope, question.order_by(*order).limit(limit), day)


def recorded_by_me(scope: Scope, since: datetime, day: date) -> list[VisitLine]:
    """What whoever asks recorded since a moment and did not withdraw, newest first."""
    question = _visible(scope).where(
        Visit.done_by == scope.person_id,
        Visit.recorded_at >= since,
        Visit.withdrawn_at.is_(None),
    )
    return _lines(scope, question.order_by(Visit.recorded_at.desc(), Visit.id).limit(200), day)


def visit(scope: Scope, visit_id: UUID, day: date) -> VisitLine:
    """One visit. Raises NotFound."""
    found = _lines(scope, _visible(scope).where(Visit.id == visit_id), day)
    if not found:
        raise NotFound
    return found[0]


def done_for(scope: Scope, member_ids: Collection[UUID]) -> dict[UUID, list[Done]]:
    """What was done for these members and not withdrawn, as the rules want it."""
    found: dict[UUID, list[Done]] = {}
    if not member_ids:
        return found
    rows = db.session.execute(
        select(
            Visit.member_id,
            Visit.happened_on,
            Visit.kind,
            Visit.outcome,
            Visit.way,
            Visit.next_step,
            Visit.next_on,
        )
        .where(
            Visit.tenant_id == scope.tenant_id,
            Visit.member_id.in_(member_ids),
            Visit.withdrawn_at.is_(None),
        )
        .order_by(Visit.happened_on, Visit.recorded_at, Visit.id)
    )
    for row in rows:
        found.setdefault(row.member_id, []).append(Done(*row))
    return found


def duties_done(visits: Iterable[Done], certificate: InUse | None = None) -> DutyDone:
    """The same for `mobility.duties`: the last contact, report and check of the certificate.

    Checks count from the certificate's issue; where none is written down (None), it is known of
    from its first recorded check on.
    """
    visits = list(visits)
    return DutyDone(
        contact_on=last_contact_on(visits),
        report_on=last_on(visits, "report"),
        certificate_on=checked_from(certificate, last_on(visits, "certificate_check")),
    )


def duties_done_by(scope: Scope, member_id: UUID) -> DutyDone:
    """What was done for one member, for the card of their movement."""
    done = done_for(scope, [member_id]).get(member_id, [])
    return duties_done(done, in_use(scope, [member_id]).get(member_id))


def talked_to_since(scope: Scope, since: dict[UUID, date]) -> dict[UUID, date]:
    """Of these members who was reached by a return visit on or after their day, and when last."""
    done = done_for(scope, since.keys())
    found = {member_id: last_on(visits, "return_visit") for member_id, visits in done.items()}
    return {id_: on for id_, on in found.items() if on is not None and on >= since[id_]}


def with_open_promises(scope: Scope, until: date) -> set[UUID]:
    """Members with whom something is agreed for a day up to `until`, kept or not."""
    rows = db.session.execute(
        select(Visit.member_id)
        .join(Member, _MEMBER)
        .where(
            Visit.tenant_id == scope.tenant_id,
            Visit.withdrawn_at.is_(None),
            Visit.next_on <= until,
            seen_by(scope),
        )
        .distinct()
    )
    return set(rows.scalars())


def _visible(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(Visit, Member.name)
        .join(Member, _MEMBER)
        .where(Visit.tenant_id == scope.tenant_id, seen_by(scope))
    )


def _lines(scope: Scope, question: Select[*tuple[Any, ...]], day: date) -> list[VisitLine]:
    rows = db.session.execute(question).all()
    names = shown_names(scope, {row[0].done_by for row in rows if row[0].done_by})
    readable = [row[0] for row in rows if _may_read(scope, row[0], day)]
    seal = seal_of(scope) if readable else None
    notes = {
        each.id: seal.open(bytes(each.note_sealed), each.id, "note") for each in readable if seal
    }
    return [_line(record, name, names, notes, day) for record, name in rows]


def _may_read(scope: Scope, record: Visit, day: date) -> bool:
    if record.note_sealed is None or _expired(record, day):
        return False
    return scope.role == "community_admin" or record.done_by == scope.person_id


def _expired(record: Visit, day: date) -> bool:
    return record.note_expires_on is not None and record.note_expires_on <= day


def _line(
    record: Visit, name: str, names: dict[UUID, str], notes: dict[UUID, str], day: date
) -> VisitLine:
    return VisitLine(
        id=record.id,
        member_id=record.member_id,
        name=name,
        happened_on=record.happened_on,
        kind=record.kind,
        outcome=record.outcome,
        way=record.way,
        topics=tuple(record.topics),
        next_step=record.next_step,
        next_on=record.next_on,
        note_expires_on=record.note_expires_on,
        done_by=record.done_by,
        source=record.source,
        recorded_at=record.recorded_at,
        dated_ahead=record.dated_ahead,
        withdrawn_at=record.withdrawn_at,
        who=names.get(record.done_by, "") if record.done_by else "",
        has_note=record.note_sealed is not None and not _expired(record, day),
        note=notes.get(record.id, ""),
    )
