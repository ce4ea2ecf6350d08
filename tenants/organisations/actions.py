"""Opening tenants and drawing their boundaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely import MultiPolygon, Polygon
from sqlalchemy import insert, select, text, update

from tenants.area import area_number, own_range
from tenants.audit.actions import note
from tenants.database import at_the_door, db
from tenants.errors import Conflict, NotAllowed, NotFound
from tenants.organisations.records import Boundary, ReportedFigure, Tenant
from tenants.scope import Scope, entered


def open_county(number: int, slug: str, name: str) -> Scope:
    """Open a county as the operator; answers the scope in which its tenants are opened.

    Raises Conflict when the slug or the number is taken.
    """
    scope = Scope(_next_id(), slug, name, "county", area_number(number), role="operator")
    _refuse_taken(slug)
    with entered(scope):
        db.session.add(
            Tenant(id=scope.tenant_id, area=scope.area, slug=slug, name=name, level="county")
        )
        note(scope, "open_tenant", "tenant", None, level="county")
        db.session.commit()
    return scope


def open_tenant(
    scope: Scope,
    level: str,
    area: int,
    slug: str,
    name: str,
    *,
    match_basis: str = "nearer",
    reach_metres: int = 3000,
) -> Scope:
    """Open a township or community below the scope's tenant; the caller commits.

    Answers the scope of the new tenant with the same role. Raises NotAllowed outside one's own
    area, Conflict when the slug is taken.
    """
    low, high = own_range(scope.area, scope.level)
    if not low < area <= high:
        raise NotAllowed
    _refuse_taken(slug)
    opened = Scope(_next_id(), slug, name, level, area, role=scope.role, person_id=scope.person_id)
    db.session.add(
        Tenant(
            id=opened.tenant_id,
            area=area,
            slug=slug,
            name=name,
            level=level,
            match_basis=match_basis,
            reach_metres=reach_metres,
        )
    )
    note(scope, "open_tenant", "tenant", None, level=level, area=area)
    db.session.flush()
    return opened


@dataclass(frozen=True, slots=True)
class NewTenant:
    """One of many tenants opened at once."""

    level: str
    area: int
    slug: str
    name: str


def open_tenants(scope: Scope, wanted: Sequence[NewTenant]) -> list[Scope]:
    """As `open_tenant`, for many in a few statements; answers their scopes in the same order.

    A short name or a number that is taken breaks the caller's transaction.
    """
    low, high = own_range(scope.area, scope.level)
    if not all(low < each.area <= high for each in wanted):
        raise NotAllowed
    numbers = text("SELECT nextval('tenant_id_seq') FROM generate_series(1, :n)")
    ids = db.session.scalars(numbers, {"n": len(wanted)}).all()
    rows = [
        {"id": id_, "area": each.area, "slug": each.slug, "name": each.name, "level": each.level}
        for id_, each in zip(ids, wanted, strict=True)
    ]
    if rows:
        db.session.execute(insert(Tenant), rows)
    for each in wanted:
        note(scope, "open_tenant", "tenant", None, level=each.level, area=each.area)
    db.session.flush()
    return [
        Scope(
            id_, each.slug, each.name, each.level, each.area, scope.role, person_id=scope.person_id
        )
        for id_, each in zip(ids, wanted, strict=True)
    ]


def give_first_boundary(scope: Scope, shape: MultiPolygon, from_day: date) -> None:
    """Ground for a tenant that had none; kept with whatever else the caller keeps."""
    db.session.add(Boundary(shape=from_shape(shape, srid=4326), valid_from=from_day))
    note(scope, "draw_boundary", "boundary")


def draw_boundary(scope: Scope, shape: Polygon | MultiPolygon, from_day: date) -> None:
    """Give the tenant a boundary (WGS-84) from a day on; the one before it ends there."""
    whole = shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])
    db.session.execute(
        update(Boundary).where(Boundary.valid_to.is_(None)).values(valid_to=from_day)
    )
    db.session.add(Boundary(shape=from_shape(whole, srid=4326), valid_from=from_day))
    note(scope, "draw_boundary", "boundary")
    db.session.flush()


def keep_reported_figure(
    scope: Scope, key: str, value: str, reading: str = "", reported_on: date | None = None
) -> None:
    """Keep a figure as it was reported, beside whatever the register says."""
    db.session.add(ReportedFigure(key=key, value=value, reading=reading, reported_on=reported_on))
    note(scope, "keep_reported_figure", "reported_figure", None, key=key)
    db.session.flush()


def drop_reported_figure(scope: Scope, figure_id: UUID) -> None:
    """Take a figure out that was kept by mistake. Raises NotFound."""
    record = db.session.get(ReportedFigure, (scope.tenant_id, figure_id))
    if record is None:
        raise NotFound
    note(scope, "drop_reported_figure", "reported_figure", None, key=record.key)
    db.session.delete(record)
    db.session.flush()


def _next_id() -> int:
    with at_the_door() as door:
        return door.execute(select(text("nextval('tenant_id_seq')"))).scalar_one()


def _refuse_taken(slug: str) -> None:
    with at_the_door() as door:
        if door.execute(text("SELECT 1 FROM door_tenant(NULL, :slug)"), {"slug": slug}).first():
            raise Conflict("名称 %(slug)s 已被使用,请换一个。", slug=slug)
