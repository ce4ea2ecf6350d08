"""Every kind of job and the function that does it. One file per job, named by its verb."""

from workers.envelope import Job
from workers.jobs.accept_lines import accept_lines
from workers.jobs.accept_roster import accept_roster
from workers.jobs.anchor_audit import anchor_audit
from workers.jobs.apply_redraws import apply_redraws
from workers.jobs.assign_branches import assign_branches
from workers.jobs.assign_county import assign_county
from workers.jobs.balance_grid import balance_grid
from workers.jobs.carry_redirect import carry_redirect
from workers.jobs.check_openings import check_openings
from workers.jobs.check_roster import check_roster
from workers.jobs.clear_expired import clear_expired
from workers.jobs.count_tenant import count_tenant
from workers.jobs.drop_expired import drop_expired
from workers.jobs.erase_tenant import erase_tenant
from workers.jobs.expire_doors import expire_doors
from workers.jobs.export_tenant import export_tenant
from workers.jobs.forget_rosters import forget_rosters
from workers.jobs.mark_members import mark_members
from workers.jobs.match_arrivals import match_arrivals
from workers.jobs.open_tenants import open_tenants
from workers.jobs.propose_redraw import propose_redraw
from workers.jobs.settle_households import settle_households
from workers.jobs.sweep_arrivals import sweep_arrivals
from workers.jobs.sweep_redirects import sweep_redirects
from workers.jobs.tell_sites import tell_sites
from workers.jobs.undo_acceptance import undo_acceptance
from workers.jobs.undo_roster import undo_roster
from workers.jobs.write_ledger import write_ledger

JOBS: dict[str, Job] = {
    "match_arrivals": match_arrivals,
    "assign_branches": assign_branches,
    "assign_county": assign_county,
    "accept_lines": accept_lines,
    "undo_acceptance": undo_acceptance,
    "tell_sites": tell_sites,
    "settle_households": settle_households,
    "propose_redraw": propose_redraw,
    "balance_grid": balance_grid,
    "apply_redraws": apply_redraws,
    "sweep_arrivals": sweep_arrivals,
    "anchor_audit": anchor_audit,
    "expire_doors": expire_doors,
    "carry_redirect": carry_redirect,
    "sweep_redirects": sweep_redirects,
    "clear_expired": clear_expired,
    "count_tenant": count_tenant,
    "mark_members": mark_members,
    "check_roster": check_roster,
    "accept_roster": accept_roster,
    "undo_roster": undo_roster,
    "forget_rosters": forget_rosters,
    "check_openings": check_openings,
    "open_tenants": open_tenants,
    "drop_expired": drop_expired,
    "export_tenant": export_tenant,
    "write_ledger": write_ledger,
    "erase_tenant": erase_tenant,
}
