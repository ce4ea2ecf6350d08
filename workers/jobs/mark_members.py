"""Every night: members whose phone is new get the mark that a county can compare."""

from tenants.members.duplicates.actions import mark_members as mark
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def mark_members(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """One pass over what is missing or out of date."""

    def write() -> None:
        mark(scope)

    return write
