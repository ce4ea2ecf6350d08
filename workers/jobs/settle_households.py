"""Propose who might join which centre household (domain ORG-13, ASG-4, ASG-5)."""

from geo.assignment import Unusable
from tenants.database import db
from tenants.errors import InvalidInput
from tenants.matching.households.actions import keep_settlement
from tenants.matching.households.lookups import hosts, neighbours
from tenants.matching.households.rules import propose
from tenants.organisations.lookups import tenant_facts
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def settle_households(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """The run's id is the job's id; what both sides agreed to is kept."""
    people, offered = neighbours(scope), hosts(scope)
    reach_metres = tenant_facts(scope).reach_metres
    db.session.rollback()
    if not offered:
        raise InvalidInput("还没有党员中心户。请先选定中心户,再让系统提建议。")
    progress(0, len(people), "正在为每个人寻找住得近的中心户")
    try:
        found = propose(people, offered, reach_metres=reach_metres)
    except Unusable as unusable:
        raise InvalidInput(str(unusable)) from unusable
    return lambda: keep_settlement(scope, lease.job_id, found)
