"""Questions about compounds and buildings. A grid leader is answered for their own cells only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased

from tenants.database import db
from tenants.errors import NotFound
from tenants.grid.lookups import in_my_cells
from tenants.places.records import Building
from tenants.places.spelling import natural, normalised
from tenants.scope import Scope

PAGE = 50


@dataclass(frozen=True, slots=True)
class BuildingPlace:
    """A compound or building with its place (WGS-84 degrees).

    `compound` and `compound_id` are the one it belongs to. `source`: the raw numbers and their
    system. `footprint` says whether its outline is known.
    """

    id: UUID
    kind: str
    name: str
    address: str
    lon: float
    lat: float
    compound_id: UUID | None
    compound: str
    closed_on: date | None
    footprint: bool
    source: dict[str, Any] | None
    version: int

    @property
    def title(self) -> str:
        """Compound and building as an address begins."""
        return self.compound + self.name

    @property
    def order(self) -> tuple[tuple[int, str], ...]:
        """2号楼 before 10号楼."""
        return natural(self.title)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Buildings of the tenant that this scope may see: a leader's own cells, else all of them.

    A compound counts as a leader's when it or a building of it stands in their cells.
    """
    own = Building.tenant_id == scope.tenant_id
    if not scope.sees_only_own_cells:
        return own
    other = aliased(Building)
    inside = (
        select(other.id, other.parent_id)
        .where(other.tenant_id == scope.tenant_id, in_my_cells(scope, other.place))
        .cte("in_my_cells")
    )
    seen = union_all(
        select(inside.c.id), select(inside.c.parent_id).where(inside.c.parent_id.is_not(None))
    )
    return and_(own, Building.id.in_(seen))


def buildings(
    scope: Scope,
    *,
    words: str = "",
    closed: bool = False,
    compound_id: UUID | None = None,
    after: UUID | None = None,
    limit: int | None = PAGE,
) -> list[BuildingPlace]:
    """Open (or closed) buildings by id after `after`; `words`: part of a name or address."""
    question = _question(scope).where(
        Building.closed_on.is_not(None) if closed else Building.closed_on.is_(None)
    )
    if words.strip():
        question = question.where(_named(words))
    if compound_id is not None:
        question = question.where(Building.parent_id == compound_id)
    if after is not None:
        question = question.where(Building.id > after)
    return _places(question.order_by(Building.id).limit(limit))


def building(scope: Scope, building_id: UUID) -> BuildingPlace:
    """One building. Raises NotFound, also for a leader in whose cells it does not stand."""
    found = _places(_question(scope).where(Building.id == building_id))
    if not found:
        raise NotFound
    return found[0]


def buildings_by_id(scope: Scope, building_ids: Iterable[UUID]) -> dict[UUID, BuildingPlace]:
    """Buildings that the scope may see, closed ones too; the others are left out."""
    found = _places(_question(scope).where(Building.id.in_(set(building_ids))))
    return {each.id: each for each in found}


def compounds(scope: Scope) -> list[tuple[UUID, str]]:
    """Open compounds the scope may see, by name."""
    rows = db.session.execute(
        select(Building.id, Building.name)
        .where(visible(scope), Building.kind == "compound", Building.closed_on.is_(None))
        .order_by(Building.name, Building.id)
    )
    return [(id_, name) for id_, name in rows]


def building_titles(scope: Scope, building_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Compound and name of buildings of the tenant, also of closed ones and of other cells."""
    wanted = {each for each in building_ids if each is not None}
    if not wanted:
        return {}
    parent = aliased(Building)
    rows = db.session.execute(
        select(Building.id, func.coalesce(parent.name, "") + Building.name)
        .outerjoin(parent, _is_parent(parent))
        .where(Building.tenant_id == scope.tenant_id, Building.id.in_(wanted))
    )
    return {id_: title for id_, title in rows}


def parts_of(scope: Scope, building_id: UUID) -> list[UUID]:
    """The building itself and, of a compound, every building in it."""
    rows = db.session.execute(
        select(Building.id).where(
            Building.tenant_id == scope.tenant_id,
            or_(Building.id == building_id, Building.parent_id == building_id),
        )
    )
    return list(rows.scalars())


def open_names(scope: Scope) -> dict[tuple[str, str], UUID]:
    """(compound's normal name or '', own normal name) -> id of every open building and compound."""
    parent = aliased(Building)
    rows = db.session.execute(
        select(Building.id, Building.normal_name, func.coalesce(parent.normal_name, ""))
        .outerjoin(parent, _is_parent(parent))
        .where(Building.tenant_id == scope.tenant_id, Building.closed_on.is_(None))
    )
    return {(compound, name): id_ for id_, name, compound in rows}


def _named(words: str) -> ColumnElement[bool]:
    """Each of the words stands in the name, the compound's name or the address."""
    compound = aliased(Building)
    whole = func.concat(
        select(compound.normal_name)
        .where(compound.tenant_id == Building.tenant_id, compound.id == Building.parent_id)
        .scalar_subquery(),
        Building.normal_name,
        " ",
        Building.address,
    )
    return and_(*(_stands_in(whole, normalised(word) or word) for word in words.split()[:5]))


def _stands_in(whole: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """3号楼 stands in 清和小区3号楼, not in 清和小区13号楼."""
    if word[0].isascii() and word[0].isdigit():
        return whole.regexp_match(f"(^|[^0-9]){re.escape(word)}")
    return func.strpos(whole, word) > 0


def _is_parent(parent: Any) -> ColumnElement[bool]:
    return and_(parent.tenant_id == Building.tenant_id, parent.id == Building.parent_id)


def _question(scope: Scope) -> Select[*tuple[Any, ...]]:
    parent = aliased(Building)
    return (
        select(
            Building.id,
            Building.kind,
            Building.name,
            Building.address,
            func.ST_X(Building.place),
            func.ST_Y(Building.place),
            Building.parent_id,
            func.coalesce(parent.name, ""),
            Building.closed_on,
            Building.footprint.is_not(None),
            Building.source,
            Building.version,
        )
        .outerjoin(parent, _is_parent(parent))
        .where(visible(scope))
    )


def _places(question: Select[*tuple[Any, ...]]) -> list[BuildingPlace]:
    return [BuildingPlace(*row) for row in db.session.execute(question)]
