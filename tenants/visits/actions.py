"""Recording what was done for a member, taking it back, emptying notes that have expired."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update

from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.members.roster_texts import has_control_characters
from tenants.organisations.sealing import seal_of
from tenants.outbox.actions import recount
from tenants.scope import Scope
from tenants.visits.records import Visit
from tenants.visits.rules import (
    EARLIEST_DAYS,
    KINDS,
    LONGEST_NOTE,
    NEXT_STEPS,
    NOTE_LASTS_DAYS,
    OUTCOMES,
    TOPICS,
    WAYS,
    may_withdraw,
)

LATEST_NEXT: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """A visit to be written down. `note`: one short sentence that the member may read."""

    member_id: UUID
    happened_on: date
    outcome: str
    way: str
    kind: str = "contact"
    topics: tuple[str, ...] = ()
    next_step: str = ""
    next_on: date | None = None
    note: str = ""


def record_visit(
    scope: Scope,
    draft: VisitDraft,
    today: date,
    *,
    source: str = "page",
    visit_id: UUID | None = None,
    operation_id: UUID | None = None,
    seen: ColumnElement[bool] | None = None,
) -> UUID:
    """Write a visit down; answers its id. An id that is there already is answered and left alone.

    `seen`: which members may be visited, where that is not whom the scope sees today. A day in the
    future is taken from a tablet only (its clock is wrong), and marked. Raises NotFound,
    InvalidInput.
    """
    _check(draft, today, source)
    wanted = seen_by(scope) if seen is None else seen
    found = select(Member.id).where(Member.id == draft.member_id, wanted)
    if db.session.execute(found).scalar_one_or_none() is None:
        raise NotFound
    if visit_id is not None and _exists(scope, visit_id):
        return visit_id
    record = _written(scope, draft, today, visit_id or new_id())
    record.source, record.operation_id = source, operation_id
    db.session.add(record)
    note(scope, "record_visit", "member", draft.member_id, visit=str(record.id))
    recount(scope)
    db.session.flush()
    return record.id


def withdraw_visit(
    scope: Scope,
    visit_id: UUID,
    today: date,
    *,
    at: datetime | None = None,
    seen: ColumnElement[bool] | None = None,
) -> UUID:
    """Take a visit back; it stays in the history, marked. Answers the member's id.

    Raises NotFound; NotAllowed when somebody else recorded it or it is too long ago; Conflict
    when it was withdrawn before.
    """
    record = db.session.execute(
        select(Visit)
        .join(Member, and_(Member.tenant_id == Visit.tenant_id, Member.id == Visit.member_id))
        .where(
            Visit.tenant_id == scope.tenant_id,
            Visit.id == visit_id,
            seen_by(scope) if seen is None else seen,
        )
        .with_for_update(of=Visit)
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    if record.withdrawn_at is not None:
        raise Conflict("这次走访已经撤销过了。")
    recorded_on = record.recorded_at.date()
    asked_on = at.date() if at else today
    if not may_withdraw(record.done_by, recorded_on, scope.person_id, scope.role, asked_on):
        raise NotAllowed("这次走访是别人记的，或记了已经超过七天；需要的话请社区管理员撤销。")
    record.withdrawn_at, record.withdrawn_by = func.now(), scope.person_id
    note(scope, "withdraw_visit", "member", record.member_id, visit=str(visit_id))
    recount(scope)
    db.session.flush()
    return record.member_id


def empty_expired_notes(scope: Scope, day: date) -> int:
    """Empty every note past its day; answers how many."""
    emptied = db.session.execute(
        update(Visit)
        .where(
            Visit.tenant_id == scope.tenant_id,
            Visit.note_sealed.is_not(None),
            Visit.note_expires_on <= day,
        )
        .values(note_sealed=None)
        .execution_options(synchronize_session=False)
    )
    return int(emptied.rowcount)  # type: ignore[attr-defined]


def _written(scope: Scope, draft: VisitDraft, today: date, visit_id: UUID) -> Visit:
    """The row of a visit, its note sealed; not yet in the session."""
    record = Visit(
        id=visit_id,
        member_id=draft.member_id,
        happened_on=draft.happened_on,
        kind=draft.kind,
        outcome=draft.outcome,
        way=draft.way,
        topics=sorted(set(draft.topics)),
        next_step=draft.next_step,
        next_on=draft.next_on,
        done_by=scope.person_id,
        dated_ahead=draft.happened_on > today,
    )
    words = " ".join(draft.note.split())
    if words:
        record.note_sealed = seal_of(scope).close(words, record.id, "note")
        record.note_expires_on = today + timedelta(days=NOTE_LASTS_DAYS)
    return record


def _exists(scope: Scope, visit_id: UUID) -> bool:
    found = select(Visit.id).where(Visit.tenant_id == scope.tenant_id, Visit.id == visit_id)
    return db.session.execute(found).scalar_one_or_none() is not None


def _check(draft: VisitDraft, today: date, source: str) -> None:
    choices = (
        (draft.kind, KINDS), (draft.outcome, OUTCOMES), (draft.way, WAYS),
        (draft.next_step, NEXT_STEPS),
    )  # fmt: skip
    if any(chosen not in known for chosen, known in choices) or set(draft.topics) - set(TOPICS):
        raise InvalidInput("请从列出的选项里选。")
    if draft.happened_on > today and source != "tablet":
        raise InvalidInput("走访的日期还没有到，请核对。")
    if draft.happened_on < today - timedelta(days=EARLIEST_DAYS):
        raise InvalidInput("走访的日期早于一年以前，请核对。")
    if draft.next_on is not None and not (
        draft.happened_on <= draft.next_on <= draft.happened_on + LATEST_NEXT
    ):
        raise InvalidInput("下次的日期要在走访之后、一年以内，请核对。")
    if len(draft.note) > LONGEST_NOTE:
        raise InvalidInput("简注最多 %(most)s 个字。", most=LONGEST_NOTE)
    if has_control_characters(draft.note):
        raise InvalidInput("简注里有看不见的字符，请改过后再试。")
