"""Opening branches and stations, and moving a branch's taken places."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select, update

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import InvalidInput, NoSeat, NotFound
from tenants.places.records import BRANCH_KINDS, STATION_KINDS, Branch, Station
from tenants.scope import Scope


def open_branch(
    scope: Scope,
    name: str,
    kind: str,
    lon: float,
    lat: float,
    *,
    capacity: int | None = None,
    classes: Iterable[str] = (),
    opens_on: date,
    closes_on: date | None = None,
) -> UUID:
    """A new branch at a WGS-84 point. `classes` empty: it takes anyone. Answers its id."""
    if kind not in BRANCH_KINDS:
        raise InvalidInput("没有“%(kind)s”这种支部类型。", kind=kind)
    record = Branch(
        name=name,
        kind=kind,
        place=f"SRID=4326;POINT({lon:.7f} {lat:.7f})",
        capacity=capacity,
        classes=sorted(classes),
        opens_on=opens_on,
        closes_on=closes_on,
    )
    db.session.add(record)
    db.session.flush()
    note(scope, "open_branch", "branch", record.id)
    return record.id


def open_station(
    scope: Scope,
    name: str,
    kind: str,
    lon: float,
    lat: float,
    *,
    hours: str = "",
    phone: str = "",
    opens_on: date,
    closes_on: date | None = None,
) -> UUID:
    """A new station at a WGS-84 point. Answers its id."""
    if kind not in STATION_KINDS:
        raise InvalidInput("没有“%(kind)s”这种服务站类型。", kind=kind)
    record = Station(
        name=name,
        kind=kind,
        place=f"SRID=4326;POINT({lon:.7f} {lat:.7f})",
        hours=hours,
        phone=phone,
        opens_on=opens_on,
        closes_on=closes_on,
    )
    db.session.add(record)
    db.session.flush()
    note(scope, "open_station", "station", record.id)
    return record.id


def take_place(scope: Scope, branch_id: UUID, places: int = 1) -> None:
    """Take `places` seats of a branch. Raises NoSeat when they are not free, NotFound.

    One UPDATE decides: of two people for a last seat, the second is told.
    """
    mine = (Branch.tenant_id == scope.tenant_id) & (Branch.id == branch_id)
    taken = db.session.execute(
        update(Branch)
        .where(mine, or_(Branch.capacity.is_(None), Branch.taken + places <= Branch.capacity))
        .values(taken=Branch.taken + places)
        .returning(Branch.id)
    ).scalar_one_or_none()
    if taken is None:
        if db.session.query(Branch.id).where(mine).one_or_none() is None:
            raise NotFound
        raise NoSeat("这个支部已经满员,请改选其他支部。", branch=str(branch_id))


def hold_branches(scope: Scope, branch_ids: Iterable[UUID]) -> None:
    """Lock branches until the commit, always in the same order: their seats do not move."""
    db.session.execute(
        select(Branch.id)
        .where(Branch.tenant_id == scope.tenant_id, Branch.id.in_(set(branch_ids)))
        .order_by(Branch.id)
        .with_for_update()
    )


def give_back_place(scope: Scope, branch_id: UUID, places: int = 1) -> None:
    """`places` seats of a branch become free again."""
    db.session.execute(
        update(Branch)
        .where(Branch.tenant_id == scope.tenant_id, Branch.id == branch_id)
        .values(taken=func.greatest(Branch.taken - places, 0))
    )
