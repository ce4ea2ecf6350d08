"""Every night: doors that ended by themselves are written down as ended (domain STA-4)."""

from tenants.oversight.doors import end_expired
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def expire_doors(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """That they let nobody in any more needs no job: the door itself looks at the clock."""

    def write() -> None:
        end_expired(scope)

    return write
