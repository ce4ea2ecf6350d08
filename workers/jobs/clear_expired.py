"""Every night what had its day goes: short notes, answers to tablets, reports, visits not wanted."""

from datetime import UTC, datetime

from tenants.arrivals.reports.actions import purge_reports
from tenants.arrivals.talks.actions import forget_no_visits
from tenants.scope import Scope
from tenants.visits.actions import empty_expired_notes
from tenants.visits.operations import forget_old_answers
from workers.envelope import Progress, Write
from workers.lease import Lease


def clear_expired(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """All in one transaction; done twice it finds nothing left."""

    def write() -> None:
        now = datetime.now(UTC)
        empty_expired_notes(scope, now.date())
        forget_old_answers(scope, now)
        purge_reports(scope, now.date())
        forget_no_visits(scope, now.date())

    return write
