"""Every day: the approved grid whose day has come is put in force, and stays end with their case."""

from datetime import date

from tenants.redraws.actions import apply_due
from tenants.redraws.moving import release_stays
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def apply_redraws(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """A person approved it before; here only the day is waited for."""

    def write() -> None:
        release_stays(scope, date.today())
        apply_due(scope, date.today())

    return write
