"""Entering one community's scope from above: with a reason, for three hours, seen by both sides.

Source: domain STA-4, design section 7. The two rows and the two audit entries are one change.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select, update

from tenants.area import own_range
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.organisations.records import Tenant
from tenants.people.lookups import shown_names
from tenants.people.records import Door
from tenants.scope import Scope, acting_below

VISITOR: Final = "visitor_from_above"
SHORTEST_REASON: Final = 8
LONGEST_REASON: Final = 200


def open_door(scope: Scope, slug: str, reason: str) -> UUID:
    """Let whoever asks into one community below for three hours. Answers the door's id.

    Raises NotFound for a community that is not below, InvalidInput without a proper reason,
    Conflict when one's own door there is still open.
    """
    if scope.level == "community":
        raise NotAllowed
    inside = _community_below(scope, slug)
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise InvalidInput(
            "请写明为什么要进入，%(least)s 到 %(most)s 个字。",
            least=SHORTEST_REASON,
            most=LONGEST_REASON,
        )
    if _open_one(scope, inside):
        raise Conflict("您进入这个社区的门还开着，不用再开。")
    door_id = new_id()
    row = {
        "id": door_id,
        "person_id": scope.person_id,
        "visitor": shown_names(scope, [_somebody(scope)]).get(_somebody(scope), ""),
        "office_id": scope.tenant_id,
        "office": scope.name,
        "community_id": inside.tenant_id,
        "community": inside.name,
        "reason": reason,
    }
    db.session.execute(insert(Door).values(side="office", **row))
    note(scope, "open_door", "door", door_id)
    with acting_below(inside):
        db.session.execute(insert(Door).values(side="community", **row))
        note(inside, "open_door", "door", door_id)
    return door_id


def end_door(scope: Scope, door_id: UUID) -> None:
    """Either side ends a door; a visitor their own only. Raises NotFound, Conflict when it is over."""
    door = db.session.execute(
        select(Door).where(Door.tenant_id == scope.tenant_id, Door.id == door_id)
    ).scalar_one_or_none()
    if door is None or (scope.role == VISITOR and door.person_id != scope.person_id):
        raise NotFound
    if door.ended_at is not None:
        raise Conflict("这扇门已经关上了。")
    how = "community" if door.side == "community" and scope.role != VISITOR else "visitor"
    other_id = door.community_id if door.side == "office" else door.office_id
    if door.side == "office":
        _end(scope, door_id, how)
    other = _tenant(scope, other_id)
    if other is not None:
        # The office's entry comes first here too: two chains are always held in one order.
        with acting_below(other):
            _end(other, door_id, how)
    if door.side == "community":
        _end(scope, door_id, how)


def end_expired(scope: Scope) -> int:
    """Write down that doors of the tenant ended by themselves; answers how many."""
    ended = db.session.execute(
        update(Door)
        .where(
            Door.tenant_id == scope.tenant_id,
            Door.ended_at.is_(None),
            Door.expires_at < func.now(),
        )
        .values(ended_at=Door.expires_at, ended_how="expired")
        .returning(Door.id)
    ).scalars()
    door_ids = list(ended)
    for door_id in door_ids:
        note(scope, "door_expired", "door", door_id)
    return len(door_ids)


def _end(scope: Scope, door_id: UUID, how: str) -> None:
    db.session.execute(
        update(Door)
        .where(Door.tenant_id == scope.tenant_id, Door.id == door_id, Door.ended_at.is_(None))
        .values(ended_at=func.least(func.now(), Door.expires_at), ended_how=how)
    )
    note(scope, "end_door", "door", door_id)
    db.session.flush()


def _open_one(scope: Scope, inside: Scope) -> datetime | None:
    return db.session.execute(
        select(Door.expires_at)
        .where(
            Door.tenant_id == scope.tenant_id,
            Door.side == "office",
            Door.person_id == scope.person_id,
            Door.community_id == inside.tenant_id,
            Door.ended_at.is_(None),
            Door.expires_at > func.now(),
        )
        .limit(1)
    ).scalar_one_or_none()


def _community_below(scope: Scope, slug: str) -> Scope:
    low, high = own_range(scope.area, scope.level)
    row = db.session.execute(
        select(Tenant.id).where(
            Tenant.slug == slug,
            Tenant.level == "community",
            Tenant.area.between(low, high),
            Tenant.closed_at.is_(None),
        )
    ).scalar_one_or_none()
    inside = None if row is None else _tenant(scope, row)
    if inside is None:
        raise NotFound
    return inside


def _tenant(scope: Scope, tenant_id: int) -> Scope | None:
    """The other side, in which the same person writes their half."""
    row = db.session.execute(
        select(Tenant.id, Tenant.slug, Tenant.name, Tenant.level, Tenant.area).where(
            Tenant.id == tenant_id
        )
    ).one_or_none()
    return None if row is None else Scope(*row, role=scope.role, person_id=scope.person_id)


def _somebody(scope: Scope) -> UUID:
    if scope.person_id is None:
        raise NotAllowed
    return scope.person_id
