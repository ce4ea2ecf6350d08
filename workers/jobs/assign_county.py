"""The best assignment over a whole county, counted: no person is proposed across tenants."""

from datetime import date
from time import monotonic

from geo.assignment import Unusable
from tenants.database import db
from tenants.matching.assignments.county import (
    by_community,
    county_branches,
    keep_county,
    waiting_in_county,
)
from tenants.matching.assignments.lookups import run_options
from tenants.matching.assignments.rules import solve
from tenants.matching.assignments.runs import keep_unusable
from tenants.matching.assignments.shared_sites import keep_shared
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease

LONGEST_SECONDS = 1800.0


def assign_county(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """The run's id is the job's id; places and classes are read, numbers are kept."""
    started = monotonic()
    run_id = lease.job_id
    options = run_options(scope, run_id)
    people, areas = waiting_in_county(scope)
    branches, keepers = county_branches(scope, date.today())
    db.session.rollback()
    words = "正在为全县寻找总路程最短的安排"
    progress(0, len(people), words)
    try:
        found = solve(
            people,
            branches,
            basis=options.basis,
            reach_metres=options.reach_metres,
            deadline_seconds=LONGEST_SECONDS,
            progress=lambda done, total: progress(done, max(total, 1), words),
        )
    except Unusable as unusable:
        sentence = str(unusable)
        return lambda: keep_unusable(scope, run_id, sentence)
    communities = by_community(areas, found.lines, keepers)

    def write() -> None:
        if keep_county(scope, run_id, found, communities, monotonic() - started):
            keep_shared(scope, run_id, areas, found.lines)

    return write
