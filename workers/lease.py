"""A job's life: queued -> running(lease, token) -> done | failed (design, section 3).

The token grows with every lease. Whoever finishes must still hold the newest one: a worker that
was thought dead and comes back finds its token outdated and writes nothing.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from tenants.errors import LeaseLost

LEASE_SECONDS = 30
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to finish one job, as long as nobody took a newer one."""

    job_id: UUID
    token: int
    kind: str
    arguments: dict[str, Any]
    attempts: int


def take(connection: Connection, job_id: UUID) -> Lease | None:
    """Lease a job that is queued or whose lease ran out; None when there is nothing to take."""
    row = connection.execute(
        text("""
            UPDATE job_request
            SET state = 'running', token = token + 1, attempts = attempts + 1,
                lease_until = now() + make_interval(secs => :seconds),
                started_at = coalesce(started_at, now())
            WHERE tenant_id = app_tenant() AND id = :id AND attempts < :most
              AND (state = 'queued' OR (state = 'running' AND lease_until < now()))
            RETURNING id, token, kind, arguments, attempts
        """),
        {"id": job_id, "seconds": LEASE_SECONDS, "most": MOST_ATTEMPTS},
    ).one_or_none()
    return None if row is None else Lease(*row)


def extend(connection: Connection, lease: Lease) -> bool:
    """Hold the lease longer; False when somebody else has it now."""
    return _touch(
        connection,
        lease,
        "lease_until = now() + make_interval(secs => :seconds)",
        seconds=LEASE_SECONDS,
    )


def report(connection: Connection, lease: Lease, done: int, total: int, words: str) -> bool:
    """Say how far the job has come, for the page that shows its progress."""
    return _touch(
        connection,
        lease,
        "progress_done = :done, progress_total = :total, progress_words = :words",
        done=done,
        total=total,
        words=words[:120],
    )


def finish(connection: Connection, lease: Lease) -> None:
    """The fence: first thing in the transaction that writes the results. Raises LeaseLost."""
    if not _touch(
        connection,
        lease,
        "state = 'done', ended_at = now(), lease_until = NULL, progress_done = progress_total",
    ):
        raise LeaseLost


def give_up(connection: Connection, lease: Lease, sentence: str) -> None:
    """The job failed for good; `sentence` tells a person why."""
    _touch(
        connection,
        lease,
        "state = 'failed', ended_at = now(), lease_until = NULL, failure = :sentence",
        sentence=sentence[:300],
    )


def put_back(connection: Connection, lease: Lease) -> None:
    """The job broke: the relay rings again after a while that doubles with each attempt."""
    _touch(
        connection,
        lease,
        "state = 'queued', lease_until = NULL,"
        " dispatch_after = now() + make_interval(secs => :pause)",
        pause=2**lease.attempts,
    )


def _touch(connection: Connection, lease: Lease, change: str, **values: object) -> bool:
    result = connection.execute(
        text(
            f"UPDATE job_request SET {change} WHERE tenant_id = app_tenant() AND id = :id"
            " AND token = :token AND state = 'running'"
        ),
        {"id": lease.job_id, "token": lease.token, **values},
    )
    return result.rowcount == 1
