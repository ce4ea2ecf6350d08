"""The tenants that an office keeps: which there are, in what state, on what ground."""

from dataclasses import dataclass
from datetime import date, datetime

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, text

from tenants.area import TOWNSHIP, own_range
from tenants.database import db, overseeing
from tenants.errors import NotFound
from tenants.organisations.boundaries import Neighbour
from tenants.organisations.records import Tenant
from tenants.scope import Scope

MARGIN_DEGREES = 0.6
"""How far from a new boundary neighbours are looked for: half a degree is some fifty kilometres."""


@dataclass(frozen=True, slots=True)
class TenantCard:
    """One tenant as the office above administers it: nothing of its people."""

    id: int
    slug: str
    name: str
    level: str
    area: int
    language: str
    opened_at: datetime
    paused_at: datetime | None
    paused_why: str
    closed_at: datetime | None
    closed_why: str
    erase_on: date | None
    erased_at: datetime | None
    most_members: int
    most_imports_an_hour: int
    most_megabytes: int

    @property
    def state(self) -> str:
        """open, paused, closed or erased."""
        if self.erased_at:
            return "erased"
        if self.closed_at:
            return "closed"
        return "paused" if self.paused_at else "open"

    @property
    def township_area(self) -> int:
        """The area of the township it hangs in; its own for a township."""
        return self.area // TOWNSHIP * TOWNSHIP

    def scope(self, above: Scope) -> Scope:
        """The scope in which the office `above` changes this tenant, under its own role."""
        return Scope(
            self.id,
            self.slug,
            self.name,
            self.level,
            self.area,
            role=above.role,
            person_id=above.person_id,
            state=self.state,
        )


_COLUMNS = tuple(getattr(Tenant, name) for name in TenantCard.__dataclass_fields__)


def tenants_below(scope: Scope, *, erased: bool = False) -> list[TenantCard]:
    """Every tenant below the scope's own, by area; those that were erased only when asked for."""
    low, high = own_range(scope.area, scope.level)
    rows = db.session.execute(
        select(*_COLUMNS).where(Tenant.area > low, Tenant.area <= high).order_by(Tenant.area)
    )
    cards = [TenantCard(*row) for row in rows]
    return [card for card in cards if erased or card.state != "erased"]


def tenant_below(scope: Scope, slug: str) -> TenantCard:
    """One tenant below the scope's own. Raises NotFound."""
    found = [card for card in tenants_below(scope) if card.slug == slug]
    if not found:
        raise NotFound
    return found[0]


def own_card(scope: Scope) -> TenantCard:
    """The scope's own tenant."""
    row = db.session.execute(select(*_COLUMNS).where(Tenant.id == scope.tenant_id)).one()
    return TenantCard(*row)


def taken_areas(scope: Scope) -> set[int]:
    """Every number that a tenant of the scope's county has or had."""
    return {card.area for card in tenants_below(scope, erased=True)} | {scope.area}


_AROUND = text("""
    SELECT t.id, t.name, t.level, t.area, ST_AsBinary(b.shape) AS shape
    FROM boundary b JOIN tenant t ON t.id = b.tenant_id
    WHERE b.valid_to IS NULL AND t.closed_at IS NULL
      AND (t.level <> :level OR b.shape && ST_Expand(ST_GeomFromWKB(:shape, 4326), :margin))
    ORDER BY t.area
""")
_NEAREST = text("""
    SELECT t.name, ST_AsBinary(b.shape) AS shape
    FROM boundary b JOIN tenant t ON t.id = b.tenant_id
    WHERE b.valid_to IS NULL AND t.closed_at IS NULL
    ORDER BY ST_Distance(b.shape, ST_GeomFromWKB(:shape, 4326)) LIMIT 1
""")


def ground_around(
    scope: Scope, level: str, area: int, shape: BaseGeometry, *, but: int | None = None
) -> list[Neighbour]:
    """What a boundary of `level` at `area` is judged beside.

    Tenants of the same level are neighbours; those above it on its own line must hold it, where
    they have a boundary. Where there is neither, the nearest ground of the county, which tells
    whether the new one is in the right place at all. `but`: the tenant whose ground is replaced.
    """
    given = {"level": level, "shape": shapely.to_wkb(shape), "margin": MARGIN_DEGREES}
    found = []
    with overseeing() as connection:
        for row in connection.execute(_AROUND, given):
            theirs = shapely.from_wkb(bytes(row.shape))
            low, high = own_range(row.area, row.level)
            if row.level == level and row.id != but:
                found.append(Neighbour(row.name, theirs))
            elif row.level != level and low <= area <= high:
                found.append(Neighbour(row.name, theirs, "inside"))
        if not found:
            for row in connection.execute(_NEAREST, {"shape": given["shape"]}):
                found.append(Neighbour(row.name, shapely.from_wkb(bytes(row.shape)), "near"))
    return found


_GROUNDS = text("""
    SELECT ST_AsGeoJSON(ST_SimplifyPreserveTopology(b.shape, 0.00002), 7) AS shape
    FROM boundary b JOIN tenant t ON t.id = b.tenant_id
    WHERE b.valid_to IS NULL AND t.closed_at IS NULL AND t.level <> 'county'
    ORDER BY t.area
""")
_EXTENT = text("""
    SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)
    FROM (SELECT ST_Extent(b.shape) AS e FROM boundary b) extent WHERE e IS NOT NULL
""")
CHINA = (73.5, 18.0, 135.0, 53.5)


def grounds_below(scope: Scope) -> list[str]:
    """Today's boundary of every tenant at or below the scope's, as GeoJSON geometries.

    Two metres coarser than kept: to be drawn beside, never to be judged by.
    """
    with overseeing() as connection:
        return list(connection.execute(_GROUNDS).scalars())


def extent_below(scope: Scope) -> tuple[float, float, float, float]:
    """West, south, east, north of all that has a boundary; the whole country where nothing has."""
    with overseeing() as connection:
        row = connection.execute(_EXTENT).one_or_none()
    return CHINA if row is None else (row[0], row[1], row[2], row[3])
