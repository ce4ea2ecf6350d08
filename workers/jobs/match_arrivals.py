"""Propose the nearest open branch with a free place to everybody who waits (domain ASG-9).

Where a branch of another community suits somebody better, that is suggested beside it: a person
decides whether to ask there (domain TRF-4), nothing is sent by the run.
"""

from datetime import date

from tenants.arrivals.rules import WAITING
from tenants.database import db
from tenants.matching.lookups import seats, waiting_arrivals
from tenants.matching.rules import choose
from tenants.matching.runs import keep_choices
from tenants.organisations.lookups import tenant_facts
from tenants.redirects.suggestions.actions import keep_suggestions
from tenants.redirects.suggestions.lookups import outside, still_free_to_go
from tenants.redirects.suggestions.rules import better_elsewhere
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def match_arrivals(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """The run's id is the job's id, so repeating the job repeats nothing."""
    unserved_too = bool(lease.arguments.get("unserved"))
    states = WAITING if unserved_too else ("signalled", "verified")
    today = date.today()
    facts = tenant_facts(scope)
    basis, reach = facts.match_basis, facts.reach_metres
    waiting = waiting_arrivals(scope, states)
    open_seats = seats(scope, today)
    free_to_go = still_free_to_go(scope, waiting)
    beyond = outside(scope, free_to_go, reach, today)
    db.session.rollback()
    progress(0, len(waiting), "正在为到来的同志寻找最近的支部")
    choices = choose(waiting, open_seats, basis=basis, reach_metres=reach)
    here = {choice.arrival_id: choice for choice in choices}
    better = better_elsewhere(free_to_go, here, beyond.branches, basis=basis, reach_metres=reach)
    progress(len(waiting), len(waiting), "正在保存建议")

    def write() -> None:
        cause = "sweep" if unserved_too else "arrivals"
        keep_choices(scope, lease.job_id, cause, choices, states)
        keep_suggestions(scope, lease.job_id, list(here), better, beyond)

    return write
