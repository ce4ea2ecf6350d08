"""Two records of one person are linked: liaisons follow to the one that is kept, and come back.

Both ways round: whose liaison somebody is, and who is a liaison. The liaisons that ended and began
with a link bear the link's id as their act, so that undoing the link finds them however much later.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from tenants.audit.actions import note_people
from tenants.database import db
from tenants.liaisons.records import Liaison
from tenants.members.duplicates import actions as duplicates
from tenants.members.duplicates.records import MemberLink
from tenants.members.records import Member
from tenants.scope import Scope


def link(scope: Scope, kept_id: UUID, merged_id: UUID, today: date) -> UUID:
    """As `duplicates.actions.link`, the liaisons included; answers the link's id.

    A liaison the kept record has already stays; nobody becomes their own.
    """
    link_id = duplicates.link(scope, kept_id, merged_id)
    merged = or_(Liaison.member_id == merged_id, Liaison.keeper_id == merged_id)
    moving = _held(scope, Liaison.ended_on.is_(None), merged)
    for each in moving:
        each.ended_on, each.ended_in = max(each.from_day, today), link_id
        each.ended_at = datetime.now(UTC)
    db.session.flush()
    has_own = _has_one(scope, Liaison.member_id == kept_id)
    followed = []
    for each in moving:
        member_id = _moved(each.member_id, merged_id, kept_id)
        keeper_id = _moved(each.keeper_id, merged_id, kept_id)
        if (keeper_id and keeper_id == member_id) or (each.member_id == merged_id and has_own):
            continue
        followed.append(_after(each, link_id, member_id, keeper_id))
    db.session.add_all(followed)
    db.session.flush()
    _note(scope, "follow_liaison", followed)
    return link_id


def unlink(scope: Scope, link_id: UUID) -> None:
    """As `duplicates.actions.unlink`; each liaison is whose it was before.

    What a person decided about one meanwhile stays: then the record that comes back shows as one
    without a liaison. Raises NotFound.
    """
    duplicates.unlink(scope, link_id)
    kept_id, merged_id = db.session.execute(
        select(MemberLink.kept_id, MemberLink.merged_id).where(
            MemberLink.tenant_id == scope.tenant_id, MemberLink.id == link_id
        )
    ).one()
    begun = _held(scope, Liaison.started_in == link_id)
    ended = _held(scope, Liaison.ended_in == link_id)
    changed = {(each.member_id, each.branch_id) for each in begun if each.ended_on is not None}
    for each in begun:
        if each.ended_on is None:
            db.session.delete(each)
    db.session.flush()
    returned = []
    for each in ended:
        whose = (_moved(each.member_id, merged_id, kept_id), each.branch_id)
        if whose in changed or _has_one(scope, _same(each)):
            continue
        each.ended_on = each.ended_in = each.ended_at = None
        db.session.flush()
        returned.append(each)
    _note(scope, "return_liaison", returned)


def _after(
    before: Liaison, link_id: UUID, member_id: UUID | None, keeper_id: UUID | None
) -> Liaison:
    """The same for the kept record, from the day it began: it is one and the same person.

    Nobody gave it, so that it is nobody's last act to be taken back by itself.
    """
    return Liaison(
        member_id=member_id,
        branch_id=before.branch_id,
        person_id=before.person_id,
        keeper_id=keeper_id,
        agreed_on=before.agreed_on,
        from_day=before.from_day,
        started_in=link_id,
    )


def _held(scope: Scope, *which: ColumnElement[bool]) -> Sequence[Liaison]:
    """These liaisons, locked after the members they are of, as whoever names one locks them."""
    mine = (Liaison.tenant_id == scope.tenant_id, *which)
    db.session.execute(
        select(Member.id)
        .where(
            Member.tenant_id == scope.tenant_id,
            Member.id.in_(select(Liaison.member_id).where(*mine)),
        )
        .order_by(Member.id)
        .with_for_update()
    )
    return db.session.scalars(
        select(Liaison).where(*mine).order_by(Liaison.id).with_for_update()
    ).all()


def _has_one(scope: Scope, whose: ColumnElement[bool]) -> bool:
    question = select(Liaison.id).where(
        Liaison.tenant_id == scope.tenant_id, Liaison.ended_on.is_(None), whose
    )
    return db.session.execute(question).first() is not None


def _same(one: Liaison) -> ColumnElement[bool]:
    if one.branch_id is not None:
        return Liaison.branch_id == one.branch_id
    return Liaison.member_id == one.member_id


def _moved(id_: UUID | None, merged_id: UUID, kept_id: UUID) -> UUID | None:
    return kept_id if id_ == merged_id else id_


def _note(scope: Scope, act: str, liaisons: Sequence[Liaison]) -> None:
    people = sorted({each.member_id for each in liaisons if each.member_id})
    if people:
        note_people(scope, act, people)
