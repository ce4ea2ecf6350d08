"""Take an accepted roster back, as far as nobody has gone on from it: in one transaction."""

from uuid import UUID

from tenants.matching.roster_undo import take_back
from tenants.members.imports import keep_undone
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def undo_roster(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """What was done meanwhile is looked up behind the fence, not before."""
    import_id = UUID(lease.arguments["import"])
    progress(0, 1, "正在撤销导入")
    return lambda: keep_undone(scope, import_id, take_back(scope, import_id).line())
