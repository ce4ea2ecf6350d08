"""Every night: whoever was missed or found no branch is matched again (domain ASG-9)."""

from tenants.matching.actions import ask_for_match
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def sweep_arrivals(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Asks for a run over everybody who waits, the unserved included."""

    def write() -> None:
        ask_for_match(scope, f"sweep:{lease.job_id}", unserved_too=True)

    return write
