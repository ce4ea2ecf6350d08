"""Every kind of job and the function that does it. One file per job, named by its verb."""

from workers.envelope import Job
from workers.jobs.accept_lines import accept_lines
from workers.jobs.accept_roster import accept_roster
from workers.jobs.anchor_audit import anchor_audit
from workers.jobs.assign_branches import assign_branches
from workers.jobs.assign_county import assign_county
from workers.jobs.check_roster import check_roster
from workers.jobs.count_tenant import count_tenant
from workers.jobs.expire_doors import expire_doors
from workers.jobs.match_arrivals import match_arrivals
from workers.jobs.settle_households import settle_households
from workers.jobs.sweep_arrivals import sweep_arrivals
from workers.jobs.undo_acceptance import undo_acceptance

JOBS: dict[str, Job] = {
    "match_arrivals": match_arrivals,
    "assign_branches": assign_branches,
    "assign_county": assign_county,
    "accept_lines": accept_lines,
    "undo_acceptance": undo_acceptance,
    "settle_households": settle_households,
    "sweep_arrivals": sweep_arrivals,
    "anchor_audit": anchor_audit,
    "expire_doors": expire_doors,
    "count_tenant": count_tenant,
    "check_roster": check_roster,
    "accept_roster": accept_roster,
}
