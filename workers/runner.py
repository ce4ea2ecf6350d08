"""An RQ worker: one queue per process, one job at a time, each in a child of its own."""

import logging
from collections.abc import Callable
from uuid import UUID

from flask import Flask, current_app
from redis import Redis
from rq import Worker

from workers.envelope import perform
from workers.jobs import JOBS

log = logging.getLogger("wangge.worker")


class BeatingWorker(Worker):
    """Tells a watcher that it is alive, also while Redis is away."""

    beat: Callable[[], None] = staticmethod(lambda: None)

    def heartbeat(self, timeout=None, pipeline=None):  # type: ignore[no-untyped-def]
        self.beat()
        super().heartbeat(timeout, pipeline)


def run(app: Flask, redis: Redis, queue: str, beat: Callable[[], None]) -> None:
    """Work until told to stop. RQ retries nothing here: the relay does (design, section 3)."""
    worker = BeatingWorker([queue], connection=redis, worker_ttl=60, maintenance_interval=30)
    worker.beat = beat  # type: ignore[method-assign]
    beat()
    with app.app_context():
        worker.work(logging_level="WARNING")


def work(tenant_id: int, job_id: str) -> str:
    """What RQ calls, in the child: the ids say everything, the rest is in PostgreSQL."""
    with current_app.app_context():
        return perform(JOBS, tenant_id, UUID(job_id))
