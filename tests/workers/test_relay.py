"""Ringing for what is due, and the timetable. As `wangge_dispatch`, which sees no person."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from os import environ
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import text

from tenants.database import db, new_id
from tenants.outbox.actions import ask
from tenants.outbox.lookups import job
from tests.factories.counties import Community
from workers.lease import MOST_ATTEMPTS
from workers.relay import (
    OF_EVERY_LEVEL,
    PATIENT_AT_ONCE,
    RING_AGAIN_SECONDS,
    TIMETABLE,
    WORK,
    fill_timetable,
    give_up_worn_out,
    ring_due,
)

LONG_AGO = datetime(2001, 5, 4, 20, 30, tzinfo=UTC)


def plain(url: str) -> str:
    return environ[url].replace("+psycopg", "", 1)


@pytest.fixture
def dispatch(app) -> Iterator[psycopg.Connection]:
    """One transaction of the relay's role, undone in the end: other tests' jobs stay as they are."""
    with psycopg.connect(plain("WANGGE_DISPATCH_URL")) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def queue(app) -> Iterator[Queue]:
    """A queue of this test's own."""
    with Redis.from_url(environ["WANGGE_REDIS_URL"]) as redis:
        queue = Queue(f"test-{new_id().hex}", connection=redis, serializer=JSONSerializer)
        yield queue
        queue.delete(delete_jobs=True)


def rung(queue: Queue, community: Community) -> list[tuple[int, str]]:
    """What was rung for this tenant since the last look."""
    jobs = queue.jobs
    queue.empty()
    return [tuple(job.args) for job in jobs if job.args[0] == community.tenant_id]


def asked(community: Community, change: str = "") -> UUID:
    with community.acting() as scope:
        job_id = ask(scope, "match_arrivals", {})
        if change:
            words = text(f"UPDATE job_request SET {change} WHERE id = :id")
            db.session.execute(words, {"id": job_id})
    return job_id


@pytest.mark.parametrize(
    ("change", "is_due"),
    [
        ("", True),
        ("dispatch_after = now() + interval '1 minute'", False),
        ("state = 'running', lease_until = now() + interval '1 minute'", False),
        ("state = 'running', lease_until = now() - interval '1 second'", True),
        ("state = 'done'", False),
        ("state = 'failed'", False),
        (f"attempts = {MOST_ATTEMPTS}", False),
    ],
)
def test_what_is_due(community, dispatch, queue, change, is_due):
    job_id = asked(community, change)
    ring_due(dispatch, queue)
    assert rung(queue, community) == ([(community.tenant_id, str(job_id))] if is_due else [])


def test_redis_is_told_ids_only(community, dispatch, queue):
    asked(community)
    ring_due(dispatch, queue)
    (rq_job,) = [job for job in queue.jobs if job.args[0] == community.tenant_id]
    assert (rq_job.func_name, rq_job.kwargs, rq_job.description) == (WORK, {}, "match_arrivals")
    assert rq_job.retries_left is None


def test_due_jobs_are_rung_once_and_again_after_a_while(community, dispatch, queue):
    job_id = asked(community)
    ring_due(dispatch, queue)
    assert len(rung(queue, community)) == 1
    ring_due(dispatch, queue)
    assert rung(queue, community) == []
    # Redis was wiped, nobody took it; the while is over.
    pause = "SELECT extract(epoch FROM dispatch_after - now()) FROM job_request WHERE id = %s"
    assert dispatch.execute(pause, [job_id]).fetchone() == (RING_AGAIN_SECONDS,)
    dispatch.execute("UPDATE job_request SET dispatch_after = now() WHERE id = %s", [job_id])
    ring_due(dispatch, queue)
    assert len(rung(queue, community)) == 1


def test_a_ring_that_still_waits_is_not_repeated(community, dispatch, queue):
    """Workers with a long queue would be rung for the same job again and again."""
    job_id = asked(community)
    due = "UPDATE job_request SET dispatch_after = now() WHERE id = %s"
    for _ in range(3):
        dispatch.execute(due, [job_id])
        ring_due(dispatch, queue)
    assert len(rung(queue, community)) == 1
    # A worker took it out of the queue and died before it took the lease.
    dispatch.execute(due, [job_id])
    ring_due(dispatch, queue)
    waiting = [ring for ring in queue.job_ids if str(job_id) in ring]
    queue.connection.lrem(queue.key, 1, waiting[0])
    dispatch.execute(due, [job_id])
    ring_due(dispatch, queue)
    assert len(rung(queue, community)) == 1


