"""An RQ worker: one queue per process, one job at a time, each in a child of its own."""

import logging
from collections.abc import Callable
from uuid import UUID

from flask import Flask, current_app
from redis import Redis
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from workers.envelope import perform
from workers.jobs import JOBS
from workers.relay import WORK

log = logging.getLogger("wangge.worker")


class BeatingWorker(Worker):
    """Tells a watcher that it is alive, also while Redis is away."""

    beat: Callable[[], None] = staticmethod(lambda: None)

    def heartbeat(self, timeout=None, pipeline=None):  # type: ignore[no-untyped-def]
        self.beat()
        super().heartbeat(timeout, pipeline)

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Whoever can write to Redis could name any function: only ours is called."""
        called_back = job._success_callback_name or job._failure_callback_name
        if job.func_name != WORK or called_back:
            log.error("refused a ring that is not ours")
            queue.remove(job)
            return False
        return bool(super().perform_job(job, queue, execution))


def run(app: Flask, redis: Redis, queue: str, beat: Callable[[], None]) -> None:
    """Work until told to stop. RQ retries nothing here: the relay does (design, section 3)."""
    worker = BeatingWorker(
        [queue], connection=redis, worker_ttl=60, maintenance_interval=30, serializer=JSONSerializer
    )
    worker.beat = beat  # type: ignore[method-assign]
    beat()
    with app.app_context():
        worker.work(logging_level="WARNING")


def work(tenant_id: int, job_id: str) -> str:
    """What RQ calls, in the child: the ids say everything, the rest is in PostgreSQL."""
    with current_app.app_context():
        return perform(JOBS, tenant_id, UUID(job_id))
