"""Naming somebody's liaison, handing on, ending; each act of one or of many is undone as a whole.

A person decides each time: nobody is given a liaison, or taken one away, by the software.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from tenants.audit.actions import note, note_people
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.liaisons.choosing import liaison_most
from tenants.liaisons.lookups import Holder, held_by, holder
from tenants.liaisons.records import Liaison
from tenants.liaisons.rules import check_day, check_load, check_undo
from tenants.members.duplicates.records import MemberLink
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.outbox.actions import recount
from tenants.places.records import Branch
from tenants.scope import Scope


def assign(
    scope: Scope,
    who: tuple[str, UUID] | None,
    member_ids: Sequence[UUID],
    from_day: date,
    today: date,
    *,
    agreed: bool = False,
    beyond: bool = False,
) -> UUID:
    """Let one be the liaison of these members from a day on; answers the act's id, to undo it.

    Whoever was it before no longer is. `who`: (person | member, id); a member must have `agreed`.
    `beyond`: a person said that the rule pack's cap may be passed. Raises NotFound for members one
    may not see, Conflict or InvalidInput when it cannot be so.
    """
    wanted = set(member_ids)
    if _held(scope, seen_by(scope), Member.id.in_(wanted)) != wanted:
        raise NotFound
    if not wanted:
        raise InvalidInput("请先选人。")
    chosen = _chosen(scope, who, agreed, today)
    check_day(from_day, today)
    if chosen.id in wanted:
        raise InvalidInput("不能做自己的联系人，请另选一位。")
    has = {each.member_id for each in held_by(scope, chosen.kind, chosen.id, today)} - {None}
    most = liaison_most(scope, today)
    load = _load(scope, chosen)
    check_load(load, len(wanted - has), most.value if most else None, beyond)
    batch_id = new_id()
    _end(scope, batch_id, from_day, Liaison.member_id.in_(wanted))
    for member_id in sorted(wanted):
        db.session.add(_begun(scope, chosen, from_day, today, batch_id, member_id=member_id))
    db.session.flush()
    note_people(scope, "name_liaison", sorted(wanted))
    if chosen.kind == "member":
        note_people(scope, "agree_to_be_liaison", [chosen.id])
    return batch_id


def assign_branch(
    scope: Scope,
    who: tuple[str, UUID] | None,
    branch_id: UUID,
    from_day: date,
    today: date,
    *,
    agreed: bool = False,
) -> UUID:
    """The same for an organisation (LIA-12); answers the act's id."""
    held = select(Branch.id).where(Branch.tenant_id == scope.tenant_id, Branch.id == branch_id)
    if not _is_own(scope, branch_id) or not db.session.execute(held.with_for_update()).first():
        raise NotFound
    chosen = _chosen(scope, who, agreed, today)
    check_day(from_day, today)
    batch_id = new_id()
    _end(scope, batch_id, from_day, Liaison.branch_id == branch_id)
    db.session.add(_begun(scope, chosen, from_day, today, batch_id, branch_id=branch_id))
    db.session.flush()
    note(scope, "name_liaison", "branch", branch_id)
    recount(scope)
    return batch_id


def end(scope: Scope, liaison_id: UUID, on: date, today: date) -> UUID:
    """Somebody is a liaison no longer, and nobody follows: the vacancy shows. Answers the act's id."""
    record = db.session.execute(
        select(Liaison)
        .where(Liaison.tenant_id == scope.tenant_id, Liaison.id == liaison_id)
        .with_for_update()
    ).scalar_one_or_none()
    if record is None or not _sees(scope, record):
        raise NotFound
    if record.ended_on is not None:
        raise Conflict("已经结束了，请刷新后再看。")
    check_day(on, today)
    if on < record.from_day:
        raise InvalidInput("日期早于开始的日期，请核对。")
    batch_id = new_id()
    _end(scope, batch_id, on, Liaison.id == liaison_id)
    subject = ("member", record.member_id) if record.member_id else ("branch", record.branch_id)
    note(scope, "end_liaison", *subject)
    recount(scope)
    return batch_id


def pass_on(scope: Scope, from_person: UUID, to_person: UUID, batch_id: UUID, today: date) -> int:
    """Everybody one person is the liaison of goes to another, under the act of a handover.

    The cap is not asked: a handover takes everything; who has too many shows in the load view.
    """
    theirs = (
        Liaison.tenant_id == scope.tenant_id,
        Liaison.person_id == from_person,
        Liaison.ended_on.is_(None),
    )
    _held(
        scope,
        Member.tenant_id == scope.tenant_id,
        Member.id.in_(select(Liaison.member_id).where(*theirs)),
    )
    held = db.session.scalars(
        select(Liaison).where(*theirs).order_by(Liaison.id).with_for_update()
    ).all()
    if not held:
        return 0
    whose = [(each.member_id, each.branch_id) for each in held]
    _end(scope, batch_id, today, Liaison.id.in_([each.id for each in held]))
    chosen = Holder("person", to_person, "")
    for member_id, branch_id in whose:
        db.session.add(
            _begun(scope, chosen, today, today, batch_id, member_id=member_id, branch_id=branch_id)
        )
    db.session.flush()
    note_people(scope, "name_liaison", sorted(id_ for id_, _branch in whose if id_))
    recount(scope)
    return len(held)


