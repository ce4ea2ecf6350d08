"""Tell communities that some of their people could share a temporary branch with neighbours."""

from uuid import UUID

from tenants.audit.actions import note
from tenants.database import db
from tenants.matching.assignments.shared_sites import be_told, to_tell
from tenants.organisations.below import tenants_below
from tenants.people.door import scope_of_tenant
from tenants.scope import Scope
from workers.envelope import Progress, Write, in_turn
from workers.lease import Lease


def tell_sites(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """A leg for each community, in a transaction of its own; telling twice tells once.

    A community whose list has changed since is left out: the next run of the county finds it anew.
    """
    run_id = UUID(lease.arguments["run"])
    told_of = to_tell(scope, run_id)
    ids = {card.area: card.id for card in tenants_below(scope) if card.state == "open"}
    db.session.rollback()
    changed = 0
    for at, (area, told) in enumerate(told_of.items()):
        progress(at, len(told_of), "正在告诉各社区")
        community = scope_of_tenant(tenant_id=ids[area]) if area in ids else None
        if community is None:
            changed += 1
            continue
        with in_turn(community):
            changed += not be_told(community, told)

    def write() -> None:
        note(
            scope,
            "tell_sites",
            "assignment_run",
            run_id,
            communities=len(told_of) - changed,
            changed=changed,
        )

    return write
