"""Accepting what a run found: seats, audit and undo are those of every other decision."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.arrivals.lookups import arrival_of
from tenants.database import db
from tenants.errors import Conflict, NotFound
from tenants.matching.actions import accept, redirect, undo_placement
from tenants.matching.assignments.accepting import accept_lines, undo_acceptance
from tenants.matching.assignments.actions import discard_run
from tenants.matching.assignments.comparing import compare
from tenants.matching.assignments.lines import lines, to_accept
from tenants.matching.assignments.lookups import acceptances, run
from tenants.members.lookups import member_card
from tenants.people.history import history
from tenants.places.lookups import branch, branches
from tests.factories.arrivals import a_proposed_arrival
from tests.factories.assignments import a_run, some_arrivals
from tests.factories.members import some_members


def taken(scope) -> list[int]:
    return [place.taken for place in branches(scope)]


def test_all_at_once_and_back_again(community, colleague):
    people = some_arrivals(community, *[community.inside(3)] * 3, community.inside(2))
    run_id = a_run(community)
    with colleague.acting() as scope:
        done = accept_lines(scope, run_id)
        assert (done.done, done.left) == (4, ())
    with colleague.acting() as scope:
        assert {arrival_of(scope, member).state for member in people} == {"placed"}
        assert sum(taken(scope)) == 4
        assert to_accept(scope, run_id) == 0
        assert run(scope, run_id).accepted == 4
    with colleague.acting() as scope:
        back = undo_acceptance(scope, done.acceptance_id)
        assert (back.done, back.left) == (4, ())
    with colleague.acting() as scope:
        assert sum(taken(scope)) == 0
        assert {member_card(scope, member).branch_id for member in people} == {None}
        assert {arrival_of(scope, member).state for member in people} == {"proposed"}
        assert [a.undone_at is not None for a in acceptances(scope, run_id)] == [True]
        with pytest.raises(Conflict):
            undo_acceptance(scope, done.acceptance_id)


def test_one_line_alone_leaves_the_others_open(community, colleague):
    first, second = some_arrivals(community, community.inside(1), community.inside(2))
    run_id = a_run(community)
    with colleague.acting() as scope:
        assert accept_lines(scope, run_id, [first]).done == 1
    with colleague.acting() as scope:
        assert arrival_of(scope, first).state == "placed"
        assert arrival_of(scope, second).state == "signalled"
        assert to_accept(scope, run_id) == 1
        with pytest.raises(Conflict):
            accept_lines(scope, run_id, [first])


def test_every_person_has_an_audit_entry_of_their_own(community, colleague):
    (member,) = some_arrivals(community, community.inside(1))
    run_id = a_run(community)
    with colleague.acting() as scope:
        accept_lines(scope, run_id)
    with colleague.acting() as scope:
        case = arrival_of(scope, member).id
        assert [e.act for e in history(scope, "arrival", case)] == ["redirect_arrival"]
        assert [e.act for e in history(scope, "assignment_run", run_id)][0] == "accept_assignment"


def test_who_was_decided_about_meanwhile_is_left_and_told(community, colleague):
    first, second = some_arrivals(community, community.inside(1), community.inside(1))
    run_id = a_run(community)
    with colleague.acting() as scope:
        redirect(scope, arrival_of(scope, first).id, community.branches[1])
    with colleague.acting() as scope:
        done = accept_lines(scope, run_id)
        assert done.done == 1
        assert [(left.member_id, left.reason) for left in done.left] == [(first, "moved")]
    with colleague.acting() as scope:
        assert member_card(scope, first).branch_id == community.branches[1]
        assert member_card(scope, second).branch_id == community.branches[0]


def test_a_seat_taken_meanwhile_is_not_given_twice(community, colleague):
    (member,) = some_arrivals(community, community.inside(3))
    run_id = a_run(community)
    some_arrivals(community, community.inside(1))
    with colleague.acting() as scope:
        other = next(m for m in _waiting(scope) if m != member)
        redirect(scope, arrival_of(scope, other).id, community.branches[2])
    with colleague.acting() as scope, pytest.raises(Conflict, match="满员"):
        accept_lines(scope, run_id)
    with colleague.acting() as scope:
        assert branch(scope, community.branches[2]).taken == 1


def test_who_was_moved_on_since_is_left_by_the_undo(community, colleague):
    first, second = some_arrivals(community, community.inside(1), community.inside(1))
    run_id = a_run(community)
    with colleague.acting() as scope:
        done = accept_lines(scope, run_id)
    with colleague.acting() as scope:
        case = arrival_of(scope, first).id
        undo_placement(scope, case)
        redirect(scope, case, community.branches[1])
    with colleague.acting() as scope:
        back = undo_acceptance(scope, done.acceptance_id)
        assert (back.done, [left.member_id for left in back.left]) == (1, [first])
    with colleague.acting() as scope:
        assert member_card(scope, first).branch_id == community.branches[1]
        assert member_card(scope, second).branch_id is None


def test_members_whose_relation_is_here_are_placed_and_taken_back_too(community, colleague):
    people = some_members(community, 2)
    run_id = a_run(community, whom="everybody")
    with colleague.acting() as scope:
        done = accept_lines(scope, run_id)
    with colleague.acting() as scope:
        assert {member_card(scope, m).branch_id for m in people} == {community.branches[0]}
        assert branch(scope, community.branches[0]).taken == 2
        undo_acceptance(scope, done.acceptance_id)
    with colleague.acting() as scope:
        assert {member_card(scope, m).branch_id for m in people} == {None}
        assert sum(taken(scope)) == 0


def test_two_may_change_places_through_full_branches_and_back(community, colleague):
    """Both sit in each other's nearest branch; one of the branches has a single seat."""
    first, first_proposal = a_proposed_arrival(community, home=community.inside(1))
    with colleague.acting() as scope:
        redirect(scope, first, community.branches[2])
    (second,) = some_arrivals(community, community.inside(3))
    with colleague.acting() as scope:
        redirect(scope, arrival_of(scope, second).id, community.branches[0])
        before = taken(scope)
    run_id = a_run(community, whom="incoming", keep_placed=False)
    with colleague.acting() as scope:
        done = accept_lines(scope, run_id)
        assert (done.done, done.left) == (2, ())
    with colleague.acting() as scope:
        assert member_card(scope, second).branch_id == community.branches[2]
        assert taken(scope) == before
    with colleague.acting() as scope:
        assert undo_acceptance(scope, done.acceptance_id).done == 2
    with colleague.acting() as scope:
        assert member_card(scope, second).branch_id == community.branches[0]
        assert taken(scope) == before


