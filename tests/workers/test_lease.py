"""A job's life by cases: who may take it, extend it, finish it (design, section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from tenants.database import engine
from tenants.errors import LeaseLost
from tenants.outbox.actions import ask
from tenants.outbox.lookups import job
from tests.factories.counties import Community
from workers import lease as leases
from workers.lease import LEASE_SECONDS, MOST_ATTEMPTS


@pytest.fixture
def job_id(community: Community) -> UUID:
    with community.acting() as scope:
        return ask(scope, "match_arrivals", {"unserved": "yes"})


@pytest.fixture
def connection(community: Community) -> Iterator[Connection]:
    """One transaction of the tenant: `now()` stands still in it."""
    with community.acting(), engine().begin() as connection:
        yield connection


def change(connection: Connection, job_id: UUID, what: str) -> None:
    connection.execute(text(f"UPDATE job_request SET {what} WHERE id = :id"), {"id": job_id})


def column(connection: Connection, job_id: UUID, name: str):
    return connection.execute(
        text(f"SELECT {name} FROM job_request WHERE id = :id"), {"id": job_id}
    ).scalar_one()


@pytest.mark.parametrize(
    ("before", "taken"),
    [
        ("state = 'queued'", True),
        ("state = 'running', lease_until = now() + interval '1 second'", False),
        ("state = 'running', lease_until = now() - interval '1 second'", True),
        ("state = 'done', ended_at = now()", False),
        ("state = 'failed', ended_at = now()", False),
        (f"attempts = {MOST_ATTEMPTS - 1}", True),
        (f"attempts = {MOST_ATTEMPTS}", False),
        (
            f"state = 'running', lease_until = now() - interval '1 s', attempts = {MOST_ATTEMPTS}",
            False,
        ),
        # Rung early (a second relay, a wiped Redis): whoever asks first may do it.
        ("dispatch_after = now() + interval '1 hour'", True),
    ],
)
def test_who_may_take_a_job(connection, job_id, before, taken):
    change(connection, job_id, before)
    assert (leases.take(connection, job_id) is not None) is taken


def test_what_the_lease_says(connection, job_id):
    lease = leases.take(connection, job_id)
    assert lease == leases.Lease(job_id, 1, "match_arrivals", {"unserved": "yes"}, 1)
    assert column(connection, job_id, "state") == "running"
    held = "extract(epoch FROM lease_until - now())"
    assert column(connection, job_id, held) == LEASE_SECONDS


def test_a_second_taker_is_refused(connection, job_id):
    assert leases.take(connection, job_id)
    assert leases.take(connection, job_id) is None


def test_two_takers_at_the_same_moment_get_one_lease(community, job_id):
    """The second waits for the first's row, then sees that the lease is gone."""
    start = Barrier(4)

    def take() -> bool:
        with community.acting(), engine().begin() as connection:
            start.wait()
            return leases.take(connection, job_id) is not None

    with ThreadPoolExecutor(4) as threads:
        taken = [threads.submit(take) for _ in range(4)]
        assert sorted(one.result() for one in taken) == [False, False, False, True]


def test_a_lease_that_ran_out_is_taken_again_with_the_next_token(connection, job_id):
    first = leases.take(connection, job_id)
    started = column(connection, job_id, "started_at")
    change(connection, job_id, "lease_until = now() - interval '1 second'")
    second = leases.take(connection, job_id)
    assert (first.token, second.token, second.attempts) == (1, 2, 2)
    assert column(connection, job_id, "started_at") == started


def test_an_old_token_finishes_nothing_and_changes_nothing(connection, job_id):
    old = leases.take(connection, job_id)
    change(connection, job_id, "lease_until = now() - interval '1 second'")
    new = leases.take(connection, job_id)
    with pytest.raises(LeaseLost):
        leases.finish(connection, old)
    assert not leases.extend(connection, old)
    assert not leases.report(connection, old, 1, 2, "旧的")
    leases.put_back(connection, old)
    leases.give_up(connection, old, "旧的")
    assert column(connection, job_id, "(state, token, progress_words)") == ("running", "2", "")
    leases.finish(connection, new)
    assert column(connection, job_id, "state") == "done"


def test_what_is_done_is_not_finished_twice(connection, job_id):
    lease = leases.take(connection, job_id)
    leases.finish(connection, lease)
    with pytest.raises(LeaseLost):
        leases.finish(connection, lease)


def test_extending_holds_the_lease_for_a_whole_term_again(connection, job_id):
    lease = leases.take(connection, job_id)
    change(connection, job_id, "lease_until = now() + interval '1 second'")
    assert leases.extend(connection, lease)
    held = "extract(epoch FROM lease_until - now())"
    assert column(connection, job_id, held) == LEASE_SECONDS


def test_a_broken_job_waits_twice_as_long_after_each_attempt(connection, job_id):
    pauses = []
    for _ in range(MOST_ATTEMPTS):
        lease = leases.take(connection, job_id)
        leases.put_back(connection, lease)
        pause = "extract(epoch FROM dispatch_after - now())"
        pauses.append(int(column(connection, job_id, pause)))
        assert column(connection, job_id, "state") == "queued"
    assert pauses == [2, 4, 8, 16, 32]
    assert leases.take(connection, job_id) is None


def test_a_failure_is_visible_with_its_sentence(community, job_id):
    with community.acting() as scope:
        with engine().begin() as connection:
            leases.give_up(connection, leases.take(connection, job_id), "这份名册打不开。" * 100)
        seen = job(scope, job_id)
        assert (seen.state, seen.over) == ("failed", True)
        assert seen.failure.startswith("这份名册打不开。")
        assert seen.ended_at is not None


def test_progress_is_visible_while_it_runs_and_whole_at_the_end(community, job_id):
    with community.acting() as scope:
        with engine().begin() as connection:
            lease = leases.take(connection, job_id)
            assert leases.report(connection, lease, 3, 9, "正在寻找" * 60)
        seen = job(scope, job_id)
        assert (seen.state, seen.done, seen.total, seen.words[:4]) == ("running", 3, 9, "正在寻找")
    with community.acting() as scope:
        with engine().begin() as connection:
            leases.finish(connection, lease)
        assert job(scope, job_id).done == 9


def test_another_tenant_can_neither_take_nor_finish_it(community, neighbour, job_id):
    with neighbour.acting(), engine().begin() as connection:
        assert leases.take(connection, job_id) is None
    with community.acting(), engine().begin() as connection:
        lease = leases.take(connection, job_id)
    with neighbour.acting(), engine().begin() as connection, pytest.raises(LeaseLost):
        leases.finish(connection, lease)
