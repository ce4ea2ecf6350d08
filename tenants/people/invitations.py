"""Letting somebody in by a link: made, made anew, withdrawn, taken up."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, or_, select

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.marking import N_
from tenants.people.actions import give_standing
from tenants.people.door import FoundInvitation, token_hash
from tenants.people.lookups import working_here
from tenants.people.records import Invitation, Standing
from tenants.people.rules import LINK_LASTS, link_state, may_give
from tenants.scope import Scope

MOST_OPEN: Final = 500
"""Open links of one tenant: nobody has more people to let in at once."""
_ADDRESS: Final = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,189}")

STATE_SENTENCES: Final = {
    "accepted": N_("这个邀请已经用过了。请直接登录；如果不是您本人用的，请告诉管理员。"),
    "withdrawn": N_("这个邀请已被收回。需要的话请联系发邀请的管理员。"),
    "expired": N_("这个邀请已经过期。请联系发邀请的管理员重新发一个。"),
    "closed": N_("发邀请的单位已经关闭，这个邀请不能再用。"),
}


@dataclass(frozen=True, slots=True)
class InvitationDraft:
    """Whom to let in, as what, and where."""

    email: str
    shown_name: str
    role: str
    cell_id: UUID | None = None
    branch_id: UUID | None = None


def invite(scope: Scope, draft: InvitationDraft) -> tuple[UUID, str]:
    """Make a link; answers the invitation's id and the secret, which is told this once.

    Raises NotAllowed, InvalidInput, Conflict.
    """
    if draft.role not in may_give(scope.role, scope.level):
        raise NotAllowed("您不能邀请人担任这个角色。")
    email, name = normal_email(draft.email), draft.shown_name.strip()
    if not name or len(name) > 60:
        raise InvalidInput("请填姓名，最多 60 个字。")
    if (draft.role == "grid_leader") != (draft.cell_id is not None):
        raise InvalidInput("请为网格长选择一个网格。")
    if (draft.role == "branch_officer") != (draft.branch_id is not None):
        raise InvalidInput("请为支部委员选择一个支部。")
    _refuse_too_many(scope)
    token = token_urlsafe(32)
    record = Invitation(
        email=email,
        shown_name=name,
        role=draft.role,
        cell_id=draft.cell_id,
        branch_id=draft.branch_id,
        token_hash=token_hash(token),
        expires_at=datetime.now(UTC) + LINK_LASTS,
        made_by=scope.person_id,
    )
    db.session.add(record)
    db.session.flush()
    note(scope, "invite_person", "invitation", record.id, role=draft.role)
    return record.id, token


def invite_again(scope: Scope, invitation_id: UUID) -> str:
    """A new link in place of the old one, which opens nothing more. Answers the new secret."""
    record = _open(scope, invitation_id)
    token = token_urlsafe(32)
    record.token_hash = token_hash(token)
    record.expires_at = datetime.now(UTC) + LINK_LASTS
    note(scope, "invite_again", "invitation", record.id)
    db.session.flush()
    return token


def withdraw_invitation(scope: Scope, invitation_id: UUID) -> None:
    """The link opens nothing from now on."""
    record = _open(scope, invitation_id)
    record.withdrawn_at = func.now()
    note(scope, "withdraw_invitation", "invitation", record.id)
    db.session.flush()


def take_up(scope: Scope, invitation_id: UUID, person_id: UUID) -> UUID:
    """The invited person begins; answers the standing. `scope`: theirs, in the inviting tenant.

    Raises Conflict with a sentence when the link no longer opens anything.
    """
    record = _locked(scope, invitation_id)
    state = link_state(
        record.expires_at, record.accepted_at, record.withdrawn_at, False, datetime.now(UTC)
    )
    if state != "open":
        raise Conflict(STATE_SENTENCES[state])
    if _stands_already(scope, record, person_id):
        raise Conflict("您在这里已经有这个任职，不需要再接受一次。")
    _refuse_oneself(scope, record, person_id)
    record.accepted_at = func.now()
    return give_standing(
        scope,
        person_id,
        record.shown_name,
        record.role,
        cell_id=record.cell_id,
        branch_id=record.branch_id,
    )


def forget_invitations(scope: Scope, before: date) -> int:
    """Drop links that were used, withdrawn or over before a day; answers how many.

    The address of somebody who came long ago, or never came, is nobody's business any more.
    """
    result = db.session.execute(
        delete(Invitation).where(
            Invitation.tenant_id == scope.tenant_id,
            or_(
                Invitation.expires_at < before,
                Invitation.accepted_at < before,
                Invitation.withdrawn_at < before,
            ),
        )
    )
    return result.rowcount if isinstance(result, CursorResult) else 0


def state_of(found: FoundInvitation) -> str:
    """What became of the link somebody followed: open, expired, accepted, withdrawn or closed."""
    return link_state(
        found.expires_at,
        found.accepted_at,
        found.withdrawn_at,
        found.closed_at is not None,
        datetime.now(UTC),
    )


def normal_email(written: str) -> str:
    """An address in the form in which people are known. Raises InvalidInput."""
    email = written.strip().lower()
    if not _ADDRESS.fullmatch(email):
        raise InvalidInput("这不是一个电子邮箱地址。请核对。")
    return email


def _stands_already(scope: Scope, record: Invitation, person_id: UUID) -> bool:
    found = db.session.execute(
        select(Standing.id).where(
            Standing.tenant_id == scope.tenant_id,
            Standing.person_id == person_id,
            Standing.role == record.role,
            Standing.cell_id.is_not_distinct_from(record.cell_id),
            Standing.branch_id.is_not_distinct_from(record.branch_id),
            Standing.ended_at.is_(None),
            Standing.valid_to.is_(None),
        )
    )
    return found.first() is not None


def _refuse_oneself(scope: Scope, record: Invitation, person_id: UUID) -> None:
    """Raises Conflict for who lets themselves into a unit where they hold nothing.

    From above one reads people through a door, for a reason and for hours (domain STA-4).
    """
    if record.made_by == person_id and person_id not in working_here(scope, date.today()):
        raise Conflict(
            "不能自己邀请自己到下级单位任职。要看那里的个人资料，请写明原因，从上级进入。"
        )


def _refuse_too_many(scope: Scope) -> None:
    open_now = db.session.execute(
        select(func.count()).where(
            Invitation.tenant_id == scope.tenant_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > func.now(),
        )
    ).scalar_one()
    if open_now >= MOST_OPEN:
        raise Conflict("没有用掉的邀请太多了。请先收回一些，再发新的。")


def _open(scope: Scope, invitation_id: UUID) -> Invitation:
    """One that was neither used nor withdrawn and that the scope's role may manage."""
    record = _locked(scope, invitation_id)
    if record.role not in may_give(scope.role, scope.level):
        raise NotFound
    if record.accepted_at is not None or record.withdrawn_at is not None:
        raise Conflict("这个邀请已经用过或已被收回，请刷新后再看。")
    return record


def _locked(scope: Scope, invitation_id: UUID) -> Invitation:
    record = db.session.execute(
        select(Invitation)
        .where(Invitation.tenant_id == scope.tenant_id, Invitation.id == invitation_id)
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    return record
