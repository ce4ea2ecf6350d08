"""Accepting many lines and taking them back as jobs: once, whole, and in somebody's name."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.arrivals.lookups import arrival_of
from tenants.database import db, engine
from tenants.errors import Conflict, LeaseLost
from tenants.matching.actions import redirect
from tenants.matching.assignments import accepting
from tenants.matching.assignments.accepting import accept_all, accept_lines, undo_all
from tenants.matching.assignments.actions import discard_run
from tenants.matching.assignments.lines import to_accept
from tenants.matching.assignments.lookups import acceptances, run
from tenants.matching.assignments.work import latest_work
from tenants.people.history import history
from tenants.places.lookups import branches
from tests.factories.assignments import a_run, some_arrivals
from tests.factories.jobs import due_jobs, work_off
from workers import lease as leases
from workers.envelope import perform
from workers.jobs import JOBS
from workers.jobs.accept_lines import accept_lines as job


@pytest.fixture
def two_are_many(monkeypatch):
    monkeypatch.setattr(accepting, "MOST_AT_ONCE", 1)


@pytest.fixture
def asked(community, colleague, two_are_many):
    """A run over three arrivals whose acceptance has been asked for: (run, job, members)."""
    people = some_arrivals(community, *[community.inside(1)] * 2, community.inside(2))
    run_id = a_run(community)
    with colleague.acting() as scope:
        done = accept_all(scope, run_id)
    assert (done.done, done.acceptance_id) == (0, None)
    return run_id, done.job_id, people


def test_nothing_moves_until_the_job_is_done_and_then_everybody(community, colleague, asked):
    run_id, job_id, people = asked
    with colleague.acting() as scope:
        assert (to_accept(scope, run_id), acceptances(scope, run_id)) == (3, [])
        assert not latest_work(scope, run_id).job.over
    assert work_off(community) == ["done"]
    with colleague.acting() as scope:
        assert {arrival_of(scope, member).state for member in people} == {"placed"}
        assert [(one.id, one.lines) for one in acceptances(scope, run_id)] == [(job_id, 3)]
        done = latest_work(scope, run_id)
        assert (done.job.done, done.job.total, done.left) == (3, 3, 0)


def test_it_is_done_in_the_name_of_who_asked(community, colleague, asked):
    run_id, _job_id, people = asked
    work_off(community)
    with colleague.acting() as scope:
        who = db.session.execute(text("SELECT accepted_by FROM assignment_acceptance"))
        assert set(who.scalars()) == {scope.person_id}
        case = arrival_of(scope, people[0]).id
        (entry,) = history(scope, "arrival", case)
        by_whom = db.session.execute(
            text("SELECT person_id FROM audit_entry WHERE subject_id = :case"), {"case": case}
        )
        assert set(by_whom.scalars()) == {scope.person_id}
        assert entry.act == "redirect_arrival"


def test_done_twice_it_is_there_once(community, colleague, asked):
    run_id, job_id, _people = asked
    work_off(community)
    with community.app.app_context():
        assert perform(JOBS, community.tenant_id, job_id) == "nothing"
    with colleague.acting() as scope:
        assert run(scope, run_id).accepted == 3
        assert sum(branch.taken for branch in branches(scope)) == 3


def test_a_worker_that_lost_its_lease_places_nobody(community, colleague, asked):
    run_id, job_id, people = asked
    with community.acting() as scope:
        with engine().begin() as connection:
            old = leases.take(connection, job_id)
            connection.execute(
                text("UPDATE job_request SET lease_until = now() - interval '1s' WHERE id = :id"),
                {"id": job_id},
            )
            newer = leases.take(connection, job_id)
        write = job(scope, newer, lambda *_: None)
        db.session.rollback()
        with pytest.raises(LeaseLost):
            leases.finish(db.session.connection(), old)
        db.session.rollback()
        leases.finish(db.session.connection(), newer)
        write()
    with colleague.acting() as scope:
        assert {arrival_of(scope, member).state for member in people} == {"placed"}
        assert len(acceptances(scope, run_id)) == 1


def test_who_does_not_fit_any_more_is_counted(community, colleague, asked):
    run_id, _job_id, people = asked
    with colleague.acting() as scope:
        redirect(scope, arrival_of(scope, people[0]).id, community.branches[1])
    work_off(community)
    with colleague.acting() as scope:
        assert latest_work(scope, run_id).left == 1
        assert [one.lines for one in acceptances(scope, run_id)] == [2]


def test_while_one_works_no_second_is_asked_for(community, colleague, asked):
    run_id, _job_id, _people = asked
    for act in (accept_all, discard_run):
        with colleague.acting() as scope, pytest.raises(Conflict, match="请等它完成"):
            act(scope, run_id)
    assert len(due_jobs(community)) == 1


def test_when_nobody_is_left_to_accept_the_job_says_so(community, colleague, asked):
    run_id, _job_id, people = asked
    with colleague.acting() as scope:
        accept_lines(scope, run_id, people)
    assert work_off(community) == ["failed"]
    with colleague.acting() as scope:
        assert "已经处理过了" in latest_work(scope, run_id).job.failure
        assert run(scope, run_id).accepted == 3


def test_many_are_taken_back_by_a_job_too(community, colleague, asked):
    run_id, job_id, people = asked
    work_off(community)
    with colleague.acting() as scope:
        assert undo_all(scope, job_id).job_id is not None
    with colleague.acting() as scope, pytest.raises(Conflict, match="请等它完成"):
        undo_all(scope, job_id)
    assert work_off(community) == ["done"]
    with colleague.acting() as scope:
        assert {arrival_of(scope, member).state for member in people} == {"proposed"}
        assert sum(branch.taken for branch in branches(scope)) == 0
        assert [one.undone_at is not None for one in acceptances(scope, run_id)] == [True]
        assert to_accept(scope, run_id) == 3
