"""Compounds and buildings, entered through the real action; places inside the community."""

from __future__ import annotations

from uuid import UUID

from tenants.places.buildings_actions import BuildingDraft, add_building
from tenants.places.buildings_imports import check_buildings
from tenants.places.buildings_rows import Row
from tests.factories.counties import Community


def a_compound(community: Community, name: str = "清和小区", cell: int = 1) -> UUID:
    """A compound in the middle of cell 1 to 4."""
    with community.acting() as scope:
        return add_building(scope, BuildingDraft("compound", name, *community.inside(cell)))


def a_building(
    community: Community,
    name: str = "3号楼",
    *,
    compound: UUID | None = None,
    cell: int = 1,
    east: float = 20.0,
    north: float = 0.0,
    address: str = "",
) -> UUID:
    """A building beside the middle of cell 1 to 4 (metres), in a compound or in none."""
    place = community.inside(cell, east, north)
    draft = BuildingDraft("building", name, *place, address=address, compound_id=compound)
    with community.acting() as scope:
        return add_building(scope, draft)


def a_building_list(community: Community, name: str = "9号楼") -> UUID:
    """A checked list of one building in cell 1, which waits for a person."""
    row = Row(2, {"name": name}, *community.inside(1, -40))
    with community.acting() as scope:
        return check_buildings(scope, f"{name}.csv", "wgs84", [row])
