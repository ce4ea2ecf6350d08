"""A roster's way in: kept sealed, checked by a worker, accepted or discarded by a person."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.import_states import CHOICES, ROSTER_SYSTEMS, state_now
from tenants.members.records import RosterImport
from tenants.members.roster_matches import forget_matches
from tenants.organisations.limits import keep_to_imports
from tenants.organisations.sealing import seal_of
from tenants.outbox.actions import ask, recount
from tenants.outbox.lookups import job
from tenants.scope import Scope

CHECK_JOB: Final = "check_roster"
ACCEPT_JOB: Final = "accept_roster"
UNDO_JOB: Final = "undo_roster"
UNDO_DAYS: Final = 30
KEPT_DAYS: Final = 30
"""A file nobody decides about is no reason to keep people's data for ever."""


def start_import(scope: Scope, filename: str, content: bytes, system: str) -> UUID:
    """Keep an uploaded roster sealed and ask for its check. Answers the import's id.

    Nothing enters the register before a person has seen the check and accepts.
    """
    if system not in ROSTER_SYSTEMS:
        raise InvalidInput("请选择坐标系:WGS-84、GCJ-02、BD-09 或 CGCS2000。")
    if not content:
        raise InvalidInput("文件是空的,请重新选择文件。")
    keep_to_imports(scope, len(content))
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
    scope: Scope,
    import_id: UUID,
    counts: Mapping[str, int],
    faults: list[dict[str, Any]],
    impact: Mapping[str, Any],
    reading: bytes,
) -> None:
    """What the dry run found, and its reading of the file (`roster_kept`)."""
    record = locked_import(scope, import_id, "checking")
    record.state, record.question = "checked", None
    record.reading_sealed = seal_of(scope).close_bytes(reading, import_id, "reading")
    record.faults, record.impact = faults, dict(impact)
    _count(record, counts)


def keep_unusable(scope: Scope, import_id: UUID, fault: dict[str, Any]) -> None:
    """The file as a whole cannot be used; it is not kept. `fault` says why, as of no row."""
    record = locked_import(scope, import_id, "checking")
    record.state = "unusable"
    _forget_file(record)
    record.sentence, record.faults = fault["sentence"][:400], [fault]
    forget_matches(scope, import_id)


def accept_import(
    scope: Scope, import_id: UUID, *, changed: str = "skip", possible: str = "skip"
) -> UUID:
    """A person accepts what the check showed; answers the id of the job that takes it in.

    `changed` and `possible` say what becomes of known people where no row was decided by itself.
    """
    record = locked_import(scope, import_id, "checked")
    if changed not in CHOICES["changed"] or possible not in CHOICES["possible"]:
        raise InvalidInput("请先决定已在名册里的人怎么办。")
    record.state = "accepting"
    record.decisions = record.decisions | {"changed": changed, "possible": possible}
    record.job_id = ask(scope, ACCEPT_JOB, {"import": str(import_id)})
    note(
        scope,
        "accept_import",
        "roster_import",
        import_id,
        accepted=record.accepted,
        changed=changed,
        possible=possible,
    )
    return record.job_id


def discard_import(scope: Scope, import_id: UUID) -> None:
    """A person decides against it; the file is gone, its counts stay."""
    record = locked_import(scope, import_id, "checked", "asking", "stalled")
    _discard(scope, record)
    note(scope, "discard_import", "roster_import", import_id)


def one_at_a_time(scope: Scope) -> None:
    """Two rosters that name one person, taken in at once, would each find nobody in the register.

    Whoever takes one in waits here until the one before has finished.
    """
    db.session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended("roster", scope.tenant_id)))
    )


def keep_accepted(
    scope: Scope,
    import_id: UUID,
    counts: Mapping[str, int],
    faults: list[dict[str, Any]],
    impact: Mapping[str, Any],
    arrivals: int,
) -> None:
    """The roster is in; the file itself is no longer needed."""
    record = locked_import(scope, import_id, "accepting")
    record.state = "accepted"
    _forget_file(record)
    record.faults, record.arrivals, record.impact = faults, arrivals, dict(impact)
    record.accepted_at = func.now()
    record.undo_until = func.now() + timedelta(days=UNDO_DAYS)
    _count(record, counts)


