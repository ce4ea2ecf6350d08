"""Giving people a standing and taking it back, and programs a token."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import func, or_, select, text

from tenants.area import COUNTY
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.people.door import standings_of, token_hash
from tenants.people.records import ApiToken, Standing
from tenants.people.rules import UNDO_WITHIN, leads_elsewhere, may_give
from tenants.scope import Scope

TOKEN_LASTS = timedelta(days=365)


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 0))")


def give_standing(
    scope: Scope,
    person_id: UUID,
    shown_name: str,
    role: str,
    *,
    cell_id: UUID | None = None,
    branch_id: UUID | None = None,
) -> UUID:
    """Let a person act in the scope's tenant from today on. Answers the standing's id.

    Raises Conflict when somebody would lead cells in two counties.
    """
    refuse_two_counties(scope, person_id, role)
    standing = Standing(
        person_id=person_id,
        shown_name=shown_name,
        role=role,
        cell_id=cell_id,
        branch_id=branch_id,
    )
    db.session.add(standing)
    db.session.flush()
    note(scope, "give_standing", "standing", standing.id, role=role)
    return standing.id


def refuse_two_counties(scope: Scope, person_id: UUID, role: str) -> None:
    """Raises Conflict when somebody would lead cells in two counties at once.

    Two counties that let the same person in at one moment do so one after the other.
    """
    if role != "grid_leader":
        return
    db.session.execute(_ONE_AT_A_TIME, {"person": str(person_id)})
    counties = {
        held.area // COUNTY for held in standings_of(person_id) if held.role == "grid_leader"
    }
    if leads_elsewhere(counties, scope.area // COUNTY, role):
        raise Conflict("这个人已经在另一个县担任网格长。请先请那边结束任职，再到这里任职。")


def end_standing(scope: Scope, standing_id: UUID) -> None:
    """Somebody stops at once: the next request they make here finds nothing. Raises Conflict."""
    record = _held(scope, standing_id)
    if record.person_id == scope.person_id:
        raise Conflict("不能结束自己的任职。请由另一位管理员来做。")
    _end(scope, record)


def resume_standing(scope: Scope, standing_id: UUID) -> None:
    """Take an end back, within a day of it."""
    record = _managed(scope, standing_id)
    if record.ended_at is None or datetime.now(UTC) - record.ended_at > UNDO_WITHIN:
        raise Conflict("只能在结束后的一天之内恢复。之后请重新邀请。")
    refuse_two_counties(scope, record.person_id, record.role)
    record.ended_at = record.ended_by = record.ended_in = None
    note(scope, "resume_standing", "standing", record.id)
    db.session.flush()


def hand_over(scope: Scope, from_person: UUID, to_person: UUID) -> UUID:
    """Everything one person holds here goes to another in one step; answers the handover's id.

    Cells and branches change hands; what is open there follows, because it hangs on the cell.
    """
    held = _all_held(scope, from_person)
    if not held:
        raise NotFound
    if from_person == to_person:
        raise InvalidInput("请选择另一个人来接手。")
    if scope.person_id == from_person:
        raise Conflict("不能结束自己的任职。请由另一位管理员来做。")
    theirs = _all_held(scope, to_person)
    if not theirs:
        raise NotFound
    there = {(each.role, each.cell_id, each.branch_id) for each in theirs}
    handover_id, name = new_id(), theirs[0].shown_name
    for record in held:
        refuse_two_counties(scope, to_person, record.role)
        _end(scope, record, handover_id)
        if (record.role, record.cell_id, record.branch_id) not in there:
            _begin(record, to_person, name, handover_id)
    note(scope, "hand_over", "standing", handover_id, count=len(held))
    db.session.flush()
    return handover_id


def undo_handover(scope: Scope, handover_id: UUID) -> None:
    """Everybody holds again what they held before, within a day of the handover."""
    records = db.session.scalars(
        select(Standing)
        .where(
            Standing.tenant_id == scope.tenant_id,
            or_(Standing.started_in == handover_id, Standing.ended_in == handover_id),
        )
        .with_for_update()
    ).all()
    if not records:
        raise NotFound
    before = [each for each in records if each.ended_in == handover_id]
    if any(each.ended_at and datetime.now(UTC) - each.ended_at > UNDO_WITHIN for each in before):
        raise Conflict("只能在一天之内撤销移交。之后请再移交一次。")
    for record in records:
        if record.ended_in == handover_id:
            record.ended_at = record.ended_by = record.ended_in = None
        else:
            record.ended_at, record.ended_by = func.now(), scope.person_id
    note(scope, "undo_handover", "standing", handover_id, count=len(before))
    db.session.flush()


def _begin(record: Standing, person_id: UUID, name: str, handover_id: UUID) -> None:
    db.session.add(
        Standing(
            person_id=person_id,
            shown_name=name,
            role=record.role,
            cell_id=record.cell_id,
            branch_id=record.branch_id,
            valid_to=record.valid_to,
            started_in=handover_id,
        )
    )


def _end(scope: Scope, record: Standing, handover_id: UUID | None = None) -> None:
    record.ended_at, record.ended_by, record.ended_in = func.now(), scope.person_id, handover_id
    note(scope, "end_standing", "standing", record.id, role=record.role)
    db.session.flush()


def _all_held(scope: Scope, person_id: UUID) -> Sequence[Standing]:
    """What a person holds today of what the scope's role may give."""
    return db.session.scalars(
        select(Standing)
        .where(
            Standing.tenant_id == scope.tenant_id,
            Standing.person_id == person_id,
            Standing.role.in_(may_give(scope.role, scope.level)),
            Standing.ended_at.is_(None),
            or_(Standing.valid_to.is_(None), Standing.valid_to >= date.today()),
        )
        .order_by(Standing.id)
        .with_for_update()
    ).all()


def _held(scope: Scope, standing_id: UUID) -> Standing:
    record = _managed(scope, standing_id)
    if record.ended_at is not None:
        raise Conflict("这个任职已经结束了，请刷新后再看。")
    return record


def _managed(scope: Scope, standing_id: UUID) -> Standing:
    """A standing that the scope's role may end. Raises NotFound."""
    record = db.session.execute(
        select(Standing)
        .where(
            Standing.tenant_id == scope.tenant_id,
            Standing.id == standing_id,
            Standing.role.in_(may_give(scope.role, scope.level)),
        )
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    return record


def issue_token(scope: Scope, standing_id: UUID, name: str) -> str:
    """A new bearer token with a standing's rights, for a year.

    It is told once: only its hash is kept.
    """
    token = f"wangge_{token_urlsafe(32)}"
    record = ApiToken(
        standing_id=standing_id,
        name=name,
        token_hash=token_hash(token),
        expires_at=datetime.now(UTC) + TOKEN_LASTS,
    )
    db.session.add(record)
    db.session.flush()
    note(scope, "issue_token", "api_token", record.id)
    return token


def revoke_token(scope: Scope, token_id: UUID) -> None:
    """The program that carries it is refused from now on."""
    record = db.session.execute(
        select(ApiToken)
        .where(ApiToken.tenant_id == scope.tenant_id, ApiToken.id == token_id)
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    if record.revoked_at is not None:
        raise Conflict("这个令牌已经作废了，请刷新后再看。")
    record.revoked_at = func.now()
    note(scope, "revoke_token", "api_token", record.id)
    db.session.flush()
