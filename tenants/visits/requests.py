"""Wishes of members: taken up, moved on step by step, never lost (domain SVC-2, SVC-5, SVC-6).

A wish has a kind out of a short list and its days, no words: what somebody is going through is
handed to those who help, not kept here.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.outbox.actions import recount
from tenants.scope import Scope
from tenants.visits.records import ServiceRequest
from tenants.visits.rules import (
    OPEN_REQUESTS,
    REQUEST_KINDS,
    STEP_DATES,
    next_states,
    state_before,
)

_MEMBER = and_(Member.tenant_id == ServiceRequest.tenant_id, Member.id == ServiceRequest.member_id)
_DAYS = ("studied_on", "answered_on", "confirmed_on", "closed_on")


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A wish in a list. `since`: the day it came to its state."""

    id: UUID
    member_id: UUID
    name: str
    kind: str
    state: str
    received_on: date
    since: date
    version: int

    @property
    def next_states(self) -> tuple[str, ...]:
        return next_states(self.state)

    @property
    def may_go_back(self) -> bool:
        return self.state != "received"


def open_request(
    scope: Scope,
    member_id: UUID,
    kind: str,
    on: date,
    *,
    visit_id: UUID | None = None,
    request_id: UUID | None = None,
    seen: ColumnElement[bool] | None = None,
) -> UUID:
    """Take a wish up; answers its id. Raises NotFound, InvalidInput for a kind there is none of."""
    if kind not in REQUEST_KINDS:
        raise InvalidInput("请从列出的选项里选。")
    wanted = seen_by(scope) if seen is None else seen
    found = select(Member.id).where(Member.id == member_id, wanted)
    if db.session.execute(found).scalar_one_or_none() is None:
        raise NotFound
    record = ServiceRequest(
        id=request_id or new_id(),
        member_id=member_id,
        kind=kind,
        received_on=on,
        visit_id=visit_id,
        received_by=scope.person_id,
    )
    db.session.add(record)
    note(scope, "open_request", "member", member_id, request=str(record.id))
    recount(scope)
    db.session.flush()
    return record.id


def move_request(
    scope: Scope, request_id: UUID, state: str, on: date, *, seen_version: int | None = None
) -> None:
    """Take a wish to its next state. Raises NotFound; Conflict when it does not lead there."""
    record = _locked(scope, request_id)
    if seen_version is not None and seen_version != record.version:
        raise Conflict("这件事刚刚被别人处理过，请刷新后再看。", state=record.state)
    if state not in next_states(record.state):
        raise Conflict("这件事刚刚被别人处理过，请刷新后再看。", state=record.state)
    record.state = state
    setattr(record, STEP_DATES[state], on)
    record.version += 1
    note(scope, "move_request", "member", record.member_id, request=str(request_id), state=state)
    recount(scope)
    db.session.flush()


def take_back_step(scope: Scope, request_id: UUID) -> None:
    """Undo the last step. Raises NotFound; Conflict at the beginning."""
    record = _locked(scope, request_id)
    before = state_before({name: getattr(record, name) for name in _DAYS}, record.state)
    if before is None:
        raise Conflict("这件事还没有办过哪一步，不用撤销。")
    setattr(record, STEP_DATES[record.state], None)
    record.state = before
    record.version += 1
    note(scope, "undo_request", "member", record.member_id, request=str(request_id), state=before)
    recount(scope)
    db.session.flush()


def requests(
    scope: Scope, *, states: tuple[str, ...] = OPEN_REQUESTS, member_id: UUID | None = None
) -> list[RequestLine]:
    """Wishes of the members whom the scope sees, longest waiting first; 200 at most."""
    question = (
        select(ServiceRequest, Member.name)
        .join(Member, _MEMBER)
        .where(
            ServiceRequest.tenant_id == scope.tenant_id,
            ServiceRequest.state.in_(states),
            seen_by(scope),
        )
        .order_by(ServiceRequest.received_on, ServiceRequest.id)
        .limit(200)
    )
    if member_id is not None:
        question = question.where(ServiceRequest.member_id == member_id)
    return [_line(record, name) for record, name in db.session.execute(question)]


def open_count(scope: Scope) -> int:
    """How many wishes are not closed."""
    return db.session.execute(
        select(func.count())
        .select_from(ServiceRequest)
        .join(Member, _MEMBER)
        .where(
            ServiceRequest.tenant_id == scope.tenant_id,
            ServiceRequest.state.in_(OPEN_REQUESTS),
            seen_by(scope),
        )
    ).scalar_one()


def _line(record: ServiceRequest, name: str) -> RequestLine:
    days = [day for day in (getattr(record, each) for each in _DAYS) if day]
    return RequestLine(
        record.id,
        record.member_id,
        name,
        record.kind,
        record.state,
        record.received_on,
        max(days, default=record.received_on),
        record.version,
    )


def _locked(scope: Scope, request_id: UUID) -> ServiceRequest:
    record = db.session.execute(
        select(ServiceRequest)
        .join(Member, _MEMBER)
        .where(
            ServiceRequest.tenant_id == scope.tenant_id,
            ServiceRequest.id == request_id,
            seen_by(scope),
        )
        .with_for_update(of=ServiceRequest)
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    return record
