"""The assignment job: what it keeps, for whom, and that it keeps it once and whole."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from tenants.arrivals.lookups import arrival_of
from tenants.database import db, engine
from tenants.errors import Conflict, LeaseLost
from tenants.matching.actions import accept, ask_for_another
from tenants.matching.assignments.actions import discard_run, start_run
from tenants.matching.assignments.findings import Found, Line
from tenants.matching.assignments.lines import lines, unserved_by_reason
from tenants.matching.assignments.lookups import prices, run, runs
from tenants.matching.assignments.runs import keep_found
from tenants.matching.lookups import open_proposals
from tests.factories.arrivals import a_proposed_arrival
from tests.factories.assignments import a_run, some_arrivals
from tests.factories.jobs import due_jobs, work_off
from tests.factories.members import a_member
from workers import lease as leases
from workers.jobs.assign_branches import assign_branches


def by_member(community, run_id):
    with community.acting() as scope:
        return {line.member_id: line for line in lines(scope, run_id, limit=500)}


def test_a_run_keeps_a_line_for_everybody_and_changes_nobody(community):
    near_one = some_arrivals(community, *[community.inside(3)] * 2, None)
    run_id = a_run(community)
    found = by_member(community, run_id)
    assert set(found) == set(near_one)
    assert sorted(line.branch for line in found.values()) == ["", "第1支部", "第3支部"]
    with community.acting() as scope:
        card = run(scope, run_id)
        assert (card.state, card.people, card.assigned, card.kept, card.unserved) == (
            "done", 3, 2, 0, 1,
        )  # fmt: skip
        assert card.proven
        assert card.total_centimetres > 0
        assert unserved_by_reason(scope, run_id) == {"no_place": 1}
        assert {arrival_of(scope, member).state for member in near_one} == {"signalled"}
        assert {(p.name, p.price.given) for p in prices(scope, run_id)} == {
            ("第1支部", 1), ("第2支部", 0), ("第3支部", 1),
        }  # fmt: skip


def test_a_full_branch_has_a_price_in_metres(community):
    some_arrivals(community, *[community.inside(3)] * 2)
    run_id = a_run(community)
    with community.acting() as scope:
        price = {p.name: p.price for p in prices(scope, run_id)}["第3支部"]
        total = run(scope, run_id).total_centimetres
    assert (price.seats, price.given) == (1, 1)
    assert price.saved_centimetres == total


def test_who_was_placed_stays_and_who_was_only_proposed_is_looked_for_anew(community):
    placed_case, proposal = a_proposed_arrival(community, home=community.inside(3))
    with community.acting() as scope:
        accept(scope, proposal.id)
    a_proposed_arrival(community, home=community.inside(3, north=20))
    run_id = a_run(community, whom="incoming")
    found = list(by_member(community, run_id).values())
    assert sorted((line.outcome, line.branch) for line in found) == [
        ("assigned", "第1支部"),
        ("kept", "第3支部"),
    ]


def test_placed_people_may_be_looked_for_anew_when_asked(community):
    far_case, proposal = a_proposed_arrival(community, home=community.inside(3, north=30))
    with community.acting() as scope:
        accept(scope, proposal.id)
    some_arrivals(community, community.inside(3))
    run_id = a_run(community, whom="incoming", keep_placed=False)
    found = list(by_member(community, run_id).values())
    moved = next(line for line in found if line.from_branch)
    assert (moved.from_branch, moved.branch, moved.may_be_accepted) == (
        "第3支部", "第1支部", True,
    )  # fmt: skip
    assert {line.branch for line in found} == {"第1支部", "第3支部"}


def test_everybody_means_those_whose_relation_is_here_too(community):
    here = a_member(community)
    some_arrivals(community, community.inside(1))
    assert here in by_member(community, a_run(community, whom="everybody"))
    assert here not in by_member(community, a_run(community, whom="incoming"))


def test_asking_for_another_rules_a_branch_out(community):
    case, proposal = a_proposed_arrival(community, home=community.inside(3))
    with community.acting() as scope:
        ask_for_another(scope, proposal.id)
    run_id = a_run(community)
    assert {line.branch for line in by_member(community, run_id).values()} == {"第1支部"}


def test_three_unserved_are_proposed_a_temporary_branch(community):
    far = (community.centre[0] + 0.2, community.centre[1])
    some_arrivals(community, far, far, far)
    run_id = a_run(community)
    found = by_member(community, run_id).values()
    assert {(line.reason, line.site) for line in found} == {("out_of_reach", 1)}


def test_a_worker_that_lost_its_lease_keeps_nothing(community):
    some_arrivals(community, community.inside(1))
    with community.acting() as scope:
        run_id = start_run(scope, whom="waiting", basis="home", reach_metres=3000)
    with community.acting() as scope:
        with engine().begin() as connection:
            old = leases.take(connection, run_id)
            connection.execute(
                text("UPDATE job_request SET lease_until = now() - interval '1s' WHERE id = :id"),
                {"id": run_id},
            )
            newer = leases.take(connection, run_id)
        write = assign_branches(scope, newer, lambda *_: None)
        db.session.rollback()
        with pytest.raises(LeaseLost):
            leases.finish(db.session.connection(), old)
        db.session.rollback()
        leases.finish(db.session.connection(), newer)
        write()
    with community.acting() as scope:
        assert run(scope, run_id).people == 1
        assert len(lines(scope, run_id)) == 1


def test_a_run_that_was_discarded_meanwhile_keeps_nothing(community):
    some_arrivals(community, community.inside(1))
    with community.acting() as scope:
        run_id = start_run(scope, whom="waiting", basis="home", reach_metres=3000)
    with community.acting() as scope:
        discard_run(scope, run_id)
    assert set(work_off(community)) == {"done"}
    with community.acting() as scope:
        assert runs(scope) == []
        assert lines(scope, run_id) == []


def test_a_line_for_nobody_we_know_refuses_the_whole(community, neighbour):
    """The keys are checked as a set: another community's branch or member is not there."""
    (member,) = some_arrivals(community, community.inside(1))
    theirs = neighbour.office.branches[0]
    for stranger, branch in ((uuid4(), community.branches[0]), (member, theirs)):
        with community.acting() as scope:
            run_id = start_run(scope, whom="waiting", basis="home", reach_metres=3000)
        line = Line(stranger, branch, None, 100, "home", "assigned")
        with pytest.raises(Conflict), community.acting() as scope:
            keep_found(scope, run_id, Found((line,), (), (), 100, 100, 0.0), 0.1)
        with community.acting() as scope:
            assert lines(scope, run_id) == []
            assert run(scope, run_id).state == "asked"


def test_no_other_tenant_sees_a_run(community, neighbour):
    some_arrivals(community, community.inside(1))
    run_id = a_run(community)
    with neighbour.acting() as scope:
        assert runs(scope) == []
        assert lines(scope, run_id) == []
        count = db.session.execute(text("SELECT count(*) FROM assignment_line")).scalar_one()
    assert count == 0


def test_asking_again_is_another_run(community):
    first, second = a_run(community), a_run(community)
    assert first != second
    assert due_jobs(community) == []
    with community.acting() as scope:
        assert [card.id for card in runs(scope)] == [second, first]


def test_an_open_proposal_of_the_run_itself_holds_no_seat_against_it(community):
    case, proposal = a_proposed_arrival(community, home=community.inside(3))
    run_id = a_run(community)
    assert {line.branch for line in by_member(community, run_id).values()} == {"第3支部"}
    with community.acting() as scope:
        assert case in open_proposals(scope, [case])
