"""Ledgers too long to wait for: a worker writes them, and they are kept sealed for a few days."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from tenants.audit.actions import note
from tenants.errors import InvalidInput
from tenants.exports.actions import begin_export, fetch_export, keep_export, made_by_job
from tenants.exports.lookups import ExportLine, exports
from tenants.mobility.ledgers import KINDS
from tenants.outbox.actions import ask
from tenants.scope import Scope

LEDGER_JOB: Final = "write_ledger"
FORMS: Final = ("xlsx", "pdf")
_TOLD_AT_ONCE: Final = 1_000


def ask_ledger(scope: Scope, kind: str, form: str, language: str) -> UUID:
    """Ask a worker for a ledger as a file; answers the file's id. Raises Conflict, InvalidInput."""
    if kind not in KINDS or form not in FORMS:
        raise InvalidInput("请从列出的台账和格式里选。")
    export_id = begin_export(scope, kind=kind, form=form, language=language)
    made_by_job(scope, export_id, ask(scope, LEDGER_JOB, {"export": str(export_id)}))
    return export_id


def keep_ledger(
    scope: Scope,
    export_id: UUID,
    content: bytes,
    people: Sequence[UUID],
    *,
    kind: str,
    form: str,
    day: date,
) -> None:
    """Keep what was written; everybody in it is told on their own page (design, section 7)."""
    keep_export(scope, export_id, content, {"lines": len(people)}, day)
    note_taken_along(scope, kind, form, people)


def note_taken_along(scope: Scope, kind: str, form: str, people: Sequence[UUID]) -> None:
    """Write down who stands in a ledger that leaves, a thousand to an entry."""
    told = sorted({str(id_) for id_ in people})
    for start in range(0, max(1, len(told)), _TOLD_AT_ONCE):
        some = told[start : start + _TOLD_AT_ONCE]
        note(
            scope,
            "export_ledger",
            "member",
            kind=kind,
            form=form,
            count=len(people),
            people=some,
        )


def ledger_files(scope: Scope, kind: str) -> list[ExportLine]:
    """The files of one ledger, newest first."""
    return exports(scope, [kind])


def ledger_content(scope: Scope, export_id: UUID, day: date) -> tuple[bytes, str, str]:
    """(the file, its kind, its form), written down. Raises NotFound, Conflict once it is gone."""
    return fetch_export(scope, export_id, KINDS, day)
