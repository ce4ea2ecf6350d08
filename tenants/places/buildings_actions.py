"""Adding, correcting, closing and reopening compounds and buildings. Nobody's home moves with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely import Polygon
from sqlalchemy import insert, select

from geo.coordinates import to_wgs84
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.marking import N_
from tenants.places.buildings_lookups import open_names, visible
from tenants.places.records import BUILDING_KINDS, Building
from tenants.places.spelling import normal_name
from tenants.scope import Scope

TAKEN = N_("这里已经有同名的小区或楼栋了。")


@dataclass(frozen=True, slots=True)
class BuildingDraft:
    """A compound or building as somebody entered it: raw degrees and the system they are in."""

    kind: str
    name: str
    lon: float
    lat: float
    system: str = "wgs84"
    address: str = ""
    compound_id: UUID | None = None
    footprint: Polygon | None = None


def add_building(scope: Scope, draft: BuildingDraft, *, import_id: UUID | None = None) -> UUID:
    """Enter one. Raises Conflict when an open one of the name is there, NotFound, InvalidInput.

    A leader adds in their own cells only.
    """
    _judge(scope, draft)
    record = Building(import_id=import_id, **_columns(draft))
    db.session.add(record)
    db.session.flush()
    _in_sight(scope, record.id)
    note(scope, "add_building", "building", record.id)
    return record.id


def enter_buildings(scope: Scope, drafts: Sequence[BuildingDraft]) -> list[UUID]:
    """Enter many at once; answers their ids in the same order. Names must be new and differ."""
    rows = [{"id": new_id(), **_columns(draft)} for draft in drafts]
    if rows:
        db.session.execute(insert(Building), rows)
        note(scope, "enter_buildings", "building", None, count=len(rows))
    return [row["id"] for row in rows]


def correct_building(scope: Scope, building_id: UUID, draft: BuildingDraft, version: int) -> bool:
    """Correct name, compound, address or place; answers whether the place moved.

    `version` is the one the person saw: another is a Conflict. An outline that is not sent stays
    while the place stays. Homes registered here keep their point until a person moves them.
    """
    record = _locked(scope, building_id, version)
    _judge(scope, draft, record)
    columns = _columns(draft)
    moved = _moved(record, draft)
    if not moved:
        for kept in ("place", "source", *(["footprint"] if draft.footprint is None else [])):
            columns.pop(kept)
    for name, value in columns.items():
        setattr(record, name, value)
    record.version += 1
    db.session.flush()
    _in_sight(scope, building_id)
    note(scope, "correct_building", "building", building_id, moved=moved)
    return moved


def close_building(scope: Scope, building_id: UUID, version: int, day: date) -> None:
    """It is no longer there (torn down, renamed). Its row and who lived there stay as they are."""
    record = _locked(scope, building_id, version)
    if record.closed_on is not None:
        raise Conflict("这个小区或楼栋已经停用了。")
    if record.kind == "compound" and _open_parts(scope, building_id):
        raise Conflict("小区里还有没停用的楼栋，请先把它们停用或改到别的小区。")
    record.closed_on = day
    record.version += 1
    note(scope, "close_building", "building", building_id)


def reopen_building(scope: Scope, building_id: UUID, version: int) -> None:
    """Undo of closing. Raises Conflict when the name was given to another meanwhile."""
    record = _locked(scope, building_id, version)
    if record.closed_on is None:
        return
    compound = _parent(scope, record.parent_id)
    if compound is not None and compound.closed_on is not None:
        raise Conflict("它所在的小区停用了，请先恢复小区。")
    if (compound.normal_name if compound else "", record.normal_name) in open_names(scope):
        raise Conflict(TAKEN)
    record.closed_on = None
    record.version += 1
    note(scope, "reopen_building", "building", building_id)


def _judge(scope: Scope, draft: BuildingDraft, record: Building | None = None) -> None:
    if draft.kind not in BUILDING_KINDS:
        raise InvalidInput("请说明是小区还是楼栋。")
    name = normal_name(draft.name)
    if not name:
        raise InvalidInput("请填名称，要有汉字、字母或数字。")
    if draft.kind == "compound" and draft.compound_id is not None:
        raise InvalidInput("小区不能再属于别的小区。")
    if record is not None and record.kind != draft.kind:
        raise InvalidInput("小区和楼栋不能互换。请另建一个，再停用这个。")
    compound = _parent(scope, draft.compound_id)
    key = (compound.normal_name if compound else "", name)
    if open_names(scope).get(key, record and record.id) != (record and record.id):
        raise Conflict(TAKEN)


def _columns(draft: BuildingDraft) -> dict[str, Any]:
    lon, lat = (float(number) for number in to_wgs84(draft.lon, draft.lat, draft.system))
    return {
        "kind": draft.kind,
        "name": draft.name.strip(),
        "normal_name": normal_name(draft.name)[:80],
        "address": draft.address.strip(),
        "parent_id": draft.compound_id,
        "place": f"SRID=4326;POINT({lon:.7f} {lat:.7f})",
        "footprint": f"SRID=4326;{draft.footprint.wkt}" if draft.footprint else None,
        "source": {"system": draft.system, "x": draft.lon, "y": draft.lat},
    }


def _moved(record: Building, draft: BuildingDraft) -> bool:
    """Whether other numbers were typed than those the place came from."""
    sent = {"system": draft.system, "x": draft.lon, "y": draft.lat}
    return sent != record.source


def _parent(scope: Scope, compound_id: UUID | None) -> Building | None:
    if compound_id is None:
        return None
    found: Building | None = db.session.execute(
        select(Building).where(
            Building.tenant_id == scope.tenant_id,
            Building.id == compound_id,
            Building.kind == "compound",
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _open_parts(scope: Scope, compound_id: UUID) -> bool:
    return bool(
        db.session.execute(
            select(Building.id)
            .where(
                Building.tenant_id == scope.tenant_id,
                Building.parent_id == compound_id,
                Building.closed_on.is_(None),
            )
            .limit(1)
        ).all()
    )


def _in_sight(scope: Scope, building_id: UUID) -> None:
    """What a leader keeps must stand in their cells: they would not see it again otherwise."""
    if not scope.sees_only_own_cells:
        return
    seen = db.session.execute(
        select(Building.id).where(visible(scope), Building.id == building_id)
    ).scalar_one_or_none()
    if seen is None:
        raise InvalidInput("这个点不在您的网格内，请由社区管理员登记。")


def _locked(scope: Scope, building_id: UUID, version: int) -> Building:
    record: Building | None = db.session.execute(
        select(Building)
        .where(visible(scope), Building.id == building_id)
        .with_for_update(of=Building)
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    if record.version != version:
        raise Conflict("有人刚刚改过它，请看现在的内容再决定。")
    return record
