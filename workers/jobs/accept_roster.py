"""Take a checked and accepted roster in: everybody or nobody."""

from datetime import date
from uuid import UUID

from tenants.arrivals.rosters import community_facts, sift, take_in
from tenants.database import db
from tenants.members.import_lookups import import_content
from tenants.members.imports import keep_accepted
from tenants.members.rosters import read_roster
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def accept_roster(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """The file is judged again: the register may have changed since the dry run."""
    import_id = UUID(lease.arguments["import"])
    filename, system, content = import_content(scope, import_id)
    facts = community_facts(scope)
    db.session.rollback()
    roster = read_roster(
        content,
        filename,
        system=system,
        today=date.today(),
        community=facts,
        progress=lambda done, total: progress(done, total, "正在读取名册"),
    )

    def write() -> None:
        intake = sift(scope, roster)
        arrivals = take_in(scope, intake, import_id)
        keep_accepted(scope, import_id, intake.counts, intake.faults, arrivals)

    return write
