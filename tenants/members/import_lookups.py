"""Questions about rosters on their way in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tenants.database import db
from tenants.errors import NotFound
from tenants.members.records import RosterImport
from tenants.members.roster_rejects import Fault, RejectedTable, rejected_tables
from tenants.organisations.sealing import seal_of
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import as the list shows it."""

    id: UUID
    filename: str
    system: str
    state: str
    rows: int
    accepted: int
    rejected: int
    duplicates: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ImportCard:
    """An import as its page shows it; rows = accepted + rejected + duplicates.

    `faults`: [{"sheet", "row", "column", "code", "sentence"}]; `sentence` says why a file as a
    whole cannot be used.
    """

    id: UUID
    filename: str
    system: str
    state: str
    rows: int
    accepted: int
    rejected: int
    duplicates: int
    arrivals: int
    faults: list[dict[str, Any]]
    sentence: str
    job_id: UUID | None
    made_at: datetime
    accepted_at: datetime | None


def imports(scope: Scope) -> list[ImportLine]:
    """The tenant's imports, newest first, 100 at most."""
    rows = db.session.execute(
        select(
            RosterImport.id,
            RosterImport.filename,
            RosterImport.system,
            RosterImport.state,
            RosterImport.rows,
            RosterImport.accepted,
            RosterImport.rejected,
            RosterImport.duplicates,
            RosterImport.made_at,
        )
        .where(RosterImport.tenant_id == scope.tenant_id)
        .order_by(RosterImport.id.desc())
        .limit(100)
    )
    return [ImportLine(*row) for row in rows]


def import_card(scope: Scope, import_id: UUID) -> ImportCard:
    """One import. Raises NotFound."""
    row = db.session.execute(
        select(
            RosterImport.id,
            RosterImport.filename,
            RosterImport.system,
            RosterImport.state,
            RosterImport.rows,
            RosterImport.accepted,
            RosterImport.rejected,
            RosterImport.duplicates,
            RosterImport.arrivals,
            RosterImport.faults,
            RosterImport.sentence,
            RosterImport.job_id,
            RosterImport.made_at,
            RosterImport.accepted_at,
        ).where(RosterImport.tenant_id == scope.tenant_id, RosterImport.id == import_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return ImportCard(*row)


def import_content(scope: Scope, import_id: UUID) -> tuple[str, str, bytes]:
    """File name, coordinate system and content of an import not yet ended. Raises NotFound."""
    row = db.session.execute(
        select(RosterImport.filename, RosterImport.system, RosterImport.file_sealed).where(
            RosterImport.tenant_id == scope.tenant_id, RosterImport.id == import_id
        )
    ).one_or_none()
    if row is None or row.file_sealed is None:
        raise NotFound
    content = seal_of(scope).open_bytes(bytes(row.file_sealed), import_id, "file")
    return row.filename, row.system, content


def rejected_of(
    scope: Scope, import_id: UUID, say: Callable[[Fault], str]
) -> tuple[str, list[RejectedTable]]:
    """File name and the rows not taken of an import that waits for a decision.

    `say` puts a fault into the reader's language. Raises NotFound in any other state: the file is kept no longer than it is needed.
    """
    card = import_card(scope, import_id)
    if card.state != "checked":
        raise NotFound
    filename, _system, content = import_content(scope, import_id)
    return filename, rejected_tables(content, filename, card.faults, say)