def test_a_run_with_something_accepted_is_not_discarded(community, colleague):
    some_arrivals(community, community.inside(1))
    run_id = a_run(community)
    with colleague.acting() as scope:
        done = accept_lines(scope, run_id)
    with colleague.acting() as scope, pytest.raises(Conflict):
        discard_run(scope, run_id)
    with colleague.acting() as scope:
        undo_acceptance(scope, done.acceptance_id)
    with colleague.acting() as scope:
        discard_run(scope, run_id)
    with colleague.acting() as scope:
        with pytest.raises(NotFound):
            run(scope, run_id)
        assert lines(scope, run_id) == []


def test_a_neighbour_can_do_nothing_to_a_run(community, neighbour):
    some_arrivals(community, community.inside(1))
    run_id = a_run(community)
    for act in (accept_lines, discard_run, undo_acceptance):
        with neighbour.acting() as scope, pytest.raises(NotFound):
            act(scope, run_id)


def test_two_runs_compared_say_who_would_move_and_what_it_saves(community, colleague):
    case, proposal = a_proposed_arrival(community, home=community.inside(3, north=30))
    with colleague.acting() as scope:
        accept(scope, proposal.id)
    some_arrivals(community, community.inside(3), None)
    before = a_run(community, whom="incoming")
    after = a_run(community, whom="incoming", keep_placed=False)
    with colleague.acting() as scope:
        found = compare(scope, before, after)
    assert (found.people, found.moved, found.newly_served) == (3, 2, 0)
    assert {(move.before, move.after) for move in found.moves} == {
        ("第3支部", "第1支部"),
        ("第1支部", "第3支部"),
    }
    assert found.saved_metres == pytest.approx(
        sum(m.metres_before - m.metres_after for m in found.moves)
    )
    assert found.saved_metres > 0


def _waiting(scope) -> list:
    return list(
        db.session.execute(
            text("SELECT member_id FROM arrival WHERE state = 'signalled' ORDER BY id")
        ).scalars()
    )
