"""Find the best branch for many people at once (domain ASG-1, ASG-2); nothing is applied."""

from datetime import date
from time import monotonic

from geo.assignment import Unusable
from tenants.database import db
from tenants.matching.assignments.lookups import run_options
from tenants.matching.assignments.needs import people, seats
from tenants.matching.assignments.rules import solve
from tenants.matching.assignments.runs import keep_found, keep_unusable
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease

LONGEST_SECONDS = 1800.0
"""After that the best so far is kept, with its gap in the open."""


def assign_branches(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """The run's id is the job's id, so repeating the job repeats nothing."""
    started = monotonic()
    run_id = lease.job_id
    options = run_options(scope, run_id)
    who = people(scope, options.whom, keep_placed=options.keep_placed)
    where = seats(scope, who, date.today())
    db.session.rollback()
    progress(0, len(who), "正在为每个人寻找总路程最短的安排")
    try:
        found = solve(
            who,
            where,
            basis=options.basis,
            reach_metres=options.reach_metres,
            deadline_seconds=LONGEST_SECONDS,
            progress=lambda done, total: progress(
                done, max(total, 1), "正在为每个人寻找总路程最短的安排"
            ),
        )
    except Unusable as unusable:
        sentence = str(unusable)
        return lambda: keep_unusable(scope, run_id, sentence)
    progress(len(who), max(len(who), 1), "正在保存结果")
    return lambda: keep_found(scope, run_id, found, monotonic() - started)
