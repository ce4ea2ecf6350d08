"""Many decided together end as each would have ended alone, and so does taking them back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.arrivals.lookups import arrival_of
from tenants.database import db
from tenants.errors import Conflict
from tenants.matching.actions import accept, redirect, undo_placement
from tenants.matching.assignments.accepting import accept_lines, undo_acceptance
from tenants.matching.assignments.lookups import acceptances
from tenants.matching.assignments.placing import Going, place, release
from tenants.matching.assignments.standing import Standing
from tenants.matching.lookups import open_proposals
from tenants.members.lookups import member_card
from tenants.places.lookups import branch, branches
from tests.factories.arrivals import a_proposed_arrival
from tests.factories.assignments import a_run, some_arrivals
from tests.factories.members import a_member

FACTS = {
    "arrival": "SELECT id, state, unserved_reason, version FROM arrival ORDER BY id",
    "member": "SELECT id, branch_id, group_id, version FROM member ORDER BY id",
    "branch": "SELECT id, taken FROM branch ORDER BY id",
    "proposal": "SELECT arrival_id, branch_id, decision, decided_by, decided_at IS NULL, place,"
    " round(metres::numeric, 2) FROM proposal ORDER BY arrival_id, made_at, id",
    "audit_entry": "SELECT act, subject_kind, subject_id, person_id, role, facts->>'branch'"
    " FROM audit_entry WHERE subject_kind IN ('arrival', 'member') ORDER BY at, subject_id, act",
}


def facts(scope) -> dict[str, list]:
    return {
        table: [tuple(row) for row in db.session.execute(text(question))]
        for table, question in FACTS.items()
    }


@pytest.fixture
def mixed(community, colleague):
    """Somebody proposed the very branch, somebody proposed another, somebody proposed nothing."""
    same, _ = a_proposed_arrival(community, home=community.inside(1))
    other, proposal = a_proposed_arrival(community, home=community.inside(2))
    (plain,) = some_arrivals(community, community.inside(1))
    with colleague.acting() as scope:
        third = arrival_of(scope, plain).id
    return {same: community.branches[0], other: community.branches[2], third: community.branches[0]}


def test_together_or_alone_the_facts_are_the_same(community, colleague, mixed):
    with colleague.acting() as scope:
        lines = [
            Standing(_member(case), branch_id, None, None, case, "proposed", None, "")
            for case, branch_id in mixed.items()
        ]
    with colleague.acting() as scope:
        place(scope, [Going(line, line.branch_id) for line in lines])
        db.session.flush()
        together = facts(scope)
        db.session.rollback()
        for case, branch_id in mixed.items():
            proposal = open_proposals(scope, [case]).get(case)
            if proposal is not None and proposal.branch_id == branch_id:
                accept(scope, proposal.id)
            else:
                redirect(scope, case, branch_id)
        db.session.flush()
        assert facts(scope) == together
    with colleague.acting() as scope:
        release(scope, [Going(line, line.branch_id) for line in lines])
        db.session.flush()
        together = facts(scope)
        db.session.rollback()
        for case in mixed:
            undo_placement(scope, case)
        db.session.flush()
        assert facts(scope) == together


def test_who_finds_the_old_branch_full_stays_accepted_and_is_told(community, colleague):
    """Placed in a branch of one seat, moved by a run; somebody else took the seat since."""
    (first,) = some_arrivals(community, community.inside(1))
    with colleague.acting() as scope:
        redirect(scope, arrival_of(scope, first).id, community.branches[2])
    second = a_member(community, home=community.inside(2), branch_id=community.branches[1])
    run_id = a_run(community, whom="incoming", keep_placed=False)
    with colleague.acting() as scope:
        done = accept_lines(scope, run_id)
        assert done.done == 1
    (third,) = some_arrivals(community, community.inside(3))
    with colleague.acting() as scope:
        redirect(scope, arrival_of(scope, third).id, community.branches[2])
    with colleague.acting() as scope, pytest.raises(Conflict, match="没有人能回去"):
        undo_acceptance(scope, done.acceptance_id)
    with colleague.acting() as scope:
        assert member_card(scope, first).branch_id == community.branches[0]
        assert member_card(scope, second).branch_id == community.branches[1]
        assert [one.undone_at for one in acceptances(scope, run_id)] == [None]
        assert branch(scope, community.branches[2]).taken == 1
        undo_placement(scope, arrival_of(scope, third).id)
    with colleague.acting() as scope:
        assert undo_acceptance(scope, done.acceptance_id).done == 1
    with colleague.acting() as scope:
        assert member_card(scope, first).branch_id == community.branches[2]
        assert [place.taken for place in branches(scope)].count(1) == 1


def _member(case):
    return db.session.execute(
        text("SELECT member_id FROM arrival WHERE id = :case"), {"case": case}
    ).scalar_one()