def undo_import(scope: Scope, import_id: UUID) -> UUID:
    """Ask for an accepted import to be taken back; answers the id of the job that does it.

    Raises Conflict when its time is over.
    """
    record = locked_import(scope, import_id, "accepted")
    if record.undo_until is None or record.undo_until < datetime.now(UTC):
        raise Conflict("导入已经超过 30 天，不能整份撤销；请在名册里逐个更正。")
    record.state = "undoing"
    record.job_id = ask(scope, UNDO_JOB, {"import": str(import_id)})
    note(scope, "undo_import", "roster_import", import_id)
    recount(scope)
    return record.job_id


def keep_undone(scope: Scope, import_id: UUID, undone: Mapping[str, Any]) -> None:
    """The import is taken back, as far as nobody has gone on from it; `undone` says how far."""
    record = locked_import(scope, import_id, "undoing")
    record.state, record.undone, record.undone_at = "undone", dict(undone), func.now()
    record.undo_until = None
    forget_matches(scope, import_id)


def forget_old_imports(scope: Scope) -> int:
    """Drop files nobody decided about and ways back whose time is over; answers how many imports."""
    now = datetime.now(UTC)
    old = db.session.execute(
        select(RosterImport)
        .where(
            RosterImport.tenant_id == scope.tenant_id,
            RosterImport.file_sealed.is_not(None),
            RosterImport.state.in_(("asking", "checked", "checking", "accepting")),
            RosterImport.made_at < now - timedelta(days=KEPT_DAYS),
        )
        .with_for_update()
    ).scalars()
    over = db.session.execute(
        select(RosterImport)
        .where(RosterImport.tenant_id == scope.tenant_id, RosterImport.undo_until < now)
        .with_for_update()
    ).scalars()
    forgotten = 0
    for record in [each for each in old if _state(scope, each) in ("asking", "checked", "stalled")]:
        _discard(scope, record)
        forgotten += 1
    for record in over:
        record.undo_until = None
        forget_matches(scope, record.id)
        forgotten += 1
    return forgotten


def record_import(scope: Scope, filename: str, system: str, counts: Mapping[str, int]) -> UUID:
    """An import accepted on the command line, where checking and accepting are one sitting."""
    record = RosterImport(
        id=new_id(),
        filename=filename[-200:],
        system=system,
        state="accepted",
        accepted_at=func.now(),
        undo_until=func.now() + timedelta(days=UNDO_DAYS),
        made_by=scope.person_id,
    )
    _count(record, counts)
    db.session.add(record)
    db.session.flush()
    note(scope, "accept_import", "roster_import", record.id, accepted=counts["accepted"])
    recount(scope)
    return record.id


def _count(record: RosterImport, counts: Mapping[str, int]) -> None:
    record.rows, record.accepted = counts["rows"], counts["accepted"]
    record.rejected, record.duplicates = counts["rejected"], counts["duplicates"]


def ask_for_check(scope: Scope, record: RosterImport) -> None:
    """Check it from the beginning, with what was decided since."""
    record.state, record.question, record.faults, record.impact = "checking", None, [], {}
    record.reading_sealed = None
    record.job_id = ask(scope, CHECK_JOB, {"import": str(record.id)})


def _forget_file(record: RosterImport) -> None:
    record.file_sealed = record.reading_sealed = None


def _discard(scope: Scope, record: RosterImport) -> None:
    record.state, record.question = "discarded", None
    _forget_file(record)
    forget_matches(scope, record.id)


def _state(scope: Scope, record: RosterImport) -> str:
    """Where it stands: a job that failed for good leaves it where it was before."""
    if record.job_id is None:
        return record.state
    return state_now(record.state, job(scope, record.job_id).state)


def locked_import(scope: Scope, import_id: UUID, *states: str) -> RosterImport:
    """The import, its row locked. Raises NotFound, and Conflict in any state but these."""
    record = db.session.execute(
        select(RosterImport)
        .where(RosterImport.tenant_id == scope.tenant_id, RosterImport.id == import_id)
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    state = _state(scope, record)
    if state not in states:
        raise Conflict("这份名册刚刚被处理过,请刷新后再看。", state=state)
    record.state = state if state != "stalled" else record.state
    return record
