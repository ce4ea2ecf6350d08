"""Propose the nearest open branch with a free place to everybody who waits (domain ASG-9)."""

from datetime import date

from tenants.arrivals.rules import WAITING
from tenants.database import db
from tenants.matching.lookups import seats, waiting_arrivals
from tenants.matching.rules import choose
from tenants.matching.runs import keep_choices
from tenants.organisations.lookups import tenant_facts
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def match_arrivals(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """The run's id is the job's id, so repeating the job repeats nothing."""
    unserved_too = bool(lease.arguments.get("unserved"))
    states = WAITING if unserved_too else ("signalled", "verified")
    facts = tenant_facts(scope)
    waiting = waiting_arrivals(scope, states)
    open_seats = seats(scope, date.today())
    db.session.rollback()
    progress(0, len(waiting), "正在为到来的同志寻找最近的支部")
    choices = choose(waiting, open_seats, basis=facts.match_basis, reach_metres=facts.reach_metres)
    progress(len(waiting), len(waiting), "正在保存建议")

    def write() -> None:
        cause = "sweep" if unserved_too else "arrivals"
        keep_choices(scope, lease.job_id, cause, choices, states)

    return write
