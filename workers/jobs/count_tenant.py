"""Counts the tenant's figures for the offices above: every night, and after what changed them."""

from datetime import date

from tenants.oversight.summaries import summarise_today
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def count_tenant(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Counts today, and the ends of past months that were never counted."""

    def write() -> None:
        summarise_today(scope, date.today())

    return write
