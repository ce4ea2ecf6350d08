"""The dry run of a roster: read, judge, say what would happen. Nothing enters the register."""

from datetime import date
from uuid import UUID

from tenants.arrivals.rosters import community_facts, sift
from tenants.database import db
from tenants.members.import_lookups import import_content
from tenants.members.imports import keep_check, keep_unusable
from tenants.members.roster_rows import UnusableRoster
from tenants.members.rosters import read_roster
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def check_roster(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """A file that cannot be used is a result, not a failure of the job."""
    import_id = UUID(lease.arguments["import"])
    filename, system, content = import_content(scope, import_id)
    facts = community_facts(scope)
    db.session.rollback()
    try:
        roster = read_roster(
            content,
            filename,
            system=system,
            today=date.today(),
            community=facts,
            progress=lambda done, total: progress(done, total, "正在检查名册"),
        )
    except UnusableRoster as unusable:
        fault = unusable.fault_line()
        return lambda: keep_unusable(scope, import_id, fault)
    intake = sift(scope, roster)
    return lambda: keep_check(scope, import_id, intake.counts, intake.faults)
