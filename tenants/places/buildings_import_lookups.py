"""Lists of buildings that were brought in. A grid leader is answered for their own lists only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from tenants.database import db
from tenants.errors import NotFound
from tenants.places.records import BuildingImport
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class BuildingImportCard:
    """A list of buildings brought in: what was checked, and what a person decided."""

    id: UUID
    filename: str
    system: str
    state: str
    rows: int
    drafts: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    doubt: dict[str, Any]
    accepted: int
    made_at: datetime


def own_lists(scope: Scope) -> ColumnElement[bool]:
    """Lists that this scope may see and decide: a leader's own, else all of the tenant."""
    own = BuildingImport.tenant_id == scope.tenant_id
    if not scope.sees_only_own_cells:
        return own
    return and_(own, BuildingImport.made_by == scope.person_id)


def building_import(scope: Scope, import_id: UUID) -> BuildingImportCard:
    """One list brought in. Raises NotFound; a leader sees their own lists only."""
    row = db.session.execute(
        select(
            BuildingImport.id,
            BuildingImport.filename,
            BuildingImport.system,
            BuildingImport.state,
            BuildingImport.rows,
            BuildingImport.drafts,
            BuildingImport.faults,
            BuildingImport.doubt,
            BuildingImport.accepted,
            BuildingImport.made_at,
        ).where(own_lists(scope), BuildingImport.id == import_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return BuildingImportCard(*row)
