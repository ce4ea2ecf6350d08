"""Every night: short notes past their day are emptied, answers to tablets older than 90 days go."""

from datetime import UTC, datetime

from tenants.scope import Scope
from tenants.visits.actions import empty_expired_notes
from tenants.visits.operations import forget_old_answers
from workers.envelope import Progress, Write
from workers.lease import Lease


def clear_expired(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Both in one transaction; done twice it finds nothing left."""

    def write() -> None:
        now = datetime.now(UTC)
        empty_expired_notes(scope, now.date())
        forget_old_answers(scope, now)

    return write
