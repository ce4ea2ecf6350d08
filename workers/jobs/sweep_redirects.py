"""Every night: a redirect whose message got lost on the way is carried again (design, section 2)."""

from tenants.redirects.actions import carry_again
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def sweep_redirects(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Asks for each leg that is open; one on which nothing is due stays as it is."""

    def write() -> None:
        carry_again(scope, str(lease.job_id))

    return write