def undo(scope: Scope, batch_id: UUID) -> int:
    """Everybody has the liaison again they had before the act; answers how many it was about.

    Raises NotFound for no such act, Conflict after a day, when somebody has gone on from it, and
    for what followed a link of two records: undoing the link takes that back.
    """
    begun = _of_act(scope, Liaison.started_in == batch_id)
    ended = _of_act(scope, Liaison.ended_in == batch_id)
    records = {each.id: each for each in [*begun, *ended]}
    if not records or not all(_sees(scope, each) for each in records.values()):
        raise NotFound
    if _is_link(scope, batch_id):
        raise Conflict("这是合并记录时跟过来的。要改回去，请撤销那次合并。")
    moments = [each.given_at for each in begun] + [each.ended_at for each in ended if each.ended_at]
    check_undo(min(moments), datetime.now(UTC))
    if any(each.ended_on is not None and each.ended_in != batch_id for each in begun):
        raise Conflict("后来又有人改过，不能整批撤销；请逐个重新指定。")
    if not begun and _is_taken(scope, ended):
        raise Conflict("后来又有人改过，不能整批撤销；请逐个重新指定。")
    for record in begun:
        db.session.delete(record)
    db.session.flush()
    for record in ended:
        if record not in begun:
            record.ended_on = record.ended_in = record.ended_at = None
    db.session.flush()
    people = sorted({each.member_id for each in records.values() if each.member_id})
    note_people(scope, "undo_liaison", people)
    recount(scope)
    return len({each.member_id or each.branch_id for each in records.values()})


def undo_with(scope: Scope, batch_id: UUID) -> int:
    """`undo` of an act that may have been about nobody's liaison."""
    return undo(scope, batch_id) if _of_act(scope, Liaison.started_in == batch_id) else 0


def _held(scope: Scope, *which: ColumnElement[bool]) -> set[UUID]:
    """The ids of these members, held to the end: two who name at once do so one after the other."""
    rows = db.session.execute(
        select(Member.id).where(*which).order_by(Member.id).with_for_update(of=Member)
    )
    return set(rows.scalars())


def _chosen(scope: Scope, who: tuple[str, UUID] | None, agreed: bool, today: date) -> Holder:
    if who is None:
        raise InvalidInput("请选联系人。")
    try:
        chosen = holder(scope, *who, today)
    except NotFound:
        raise InvalidInput("请从列出的人里选联系人。") from None
    if chosen.gone:
        raise Conflict("这个人现在不能做联系人，请另选一位。")
    if chosen.kind == "member" and not agreed:
        raise InvalidInput("党员做联系人要本人同意；同意了请勾选。")
    return chosen


def _begun(
    scope: Scope,
    chosen: Holder,
    from_day: date,
    today: date,
    batch_id: UUID,
    *,
    member_id: UUID | None = None,
    branch_id: UUID | None = None,
) -> Liaison:
    is_person = chosen.kind == "person"
    return Liaison(
        member_id=member_id,
        branch_id=branch_id,
        person_id=chosen.id if is_person else None,
        keeper_id=None if is_person else chosen.id,
        agreed_on=None if is_person else today,
        from_day=from_day,
        started_in=batch_id,
        given_by=scope.person_id,
    )


def _end(scope: Scope, batch_id: UUID, on: date, which: object) -> None:
    """End the running ones; one that begins later than `on` ends on its own first day."""
    db.session.execute(
        update(Liaison)
        .where(Liaison.tenant_id == scope.tenant_id, Liaison.ended_on.is_(None), which)  # type: ignore[arg-type]
        .values(
            ended_on=func.greatest(Liaison.from_day, on), ended_in=batch_id, ended_at=func.now()
        )
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def _of_act(scope: Scope, which: object) -> Sequence[Liaison]:
    return db.session.scalars(
        select(Liaison)
        .where(Liaison.tenant_id == scope.tenant_id, which)  # type: ignore[arg-type]
        .order_by(Liaison.id)
        .with_for_update()
    ).all()


def _is_taken(scope: Scope, ended: Sequence[Liaison]) -> bool:
    """Whether whoever lost a liaison has another by now."""
    members = [each.member_id for each in ended if each.member_id]
    places = [each.branch_id for each in ended if each.branch_id]
    other = select(Liaison.id).where(
        Liaison.tenant_id == scope.tenant_id,
        Liaison.ended_on.is_(None),
        Liaison.member_id.in_(members) | Liaison.branch_id.in_(places),
    )
    return db.session.execute(other).first() is not None


def _load(scope: Scope, chosen: Holder) -> int:
    """Of how many members somebody is the liaison, whoever asks."""
    column = Liaison.person_id if chosen.kind == "person" else Liaison.keeper_id
    return db.session.execute(
        select(func.count()).where(
            Liaison.tenant_id == scope.tenant_id,
            column == chosen.id,
            Liaison.ended_on.is_(None),
            Liaison.member_id.is_not(None),
        )
    ).scalar_one()


def _sees(scope: Scope, record: Liaison) -> bool:
    if record.branch_id is not None:
        return _is_own(scope, record.branch_id)
    seen = select(Member.id).where(seen_by(scope), Member.id == record.member_id)
    return db.session.execute(seen).first() is not None


def _is_link(scope: Scope, batch_id: UUID) -> bool:
    question = select(MemberLink.id).where(
        MemberLink.tenant_id == scope.tenant_id, MemberLink.id == batch_id
    )
    return db.session.execute(question).first() is not None


def _is_own(scope: Scope, branch_id: UUID) -> bool:
    """An officer speaks for their own branch only."""
    return scope.role != "branch_officer" or scope.branch_id == branch_id
