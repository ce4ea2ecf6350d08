"""Every night: rosters nobody decided about, and ways back whose time is over, are forgotten."""

from tenants.members.imports import forget_old_imports
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def forget_rosters(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Nothing is computed; the rows are locked and changed behind the fence."""

    def write() -> None:
        forget_old_imports(scope)

    return write
