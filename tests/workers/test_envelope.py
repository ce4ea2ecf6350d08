"""What becomes of a job that ends, breaks, or loses its lease; and what the log says of it."""

from __future__ import annotations

import logging
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tenants.audit.actions import note
from tenants.database import db, engine
from tenants.errors import InvalidInput, NoSeat
from tenants.outbox.actions import ask
from tenants.outbox.lookups import Job, job
from tests.factories.counties import Community
from workers import envelope
from workers import lease as leases
from workers.envelope import perform
from workers.lease import MOST_ATTEMPTS

ACT = "test_write"
SECRET = "王某某 19900001234"


def asked(community: Community) -> UUID:
    with community.acting() as scope:
        return ask(scope, "test", {})


def done(community: Community, job_id: UUID, work, kind: str = "test") -> str:
    with community.app.app_context():
        return perform({kind: work}, community.tenant_id, job_id)


def seen(community: Community, job_id: UUID) -> Job:
    with community.acting() as scope:
        return job(scope, job_id)


def writes(community: Community) -> int:
    with community.acting():
        question = text("SELECT count(*) FROM audit_entry WHERE act = :act")
        return db.session.execute(question, {"act": ACT}).scalar_one()


def at_once(community: Community, job_id: UUID) -> None:
    """As if its pause or its lease were over."""
    with community.acting():
        db.session.execute(
            text("UPDATE job_request SET lease_until = now() - interval '1 s' WHERE id = :id"),
            {"id": job_id},
        )


def writing(scope, lease, progress):
    return lambda: note(scope, ACT, "test")


def test_a_job_that_ends_well_keeps_its_write_and_its_end_together(community):
    job_id = asked(community)
    assert done(community, job_id, writing) == "done"
    assert (seen(community, job_id).state, writes(community)) == ("done", 1)


def test_a_job_that_is_done_is_not_done_again(community):
    job_id = asked(community)
    done(community, job_id, writing)
    assert done(community, job_id, writing) == "nothing"
    assert writes(community) == 1


@pytest.mark.parametrize("tenant", [0, 999_999_999])
def test_a_tenant_that_is_not_there_has_no_jobs(community, tenant):
    with community.app.app_context():
        assert perform({"test": writing}, tenant, asked(community)) == "nothing"


def test_a_fault_of_ours_fails_the_job_with_its_sentence(community):
    def refusing(scope, lease, progress):
        raise InvalidInput("这份名册没有表头,请补上。")

    job_id = asked(community)
    assert done(community, job_id, refusing) == "failed"
    found = seen(community, job_id)
    assert (found.state, found.failure) == ("failed", "这份名册没有表头,请补上。")


def test_nothing_of_a_refused_write_is_kept(community):
    def half_writing(scope, lease, progress):
        def write():
            note(scope, ACT, "test")
            db.session.flush()
            raise NoSeat("这个支部已经满员。")

        return write

    job_id = asked(community)
    assert done(community, job_id, half_writing) == "failed"
    assert (seen(community, job_id).failure, writes(community)) == ("这个支部已经满员。", 0)


def test_an_unexpected_fault_is_tried_again_and_given_up_in_the_end(community):
    def half_writing(scope, lease, progress):
        def write():
            note(scope, ACT, "test")
            db.session.flush()
            raise KeyError(SECRET)

        return write

    job_id = asked(community)
    outcomes = [done(community, job_id, half_writing) for _ in range(MOST_ATTEMPTS)]
    assert outcomes == ["again"] * (MOST_ATTEMPTS - 1) + ["failed"]
    found = seen(community, job_id)
    assert (found.state, found.attempts) == ("failed", MOST_ATTEMPTS)
    assert found.failure == "多次尝试都没有完成,请联系管理员。"
    assert done(community, job_id, writing) == "nothing"
    assert writes(community) == 0


def test_what_broke_once_ends_well_at_the_next_attempt(community):
    def breaking(scope, lease, progress):
        raise RuntimeError(SECRET)

    job_id = asked(community)
    assert done(community, job_id, breaking) == "again"
    assert seen(community, job_id).state == "queued"
    assert done(community, job_id, writing) == "done"
    assert writes(community) == 1


