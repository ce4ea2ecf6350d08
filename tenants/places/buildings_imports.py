"""A list of buildings coming in: checked first, taken in when a person says so, and undone whole."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import aliased

from geo.coordinates import SYSTEMS
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.grid.lookups import cells_today
from tenants.organisations.lookups import boundary_shape
from tenants.places.buildings_import_lookups import own_lists
from tenants.places.buildings_lookups import open_names
from tenants.places.buildings_rows import Draft, Row, apart, check_rows
from tenants.places.records import Building, BuildingImport
from tenants.places.spelling import normal_name
from tenants.scope import Scope

Key = tuple[str, str]


def check_buildings(scope: Scope, filename: str, system: str, rows: Sequence[Row]) -> UUID:
    """The dry run: what would be taken, what not and why. Enters nothing; answers its id.

    Raises InvalidInput for an unknown system, UnusableList when the whole file is misread.
    """
    if system not in SYSTEMS:
        raise InvalidInput("请选择坐标系:WGS-84、GCJ-02、BD-09 或 CGCS2000。")
    checked = check_rows(rows, system, boundary_shape(scope))
    drafts, faults = apart(checked, _known_places(scope))
    drafts, strange = _own_cells_only(scope, drafts)
    record = BuildingImport(
        id=new_id(),
        filename=filename[-200:],
        system=system,
        rows=checked.rows,
        drafts=[asdict(draft) for draft in drafts],
        faults=sorted(faults + strange, key=lambda each: each["row"]),
        doubt=checked.doubt,
        made_by=scope.person_id,
    )
    db.session.add(record)
    db.session.flush()
    note(scope, "check_buildings", "building_import", record.id, rows=checked.rows)
    return record.id


def accept_buildings(scope: Scope, import_id: UUID, *, confirmed: bool = False) -> int:
    """Enter what the check showed; answers how many compounds and buildings are new.

    `confirmed`: a person has looked at the doubt about the coordinate system and stays with it.
    What was registered by somebody else since the check is left out.
    """
    record = _locked(scope, import_id, "checked")
    if record.doubt and not confirmed:
        raise Conflict("另一个坐标系明显更合适。请核对；确实没有错，就勾选后再导入。")
    known: dict[Key, UUID] = open_names(scope)
    drafts = [draft for each in record.drafts if (draft := Draft(**each)).key not in known]
    compounds = [_row(record, draft) for draft in drafts if draft.kind == "compound"]
    known |= {("", row["normal_name"]): row["id"] for row in compounds}
    compounds += _missing_compounds(record, drafts, known)
    buildings = [
        _row(record, draft, known[("", draft.key[0])] if draft.compound else None)
        for draft in drafts
        if draft.kind == "building"
    ]
    for rows in (compounds, buildings):
        if rows:
            db.session.execute(insert(Building), rows)
    record.state, record.accepted = "accepted", len(compounds) + len(buildings)
    note(scope, "accept_buildings", "building_import", import_id, accepted=record.accepted)
    return record.accepted


def discard_buildings(scope: Scope, import_id: UUID) -> None:
    """A person decides against it; nothing was entered."""
    record = _locked(scope, import_id, "checked")
    record.state, record.drafts = "discarded", []
    note(scope, "discard_buildings", "building_import", import_id)


def undo_buildings(scope: Scope, import_id: UUID, day: date) -> int:
    """Close everything the list brought and that is still open; answers how many.

    Homes registered there stay as they are: the pages of the buildings list them.
    """
    record = _locked(scope, import_id, "accepted")
    closed = db.session.execute(
        update(Building)
        .where(
            Building.tenant_id == scope.tenant_id,
            Building.import_id == import_id,
            Building.closed_on.is_(None),
        )
        .values(closed_on=day, version=Building.version + 1)
        .returning(Building.id)
    ).all()
    record.state = "undone"
    note(scope, "undo_buildings", "building_import", import_id, closed=len(closed))
    return len(closed)


def _known_places(scope: Scope) -> dict[Key, tuple[float, float]]:
    parent = aliased(Building)
    rows = db.session.execute(
        select(
            func.coalesce(parent.normal_name, ""),
            Building.normal_name,
            func.ST_X(Building.place),
            func.ST_Y(Building.place),
        )
        .outerjoin(
            parent,
            (parent.tenant_id == Building.tenant_id) & (parent.id == Building.parent_id),
        )
        .where(Building.tenant_id == scope.tenant_id, Building.closed_on.is_(None))
    )
    return {(compound, name): (lon, lat) for compound, name, lon, lat in rows}


def _own_cells_only(scope: Scope, drafts: list[Draft]) -> tuple[list[Draft], list[dict[str, Any]]]:
    """A leader brings in what stands in their own cells; the rest is told."""
    if not scope.sees_only_own_cells:
        return drafts, []
    cells = [cell.shape for cell in cells_today(scope) if cell.id in scope.cell_ids]
    ground = shapely.union_all(cells)
    mine, strange = [], []
    for draft in drafts:
        if shapely.intersects_xy(ground, draft.lon, draft.lat):
            mine.append(draft)
        else:
            strange.append({"row": draft.row, "code": "not_mine", "values": {}})
    return mine, strange


def _missing_compounds(
    record: BuildingImport, drafts: Sequence[Draft], known: dict[Key, UUID]
) -> list[dict[str, Any]]:
    """Compounds that only stand beside their buildings: each in the middle of those."""
    inside: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.compound and ("", draft.key[0]) not in known:
            inside.setdefault(draft.key[0], []).append(draft)
    rows = []
    for name, members in inside.items():
        lon = round(sum(each.lon for each in members) / len(members), 7)
        lat = round(sum(each.lat for each in members) / len(members), 7)
        middle = Draft(0, "compound", members[0].compound, "", "", lon, lat, lon, lat)
        rows.append(_row(record, middle, system="wgs84"))
        known[("", name)] = rows[-1]["id"]
    return rows


def _row(
    record: BuildingImport, draft: Draft, parent_id: UUID | None = None, *, system: str = ""
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": draft.kind,
        "name": draft.name,
        "normal_name": normal_name(draft.name)[:80],
        "address": draft.address,
        "parent_id": parent_id,
        "place": f"SRID=4326;POINT({draft.lon:.7f} {draft.lat:.7f})",
        "footprint": f"SRID=4326;{draft.footprint}" if draft.footprint else None,
        "source": {"system": system or record.system, "x": draft.x, "y": draft.y},
        "import_id": record.id,
    }


def _locked(scope: Scope, import_id: UUID, state: str) -> BuildingImport:
    record: BuildingImport | None = db.session.execute(
        select(BuildingImport)
        .where(own_lists(scope), BuildingImport.id == import_id)
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    if record.state != state:
        raise Conflict("这份清单刚刚被处理过，请看现在的情况。")
    return record
