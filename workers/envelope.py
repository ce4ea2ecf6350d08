"""Round every job: its scope, its lease, the fence, one transaction, and what the log says.

A job is a function `(scope, lease, progress) -> write`: it reads in short transactions of its own,
computes with none open, and answers a function that writes the results. Only that function runs
behind the fence, so what a lost worker computed is dropped whole.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from threading import Event, Thread
from time import monotonic
from uuid import UUID

from flask import current_app
from sqlalchemy.exc import OperationalError

from tenants.database import db, engine
from tenants.errors import LeaseLost, WanggeError
from tenants.people.door import scope_of_closed, scope_of_tenant
from tenants.scope import Scope, entered
from workers import lease as leases
from workers.lease import LEASE_SECONDS, MOST_ATTEMPTS, Lease

log = logging.getLogger("wangge.jobs")
Write = Callable[[], None]
DONE_WHEN_CLOSED = {"export_tenant", "erase_tenant"}
"""What is still done for a tenant that waits to be erased."""


class Progress:
    """Tells the job's row how far it has come, twice a second at most."""

    def __init__(self, lease: Lease) -> None:
        self._lease, self._last = lease, 0.0

    def __call__(self, done: int, total: int, words: str) -> None:
        if done < total and monotonic() - self._last < 0.5:
            return
        self._last = monotonic()
        with engine().begin() as connection:
            if not leases.report(connection, self._lease, done, total, words):
                raise LeaseLost


Job = Callable[[Scope, Lease, Progress], Write]


def perform(jobs: dict[str, Job], tenant_id: int, job_id: UUID) -> str:
    """Do one job if it can be leased; answers done, failed, again, lost or nothing."""
    scope = scope_of_tenant(tenant_id=tenant_id) or scope_of_closed(tenant_id)
    if scope is None:
        return "nothing"
    with entered(scope):
        with engine().begin() as connection:
            lease = leases.take(connection, job_id)
        if lease is None:
            return "nothing"
        started = monotonic()
        outcome = _work(jobs, scope, lease)
        log.info(
            "job tenant=%s id=%s kind=%s attempt=%s outcome=%s ms=%.0f",
            tenant_id,
            job_id,
            lease.kind,
            lease.attempts,
            outcome,
            (monotonic() - started) * 1000,
        )
        return outcome


def _work(jobs: dict[str, Job], scope: Scope, lease: Lease) -> str:
    if scope.state == "closed" and lease.kind not in DONE_WHEN_CLOSED:
        _end(lease, "本单位已关闭，这件工作没有做。")
        return "failed"
    try:
        with _kept(lease):
            write = jobs[lease.kind](scope, lease, Progress(lease))
            db.session.rollback()
            leases.finish(db.session.connection(), lease)
            write()
            db.session.commit()
        return "done"
    except LeaseLost:
        db.session.rollback()
        return "lost"
    except WanggeError as error:
        db.session.rollback()
        _end(lease, error.sentence or error.code)
        return "failed"
    except Exception as error:
        # The boundary of the process: whatever broke must not take the worker along. Only the
        # error's type is logged, its text may hold what somebody typed.
        db.session.rollback()
        log.error("job id=%s broke: %s", lease.job_id, type(error).__name__)
        log.debug("job id=%s", lease.job_id, exc_info=True)
        if lease.attempts >= MOST_ATTEMPTS:
            _end(lease, "多次尝试都没有完成,请联系管理员。")
            return "failed"
        with engine().begin() as connection:
            leases.put_back(connection, lease)
        return "again"


@contextmanager
def in_turn(scope: Scope) -> Iterator[Scope]:
    """One transaction in a scope that may not be the job's own: a leg of what crosses tenants.

    It is kept when it ends well, whatever becomes of the job: such a step can be repeated.
    """
    db.session.rollback()
    with entered(scope):
        try:
            yield scope
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def _end(lease: Lease, sentence: str) -> None:
    with engine().begin() as connection:
        leases.give_up(connection, lease, sentence)


@contextmanager
def _kept(lease: Lease) -> Iterator[None]:
    """A thread extends the lease while the job computes."""
    over = Event()

    def keep() -> None:
        while not over.wait(LEASE_SECONDS / 3):
            try:
                with engine().begin() as connection:
                    if not leases.extend(connection, lease):
                        return
            except OperationalError:
                # A restart of the database takes less than a lease; the fence decides in the end.
                log.warning("job id=%s could not extend its lease", lease.job_id)

    thread = Thread(target=copy_context().run, args=(_in_app(keep),), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _in_app(work: Write) -> Write:
    """The same work with the application's context, which a new thread does not inherit."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def inside() -> None:
        with app.app_context():
            work()

    return inside
