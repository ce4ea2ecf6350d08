"""Looking for members: begin, what was tried, found. Each is a person's word."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from tenants.audit.actions import note, note_people
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.records import TRACE_OUTCOMES, TRACE_WAYS, TraceStep
from tenants.mobility.untraced import tried_since, with_nothing
from tenants.outbox.actions import recount
from tenants.scope import Scope


def begin_trace(scope: Scope, member_id: UUID, day: date) -> None:
    """Nobody reaches the member any more: look for them. Raises Conflict when somebody does."""
    member = _member(scope, member_id)
    if member.untraced_since is not None:
        raise Conflict("已经列入查找了，请刷新后再看。")
    member.untraced_since = day
    member.version += 1
    note(scope, "begin_trace", "member", member_id)
    recount(scope)
    db.session.flush()


def begin_traces(scope: Scope, day: date) -> int:
    """The same for everybody of whom nothing is on record; answers how many."""
    ids = list(db.session.execute(select(Member.id).where(with_nothing(scope))).scalars())
    db.session.execute(
        update(Member)
        .where(Member.tenant_id == scope.tenant_id, Member.id.in_(ids))
        .values(untraced_since=day, version=Member.version + 1)
    )
    if ids:
        note_people(scope, "begin_traces", ids)
        recount(scope)
    return len(ids)


def take_back_trace(scope: Scope, member_id: UUID) -> None:
    """The member was put on the list by mistake. Raises Conflict once somebody looked for them:
    then the search ends with what was found."""
    member = _member(scope, member_id)
    if member.untraced_since is None:
        raise Conflict("这位同志不在查找之列，请刷新后再看。")
    if member_id in tried_since(scope, [member]):
        raise Conflict("已经找过了，不能撤销；找到了，请记下“找到了”。")
    _strike_off(scope, [member])


def take_back_traces(scope: Scope, day: date) -> int:
    """The same for everybody who was put on the list on `day` and whom nobody looked for yet;
    answers how many."""
    rows = db.session.execute(
        select(Member)
        .where(seen_by(scope), Member.untraced_since == day)
        .order_by(Member.id)
        .with_for_update(of=Member)
    )
    found = list(rows.scalars())
    tried = tried_since(scope, found)
    waiting = [member for member in found if member.id not in tried]
    _strike_off(scope, waiting)
    return len(waiting)


def keep_step(
    scope: Scope, member_id: UUID, way: str, outcome: str, tried_on: date | None, today: date
) -> None:
    """Keep what was tried; found ends the search. Raises NotFound, InvalidInput, Conflict."""
    member = _member(scope, member_id)
    if tried_on is None:
        raise InvalidInput("请填完整的日期。")
    if way not in TRACE_WAYS or outcome not in TRACE_OUTCOMES:
        raise InvalidInput("请选用什么办法找的、结果怎样。")
    if tried_on > today:
        raise InvalidInput("日期还没有到，请核对。")
    if member.untraced_since is None:
        raise Conflict("这位同志不在查找之列，请刷新后再看。")
    db.session.add(
        TraceStep(
            member_id=member_id,
            tried_on=tried_on,
            way=way,
            outcome=outcome,
            done_by=scope.person_id,
        )
    )
    note(scope, "keep_trace_step", "member", member_id, outcome=outcome)
    if outcome == "found":
        member.untraced_since = None
        member.version += 1
        recount(scope)
    db.session.flush()


def _strike_off(scope: Scope, members: Sequence[Member]) -> None:
    for member in members:
        member.untraced_since = None
        member.version += 1
    if members:
        note_people(scope, "take_back_trace", [member.id for member in members])
        recount(scope)
    db.session.flush()


def _member(scope: Scope, member_id: UUID) -> Member:
    member = db.session.execute(
        select(Member).where(seen_by(scope), Member.id == member_id).with_for_update(of=Member)
    ).scalar_one_or_none()
    if member is None:
        raise NotFound
    return member
