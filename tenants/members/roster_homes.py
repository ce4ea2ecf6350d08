"""Which building the address in a roster's row names, where the row itself gives no point.

Only what is beyond doubt is placed, at the building's own point and precision, when a person
accepts what the dry run showed. What may mean several buildings stays with the people without a
place, where a person chooses (domain, section 5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tenants.members.roster_changes import Facts
from tenants.members.roster_rows import RosterRow
from tenants.places.address_lookups import places_by_address
from tenants.places.buildings_lookups import BuildingPlace
from tenants.scope import Scope

FOUND_BY: Final = "address"


@dataclass(frozen=True, slots=True)
class Homes:
    """Address as written -> the one building it names; `unsure` may mean one or several."""

    certain: Mapping[str, BuildingPlace] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()

    def of(self, row: RosterRow) -> BuildingPlace | None:
        """Where the row's person lives, None when the row says so itself or nobody knows."""
        return self.certain.get(row.address) if _asks(row) else None

    def counts(self, rows: Iterable[RosterRow]) -> dict[str, int]:
        """Rows that ask for a building: certain, unsure (a person chooses) and unknown."""
        found = {"certain": 0, "unsure": 0, "unknown": 0}
        for row in rows:
            if _asks(row):
                is_certain = row.address in self.certain
                unsure = "unsure" if row.address in self.unsure else "unknown"
                found["certain" if is_certain else unsure] += 1
        return found


def homes_of(scope: Scope, rows: Iterable[RosterRow]) -> Homes:
    """The buildings that addresses without a point name."""
    addresses = {row.address for row in rows if _asks(row)}
    if not addresses:
        return Homes()
    found = places_by_address(scope, addresses)
    return Homes(found.certain, found.unsure)


def home_facts(found: BuildingPlace) -> Facts:
    """The home as a fact, the way `roster_changes` keeps one."""
    source: dict[str, Any] = {
        "system": "wgs84",
        "x": found.lon,
        "y": found.lat,
        "found_by": FOUND_BY,
    }
    return {
        "lon": round(found.lon, 7),
        "lat": round(found.lat, 7),
        "precision": found.kind,
        "source": source,
        "building": str(found.id),
    }


def _asks(row: RosterRow) -> bool:
    return bool(row.address) and row.home is None and row.kind != "living_outside"