def test_a_statement_that_the_database_refuses_breaks_the_job_not_the_worker(community):
    def wrong(scope, lease, progress):
        return lambda: db.session.execute(text("SELECT 1 / 0"))

    job_id = asked(community)
    assert done(community, job_id, wrong) == "again"
    assert done(community, job_id, writing) == "done"


def test_a_kind_nobody_does_becomes_a_visible_failure(community):
    job_id = asked(community)
    outcomes = [done(community, job_id, writing, kind="other") for _ in range(MOST_ATTEMPTS)]
    assert outcomes[-1] == "failed"


def test_a_worker_that_was_thought_dead_writes_nothing(community):
    """While it computed, its lease ran out and another worker did the job."""
    job_id = asked(community)

    def overtaken(scope, lease, progress):
        db.session.rollback()
        with engine().begin() as connection:
            past = "UPDATE job_request SET lease_until = now() - interval '1 s' WHERE id = :id"
            connection.execute(text(past), {"id": job_id})
            other = leases.take(connection, job_id)
            leases.finish(connection, other)
        return lambda: note(scope, ACT, "test")

    assert done(community, job_id, overtaken) == "lost"
    assert (seen(community, job_id).state, writes(community)) == ("done", 0)


def test_progress_tells_a_worker_that_its_lease_is_lost(community):
    job_id = asked(community)

    def overtaken(scope, lease, progress):
        with engine().begin() as connection:
            past = "UPDATE job_request SET lease_until = now() - interval '1 s' WHERE id = :id"
            connection.execute(text(past), {"id": job_id})
            leases.take(connection, job_id)
        progress(1, 1, "正在写入")
        pytest.fail("it went on computing")

    assert done(community, job_id, overtaken) == "lost"
    assert seen(community, job_id).state == "running"


def test_the_lease_is_extended_as_long_as_the_job_computes(community, monkeypatch):
    monkeypatch.setattr(envelope, "LEASE_SECONDS", 0.03)
    job_id = asked(community)
    assert done(community, job_id, _waits_for_an_extension(job_id)) == "done"


def test_a_moment_without_the_database_does_not_end_the_extending(community, monkeypatch):
    """One look at a database that is restarting must not cost a long job its lease."""
    monkeypatch.setattr(envelope, "LEASE_SECONDS", 0.03)
    extend, hiccup = leases.extend, Event()

    def away_once(connection, lease):
        if hiccup.is_set():
            return extend(connection, lease)
        hiccup.set()
        raise OperationalError("UPDATE job_request", {}, Exception("the database is away"))

    monkeypatch.setattr(leases, "extend", away_once)
    job_id = asked(community)
    assert done(community, job_id, _waits_for_an_extension(job_id)) == "done"
    assert hiccup.is_set()


def _waits_for_an_extension(job_id: UUID):
    def waiting(scope, lease, progress):
        question = text("SELECT lease_until FROM job_request WHERE id = :id")

        def until():
            with engine().begin() as connection:
                return connection.execute(question, {"id": job_id}).scalar_one()

        first, looks = until(), 0
        while until() == first:
            assert (looks := looks + 1) < 500, "nobody extends the lease"
            Event().wait(0.01)
        return lambda: None

    return waiting


@pytest.mark.parametrize("fault", [RuntimeError(SECRET), InvalidInput(SECRET)])
def test_the_log_names_ids_and_no_person(community, caplog, fault):
    def breaking(scope, lease, progress):
        raise fault

    caplog.set_level(logging.INFO)
    job_id = asked(community)
    done(community, job_id, breaking)
    assert f"tenant={community.tenant_id} id={job_id} kind=test attempt=1" in caplog.text
    assert SECRET[:3] not in caplog.text
    assert SECRET[4:] not in caplog.text


def test_the_log_says_how_a_job_ended_and_how_long_it_took(community, caplog):
    caplog.set_level(logging.INFO)
    done(community, asked(community), writing)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "wangge.jobs"]
    assert "outcome=done ms=" in line
