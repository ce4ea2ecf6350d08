"""Open every tenant of a checked spreadsheet: all rows without a fault, or none."""

from datetime import date
from uuid import UUID

from tenants.administration.opening_plans import plan
from tenants.administration.openings import open_planned, opening_content, the_county
from tenants.database import db
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.jobs.check_openings import rows_of
from workers.lease import Lease


def open_tenants(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Judged again: others may have opened tenants since the dry run."""
    opening_id = UUID(lease.arguments["opening"])
    record, content = opening_content(scope, opening_id)
    filename, system = record.filename, record.system
    county = the_county(scope)
    db.session.rollback()
    rows = rows_of(content, filename)
    plans, faults = plan(rows, county, system, lambda d, t: progress(d, t, "正在检查每一行"))
    progress(len(plans), len(plans), "正在开通")
    return lambda: open_planned(scope, opening_id, plans, faults, date.today())