def test_with_redis_away_a_job_is_due_again_soon(community, dispatch):
    job_id = asked(community)
    nobody = Redis(unix_socket_path="/nowhere/redis.sock")
    assert ring_due(dispatch, Queue("test", connection=nobody)) >= 1
    pause = "SELECT extract(epoch FROM dispatch_after - now()) FROM job_request WHERE id = %s"
    assert dispatch.execute(pause, [job_id]).fetchone() == (2,)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (f"attempts = {MOST_ATTEMPTS}", "failed"),
        (
            f"attempts = {MOST_ATTEMPTS}, state = 'running', lease_until = now() - interval '1 s'",
            "failed",
        ),
        (
            f"attempts = {MOST_ATTEMPTS}, state = 'running', lease_until = now() + interval '9 s'",
            "running",
        ),
        (f"attempts = {MOST_ATTEMPTS - 1}", "queued"),
    ],
)
def test_what_was_cut_off_too_often_fails_where_a_person_sees_it(
    community, dispatch, change, state
):
    job_id = asked(community, change)
    give_up_worn_out(dispatch)
    dispatch.commit()
    with community.acting() as scope:
        found = job(scope, job_id)
    assert found.state == state
    assert bool(found.failure) is (state == "failed")


@pytest.fixture
def slots(app) -> Iterator[None]:
    """Takes the slots of LONG_AGO away again: nobody is to work on them."""
    yield
    with psycopg.connect(plain("WANGGE_SUPERUSER_URL"), autocommit=True) as owner:
        owner.execute("DELETE FROM job_request WHERE dedupe_key LIKE 'sweep_arrivals@2001%'")


def slots_of(community: Community) -> list[str]:
    with community.acting():
        keys = text("SELECT dedupe_key FROM job_request WHERE dedupe_key LIKE '%@2001%' ORDER BY 1")
        return list(db.session.execute(keys).scalars())


def test_two_relays_fire_each_slot_once(community, slots):
    start = Barrier(2)

    def fire() -> None:
        with psycopg.connect(plain("WANGGE_DISPATCH_URL"), autocommit=True) as connection:
            start.wait()
            fill_timetable(connection, LONG_AGO)

    with ThreadPoolExecutor(2) as relays:
        for relay in [relays.submit(fire) for _ in range(2)]:
            relay.result()
    slots = slots_of(community)
    assert "sweep_arrivals@2001-05-04T18" in slots
    assert len({slot.partition("@")[0] for slot in slots}) == len(slots) == len(TIMETABLE)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (datetime(2001, 5, 4, 18, 0, tzinfo=UTC), "2001-05-04T18"),
        (datetime(2001, 5, 4, 23, 59, tzinfo=UTC), "2001-05-04T18"),
        # The hour has not come yet; the relay was off since yesterday and catches up.
        (datetime(2001, 5, 5, 17, 59, tzinfo=UTC), "2001-05-04T18"),
        (datetime(2001, 5, 5, 18, 1, tzinfo=UTC), "2001-05-05T18"),
    ],
)
def test_which_slot_a_moment_belongs_to(community, dispatch, now, slot):
    fill_timetable(dispatch, now)
    found = dispatch.execute(
        "SELECT dedupe_key FROM job_request WHERE tenant_id = %s AND kind = 'sweep_arrivals'",
        [community.tenant_id],
    )
    assert found.fetchall() == [(f"sweep_arrivals@{slot}",)]


def test_offices_above_have_slots_of_their_own_kinds_only(county, dispatch):
    fill_timetable(dispatch, LONG_AGO)
    for office in (county, county.township):
        found = dispatch.execute(
            "SELECT kind FROM job_request WHERE tenant_id = %s", [office.tenant_id]
        )
        assert {kind for (kind,) in found} == set(OF_EVERY_LEVEL)


@pytest.mark.parametrize("column", ["arguments", "asked_by", "progress_words", "*"])
def test_the_relay_cannot_read_what_a_job_is_about(dispatch, column):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        dispatch.execute(f"SELECT {column} FROM job_request")


@pytest.mark.parametrize("table", ["member", "arrival", "person", "audit_entry"])
def test_the_relay_reads_no_other_table(dispatch, table):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        dispatch.execute(f"SELECT 1 FROM {table}")


def test_the_nights_work_trickles_in_behind_what_somebody_waits_for(community, dispatch, queue):
    queue.empty()
    with community.acting() as scope:
        for number in range(PATIENT_AT_ONCE * 3):
            ask(scope, "clear_expired", {}, dedupe_key=f"clear_expired@{number}")
        job_id = ask(scope, "match_arrivals", {})
    ring_due(dispatch, queue)
    waiting = queue.jobs
    assert len([job for job in waiting if job.description in TIMETABLE]) <= PATIENT_AT_ONCE
    assert str(job_id) in {job.args[1] for job in waiting}
    ring_due(dispatch, queue)
    assert len(queue.jobs) == len(waiting), "no more while so many wait"
    queue.empty()
    ring_due(dispatch, queue)
    assert 0 < len(queue.jobs) <= PATIENT_AT_ONCE
    queue.empty()
