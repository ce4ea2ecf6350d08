"""What a tenant is: its settings, its ground, the figures it reported."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select

from tenants.database import db
from tenants.organisations.records import Boundary, ReportedFigure, Tenant
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """Settings that decide how arrivals of the tenant are matched."""

    id: int
    name: str
    level: str
    match_basis: str
    reach_metres: int


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure as it was reported, and how it was read."""

    key: str
    value: str
    reading: str
    reported_on: date | None
    id: UUID


def tenant_facts(scope: Scope) -> TenantFacts:
    """The scope's own tenant."""
    row = db.session.execute(
        select(Tenant.id, Tenant.name, Tenant.level, Tenant.match_basis, Tenant.reach_metres).where(
            Tenant.id == scope.tenant_id
        )
    ).one()
    return TenantFacts(*row)


def tenant_names(scope: Scope) -> dict[int, str]:
    """Name of every open tenant of the scope's county, by area."""
    low, high = scope.stamps["app.county_lo"], scope.stamps["app.county_hi"]
    rows = db.session.execute(
        select(Tenant.area, Tenant.name)
        .where(Tenant.area.between(low, high), Tenant.closed_at.is_(None))
        .order_by(Tenant.area)
    )
    return {area: name for area, name in rows}


def boundary_shape(scope: Scope) -> BaseGeometry | None:
    """Today's boundary of the tenant (WGS-84), or None when none was drawn."""
    wkb = db.session.execute(
        select(func.ST_AsBinary(Boundary.shape)).where(
            Boundary.tenant_id == scope.tenant_id, Boundary.valid_to.is_(None)
        )
    ).scalar_one_or_none()
    return None if wkb is None else shapely.from_wkb(bytes(wkb))


def boundary_feature(scope: Scope) -> dict[str, Any] | None:
    """Today's boundary as a GeoJSON geometry string with its bounds, or None.

    {"geometry": str, "bounds": (west, south, east, north)}
    """
    row = db.session.execute(
        select(
            func.ST_AsGeoJSON(Boundary.shape, 7),
            func.ST_XMin(Boundary.shape),
            func.ST_YMin(Boundary.shape),
            func.ST_XMax(Boundary.shape),
            func.ST_YMax(Boundary.shape),
        ).where(Boundary.tenant_id == scope.tenant_id, Boundary.valid_to.is_(None))
    ).one_or_none()
    if row is None:
        return None
    return {"geometry": row[0], "bounds": tuple(row[1:])}


def reported_figures(scope: Scope) -> list[Reported]:
    """Every figure the tenant reported, by key."""
    rows = db.session.execute(
        select(
            ReportedFigure.key,
            ReportedFigure.value,
            ReportedFigure.reading,
            ReportedFigure.reported_on,
            ReportedFigure.id,
        )
        .where(ReportedFigure.tenant_id == scope.tenant_id)
        .order_by(ReportedFigure.key)
    )
    return [Reported(*row) for row in rows]
