"""Every night: invitations nobody can use any more, fetched links, exports past their day."""

from datetime import date

from tenants.administration.tidying import drop_expired as drop
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def drop_expired(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """What was dropped is counted in the audit."""

    def write() -> None:
        drop(scope, date.today())

    return write
