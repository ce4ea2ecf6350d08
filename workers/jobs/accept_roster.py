"""Take a checked and accepted roster in: everybody or nobody."""

from datetime import date
from uuid import UUID

from tenants.arrivals.rosters import Decisions, community_facts, sift, take_in
from tenants.database import db
from tenants.members.import_lookups import decisions_of, reading_of, source_of
from tenants.members.imports import keep_accepted, one_at_a_time
from tenants.members.roster_kept import unpacked
from tenants.members.roster_matches import decided_of
from tenants.members.roster_remarks import worth_saying
from tenants.members.roster_rows import Roster
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.garbage import uncollected
from workers.jobs.check_roster import read_as_said
from workers.lease import Lease


def accept_roster(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """The rows are held against the register again: it may have changed since the dry run."""
    import_id = UUID(lease.arguments["import"])
    with uncollected():
        roster = _as_checked(scope, import_id, progress)
    progress(len(roster.rows), len(roster.rows), "正在写入名册")

    def write() -> None:
        one_at_a_time(scope)
        said = decisions_of(scope, import_id)
        decisions = Decisions(
            said.get("changed", ""), said.get("possible", ""), decided_of(scope, import_id)
        )
        with uncollected():
            intake = sift(scope, roster, date.today(), decisions)
            arrivals = take_in(scope, intake, import_id)
        impact = intake.impact | worth_saying(roster)
        keep_accepted(scope, import_id, intake.counts, intake.faults, impact, arrivals)

    return write


def _as_checked(scope: Scope, import_id: UUID, progress: Progress) -> Roster:
    """As the check read it; read once more where the community's own facts have changed since."""
    facts, reading = community_facts(scope), reading_of(scope, import_id)
    roster = unpacked(reading, facts) if reading else None
    if roster is not None:
        db.session.rollback()
        return roster
    source = source_of(scope, import_id)
    db.session.rollback()
    return read_as_said(source, facts, progress, "正在读取名册")
