"""The worker calls our one function and nothing else that somebody put into Redis."""

from __future__ import annotations

from inspect import signature
from os import environ

import pytest
from redis import Redis
from rq import Callback, Queue, Worker
from rq.serializers import JSONSerializer

from tenants.database import new_id
from workers.relay import WORK
from workers.runner import BeatingWorker


@pytest.fixture
def redis():
    with Redis.from_url(environ["WANGGE_REDIS_URL"]) as connection:
        yield connection


@pytest.fixture
def queue(redis):
    queue = Queue(f"test-{new_id().hex}", connection=redis, serializer=JSONSerializer)
    yield queue
    queue.delete()


def test_a_foreign_function_is_not_called(queue, redis, tmp_path):
    victim = tmp_path / "made"
    queue.enqueue_call("os.mkdir", args=(str(victim),))
    worker = BeatingWorker([queue], connection=redis, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")
    assert not victim.exists()


def test_a_callback_of_somebody_elses_is_not_called(queue, redis):
    worker = BeatingWorker([queue], connection=redis, serializer=JSONSerializer)
    job = queue.enqueue_call(WORK, args=(0, str(new_id())), on_failure=Callback("os.abort"))
    assert worker.perform_job(job, queue, None) is False


@pytest.mark.parametrize("method", ["perform_job", "heartbeat"])
def test_what_is_overridden_is_called_as_the_library_calls_it(method):
    """A missing parameter would fail every job, in the child, where nobody sees it."""
    ours, theirs = (signature(getattr(each, method)) for each in (BeatingWorker, Worker))
    assert list(ours.parameters) == list(theirs.parameters)
