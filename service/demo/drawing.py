"""A tenant's ground as records: cells, groups, branches, stations, compounds and buildings."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.demo.housing import middle_of
from service.demo.values import Building, DemoTenant
from tenants.grid.actions import draw_cell, form_group
from tenants.places.actions import open_branch, open_station
from tenants.places.buildings_actions import BuildingDraft, enter_buildings
from tenants.scope import Scope

SINCE = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Book:
    """Codes of one tenant's values -> ids of its records."""

    cells: dict[str, UUID]
    branches: dict[str, UUID]
    groups: dict[str, UUID]
    homes: dict[tuple[float, float], UUID]
    """Point of a building, or middle of a compound -> its id."""


def draw(scope: Scope, tenant: DemoTenant) -> Book:
    """Everything of a tenant that stands on the ground."""
    cells = {
        cell.code: draw_cell(scope, cell.code, cell.name, cell.polygon, SINCE)
        for cell in tenant.cells
    }
    branches = {
        branch.code: open_branch(
            scope,
            branch.name,
            branch.kind,
            branch.lon,
            branch.lat,
            capacity=branch.capacity,
            classes=branch.classes,
            opens_on=SINCE,
        )
        for branch in tenant.branches
    }
    for station in tenant.stations:
        open_station(
            scope,
            station.name,
            station.kind,
            station.lon,
            station.lat,
            hours=station.hours,
            phone=station.phone,
            opens_on=SINCE,
        )
    groups = {
        group.code: form_group(
            scope,
            branches[group.branch],
            group.name,
            [cells[code] for code in group.cells],
            SINCE,
        )
        for group in tenant.groups
    }
    return Book(cells, branches, groups, _build(scope, tenant))


def _build(scope: Scope, tenant: DemoTenant) -> dict[tuple[float, float], UUID]:
    """The compounds, each in the middle of its buildings, and the buildings."""
    inside: dict[str, list[Building]] = {}
    for building in tenant.buildings:
        inside.setdefault(building.compound, []).append(building)
    middles = {name: middle_of(together) for name, together in inside.items()}
    ids = enter_buildings(
        scope, [BuildingDraft("compound", name, *middle) for name, middle in middles.items()]
    )
    compounds = dict(zip(middles, ids, strict=True))
    building_ids = enter_buildings(
        scope,
        [
            BuildingDraft(
                "building", each.name, each.lon, each.lat, compound_id=compounds[each.compound]
            )
            for each in tenant.buildings
        ],
    )
    points = [(each.lon, each.lat) for each in tenant.buildings]
    # A compound of one building lies on it: a home known to the building is the building's.
    return dict(zip(middles.values(), ids, strict=True)) | dict(
        zip(points, building_ids, strict=True)
    )
