"""Questions about rosters on their way in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tenants.database import db
from tenants.errors import NotFound
from tenants.members.import_states import state_now
from tenants.members.records import RosterColumnChoice, RosterImport
from tenants.members.roster_columns import SheetColumns, columns_of
from tenants.members.roster_rejects import Fault, RejectedTable, rejected_tables
from tenants.organisations.sealing import seal_of
from tenants.outbox.lookups import failures
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
    whole cannot be used. `state` is what a failed job left it in, `failure` why it failed.
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
    question: dict[str, Any] | None
    decisions: dict[str, Any]
    impact: dict[str, Any]
    undo_until: datetime | None
    undone_at: datetime | None
    undone: dict[str, Any] | None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A kept roster with everything that was said of how to read it."""

    filename: str
    system: str
    content: bytes
    confirmed: bool
    swapped: bool | None
    choices: dict[str, str]
    only_sheets: list[str] | None


def imports(scope: Scope) -> list[ImportLine]:
    """The tenant's imports, newest first, 100 at most."""
    rows: Sequence[Any] = db.session.execute(
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
            RosterImport.job_id,
        )
        .where(RosterImport.tenant_id == scope.tenant_id)
        .order_by(RosterImport.id.desc())
        .limit(100)
    ).all()
    failed = failures(scope, [row.job_id for row in rows if row.job_id])
    lines = [(ImportLine(*row[:-1]), "failed" if row.job_id in failed else "") for row in rows]
    return [replace(line, state=state_now(line.state, job_state)) for line, job_state in lines]


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
            RosterImport.question,
            RosterImport.decisions,
            RosterImport.impact,
            RosterImport.undo_until,
            RosterImport.undone_at,
            RosterImport.undone,
        ).where(RosterImport.tenant_id == scope.tenant_id, RosterImport.id == import_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    card = ImportCard(*row)
    failed = failures(scope, [card.job_id] if card.job_id else [])
    state = state_now(card.state, "failed" if failed else "")
    # Only what the failed job left undone is worth telling; an earlier failure is over.
    why = failed.get(card.job_id, "") if card.job_id and state != card.state else ""
    return replace(card, state=state, failure=why)


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


def source_of(scope: Scope, import_id: UUID) -> Source:
    """A roster that is still kept, and how it is to be read. Raises NotFound."""
    filename, system, content = import_content(scope, import_id)
    decisions = decisions_of(scope, import_id)
    return Source(
        filename,
        system,
        content,
        bool(decisions.get("confirmed")),
        decisions.get("swapped"),
        column_choices(scope),
        decisions.get("sheets"),
    )


def decisions_of(scope: Scope, import_id: UUID) -> dict[str, Any]:
    """What people have said of it so far. Raises NotFound."""
    decisions = db.session.execute(
        select(RosterImport.decisions).where(
            RosterImport.tenant_id == scope.tenant_id, RosterImport.id == import_id
        )
    ).scalar_one_or_none()
    if decisions is None:
        raise NotFound
    return decisions


def reading_of(scope: Scope, import_id: UUID) -> bytes | None:
    """What its check read, as `roster_kept` packed it; None where there is none to be had."""
    sealed = db.session.execute(
        select(RosterImport.reading_sealed).where(
            RosterImport.tenant_id == scope.tenant_id, RosterImport.id == import_id
        )
    ).scalar_one_or_none()
    if sealed is None:
        return None
    return seal_of(scope).open_bytes(bytes(sealed), import_id, "reading")


def column_choices(scope: Scope) -> dict[str, str]:
    """What the office said its headers mean: header key -> field, '' for one to pass over."""
    rows = db.session.execute(
        select(RosterColumnChoice.header, RosterColumnChoice.field).where(
            RosterColumnChoice.tenant_id == scope.tenant_id
        )
    )
    return {header: field for header, field in rows}


def columns_to_choose(scope: Scope, import_id: UUID) -> tuple[str, list[SheetColumns], list[str]]:
    """File name, sheets with their columns, and the sheets that are read, of a kept roster.

    Raises NotFound once it is decided about: the file is kept no longer than it is needed.
    """
    if import_card(scope, import_id).state not in ("asking", "checked"):
        raise NotFound
    source = source_of(scope, import_id)
    sheets = columns_of(source.content, source.filename, source.choices)
    read = [sheet.sheet for sheet in sheets if sheet.recognised]
    if source.only_sheets is not None:
        read = [name for name in source.only_sheets if name in {each.sheet for each in sheets}]
    return source.filename, sheets, read or [sheet.sheet for sheet in sheets[:1]]


def rejected_of(
    scope: Scope, import_id: UUID, say: Callable[[Fault], str]
) -> tuple[str, list[RejectedTable]]:
    """File name and the rows not taken of an import that waits for a decision.

    `say` puts a fault into the reader's language. Raises NotFound in any other state: the file is kept no longer than it is needed.
    """
    card = import_card(scope, import_id)
    if card.state != "checked":
        raise NotFound
    source = source_of(scope, import_id)
    return source.filename, rejected_tables(
        source.content, source.filename, card.faults, say, source.choices
    )
