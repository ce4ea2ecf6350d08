"""A roster's way in: kept sealed, checked by a worker, accepted or discarded by a person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from geo.coordinates import SYSTEMS
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.records import RosterImport
from tenants.organisations.sealing import seal_of
from tenants.outbox.actions import ask
from tenants.scope import Scope

CHECK_JOB = "check_roster"
ACCEPT_JOB = "accept_roster"


def start_import(scope: Scope, filename: str, content: bytes, system: str) -> UUID:
    """Keep an uploaded roster sealed and ask for its check. Answers the import's id.

    Nothing enters the register before a person has seen the check and accepts.
    """
    if system not in SYSTEMS:
        raise InvalidInput("请选择坐标系:WGS-84、GCJ-02、BD-09 或 CGCS2000。")
    if not content:
        raise InvalidInput("文件是空的,请重新选择文件。")
    import_id = new_id()
    sealed = seal_of(scope).close_bytes(content, import_id, "file")
    record = RosterImport(
        id=import_id,
        filename=filename[-200:],
        system=system,
        file_sealed=sealed,
        made_by=scope.person_id,
    )
    db.session.add(record)
    db.session.flush()
    record.job_id = ask(scope, CHECK_JOB, {"import": str(import_id)})
    note(scope, "start_import", "roster_import", import_id)
    return import_id


def keep_check(
    scope: Scope, import_id: UUID, counts: Mapping[str, int], faults: list[dict[str, Any]]
) -> None:
    """What the dry run found."""
    record = _locked(scope, import_id, "checking")
    record.state = "checked"
    record.faults = faults
    _count(record, counts)


def keep_unusable(scope: Scope, import_id: UUID, fault: dict[str, Any]) -> None:
    """The file as a whole cannot be used; it is not kept. `fault` says why, as of no row."""
    record = _locked(scope, import_id, "checking")
    record.state, record.file_sealed = "unusable", None
    record.sentence, record.faults = fault["sentence"][:400], [fault]


def accept_import(scope: Scope, import_id: UUID) -> UUID:
    """A person accepts what the check showed; answers the id of the job that takes it in."""
    record = _locked(scope, import_id, "checked")
    record.state = "accepting"
    record.job_id = ask(
        scope, ACCEPT_JOB, {"import": str(import_id)}, dedupe_key=f"accept:{import_id}"
    )
    note(scope, "accept_import", "roster_import", import_id, accepted=record.accepted)
    return record.job_id


def discard_import(scope: Scope, import_id: UUID) -> None:
    """A person decides against it; the file is gone, its counts stay."""
    record = _locked(scope, import_id, "checked")
    record.state, record.file_sealed = "discarded", None
    note(scope, "discard_import", "roster_import", import_id)


def keep_accepted(
    scope: Scope,
    import_id: UUID,
    counts: Mapping[str, int],
    faults: list[dict[str, Any]],
    arrivals: int,
) -> None:
    """The roster is in; the file itself is no longer needed."""
    record = _locked(scope, import_id, "accepting")
    record.state, record.file_sealed = "accepted", None
    record.faults, record.arrivals, record.accepted_at = faults, arrivals, func.now()
    _count(record, counts)


def record_import(scope: Scope, filename: str, system: str, counts: Mapping[str, int]) -> UUID:
    """An import accepted on the command line, where checking and accepting are one sitting."""
    record = RosterImport(
        id=new_id(),
        filename=filename[-200:],
        system=system,
        state="accepted",
        accepted_at=func.now(),
        made_by=scope.person_id,
    )
    _count(record, counts)
    db.session.add(record)
    db.session.flush()
    note(scope, "accept_import", "roster_import", record.id, accepted=counts["accepted"])
    return record.id


def _count(record: RosterImport, counts: Mapping[str, int]) -> None:
    record.rows, record.accepted = counts["rows"], counts["accepted"]
    record.rejected, record.duplicates = counts["rejected"], counts["duplicates"]


def _locked(scope: Scope, import_id: UUID, state: str) -> RosterImport:
    record = db.session.execute(
        select(RosterImport)
        .where(RosterImport.tenant_id == scope.tenant_id, RosterImport.id == import_id)
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    if record.state != state:
        raise Conflict("这份名册刚刚被处理过,请刷新后再看。", state=record.state)
    return record
