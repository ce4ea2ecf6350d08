"""A person says in which building a member lives; the last such choice can be undone."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict
from tenants.members.actions import Place
from tenants.members.holding import held
from tenants.members.records import Member
from tenants.organisations.sealing import seal_of
from tenants.places.buildings_lookups import BuildingPlace, building
from tenants.scope import Scope


def place_of(found: BuildingPlace) -> Place:
    """A home in a building or compound: its point, known as exactly as that."""
    return Place(found.lon, found.lat, found.kind, building_id=found.id)


def settle_home(
    scope: Scope, member_id: UUID, building_id: UUID, version: int, *, address: str = ""
) -> None:
    """The member lives there: their home becomes the building's point.

    `address`: kept sealed as the exact address where none was. `version` is the one the person
    saw. Raises NotFound, Conflict (also for a closed building). What was known before stays beside
    the place, so that `undo_home` can bring it back.
    """
    chosen = building(scope, building_id)
    if chosen.closed_on is not None:
        raise Conflict("这个小区或楼栋已经停用，请另选一个。")
    member = held(scope, member_id, version)
    lon, lat = db.session.execute(
        select(func.ST_X(Member.home), func.ST_Y(Member.home)).where(
            Member.tenant_id == scope.tenant_id, Member.id == member_id
        )
    ).one()
    old_source = {
        name: kept for name, kept in (member.home_source or {}).items() if name != "before"
    }
    keep_address = bool(address.strip()) and member.address_sealed is None
    before = {
        "point": None if lon is None else [lon, lat],
        "precision": member.home_precision,
        "source": old_source or None,
        "building": str(member.home_building_id) if member.home_building_id else None,
        "residence": member.residence,
        "address_kept": keep_address,
    }
    place = place_of(chosen)
    member.home = place.point
    member.home_precision = place.precision
    member.home_source = {**place.source, "before": before}
    member.home_building_id = building_id
    if member.residence == "unknown":
        member.residence = "inside"
    if keep_address:
        member.address_sealed = seal_of(scope).close(address.strip(), member_id, "address")
    member.version += 1
    note(scope, "settle_home", "member", member_id, building=str(building_id))


def undo_home(scope: Scope, member_id: UUID, version: int) -> None:
    """Bring back what was known before the last choice of a building. Raises NotFound, Conflict."""
    member = held(scope, member_id, version)
    before: dict[str, Any] | None = (member.home_source or {}).get("before")
    if before is None or member.home_building_id is None:
        raise Conflict("这里没有可以撤销的选择。")
    point = before["point"]
    member.home = None if point is None else f"SRID=4326;POINT({point[0]:.7f} {point[1]:.7f})"
    member.home_precision = before["precision"]
    member.home_source = before["source"]
    member.home_building_id = UUID(before["building"]) if before["building"] else None
    member.residence = before["residence"]
    if before["address_kept"]:
        member.address_sealed = None
    member.version += 1
    note(scope, "undo_home", "member", member_id)
