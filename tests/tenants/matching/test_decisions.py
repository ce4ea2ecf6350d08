"""What people decide about proposals: each act, its undoing, and who came too late."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tenants.arrivals.lookups import arrival
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NoSeat, NotFound
from tenants.matching.actions import accept, ask_for_another, match_again, redirect, undo_placement
from tenants.matching.lookups import open_proposals, proposals
from tenants.members.lookups import member_card
from tenants.places.lookups import branch
from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.jobs import due_jobs, work_off
from tests.factories.people import Cast


def taken(cast: Cast, number: int) -> int:
    with cast.acting() as scope:
        return branch(scope, cast.office.branches[number - 1]).taken


def seen(cast: Cast, arrival_id: UUID) -> tuple[str, UUID | None]:
    """The case's state, and the branch its member is in."""
    with cast.acting() as scope:
        line = arrival(scope, arrival_id)
        return line.state, member_card(scope, line.member_id).branch_id


def decisions(cast: Cast, arrival_id: UUID) -> list[str]:
    """Of every proposal, oldest first."""
    with cast.acting() as scope:
        return [card.decision for card in proposals(scope, arrival_id)][::-1]


def audited(cast: Cast) -> list[str]:
    with cast.acting():
        words = text("SELECT act FROM audit_entry WHERE person_id = :id ORDER BY id")
        return list(db.session.execute(words, {"id": cast.person_id}).scalars())


def test_accepting_places_the_arrival_and_takes_a_seat(colleague):
    arrival_id, proposal = a_proposed_arrival(colleague.office)
    with colleague.acting() as scope:
        assert accept(scope, proposal.id) == arrival_id
    assert seen(colleague, arrival_id) == ("placed", colleague.office.branches[0])
    assert taken(colleague, 1) == 1
    with colleague.acting() as scope:
        (kept,) = proposals(scope, arrival_id)
    assert (kept.decision, kept.decided_by) == ("accepted", colleague.person_id)
    assert audited(colleague) == ["accept_proposal"]


def test_accepting_twice_is_a_conflict_and_takes_one_seat(colleague):
    _, proposal = a_proposed_arrival(colleague.office)
    with colleague.acting() as scope:
        accept(scope, proposal.id)
    with pytest.raises(Conflict), colleague.acting() as scope:
        accept(scope, proposal.id)
    assert taken(colleague, 1) == 1


def test_undoing_gives_the_seat_back_and_leaves_the_proposal_open(colleague):
    arrival_id, proposal = a_proposed_arrival(colleague.office)
    for _ in range(2):
        with colleague.acting() as scope:
            accept(scope, proposal.id)
        with colleague.acting() as scope:
            undo_placement(scope, arrival_id)
    assert seen(colleague, arrival_id) == ("proposed", None)
    assert taken(colleague, 1) == 0
    assert decisions(colleague, arrival_id) == ["open"]
    assert audited(colleague) == ["accept_proposal", "undo_placement"] * 2


def test_undoing_what_was_not_done_is_a_conflict(colleague):
    arrival_id, _ = a_proposed_arrival(colleague.office)
    with pytest.raises(Conflict), colleague.acting() as scope:
        undo_placement(scope, arrival_id)
    assert taken(colleague, 1) == 0


def test_redirecting_takes_the_seat_of_the_chosen_branch(colleague):
    community = colleague.office
    arrival_id, _ = a_proposed_arrival(community)
    with colleague.acting() as scope:
        redirect(scope, arrival_id, community.branches[1])
    assert seen(colleague, arrival_id) == ("placed", community.branches[1])
    assert (taken(colleague, 1), taken(colleague, 2)) == (0, 1)
    assert sorted(decisions(colleague, arrival_id)) == ["accepted", "redirected"]
    with colleague.acting() as scope:
        (kept,) = [card for card in proposals(scope, arrival_id) if card.decision == "accepted"]
    assert kept.metres == pytest.approx(500, abs=3)


def test_undoing_a_redirection_leaves_the_chosen_branch_proposed(colleague):
    community = colleague.office
    arrival_id, _ = a_proposed_arrival(community)
    with colleague.acting() as scope:
        redirect(scope, arrival_id, community.branches[1])
    with colleague.acting() as scope:
        undo_placement(scope, arrival_id)
        assert open_proposals(scope, [arrival_id])[arrival_id].branch_id == community.branches[1]
    assert (seen(colleague, arrival_id), taken(colleague, 2)) == (("proposed", None), 0)


@pytest.mark.parametrize("home", [None, (112.6, 28.2)])
def test_a_person_may_place_someone_the_run_could_not(colleague, home):
    community = colleague.office
    arrival_id = an_arrival(community, home=home)
    work_off(community)
    with colleague.acting() as scope:
        redirect(scope, arrival_id, community.branches[0])
    assert seen(colleague, arrival_id) == ("placed", community.branches[0])


def test_another_please_needs_no_reason_and_looks_again(colleague):
    arrival_id, proposal = a_proposed_arrival(colleague.office)
    with colleague.acting() as scope:
        ask_for_another(scope, proposal.id)
    assert seen(colleague, arrival_id) == ("verified", None)
    assert len(due_jobs(colleague.office)) == 1
    work_off(colleague.office)
    assert decisions(colleague, arrival_id) == ["another", "open"]


def test_after_every_branch_was_refused_the_case_is_unserved_and_can_be_matched_again(colleague):
    arrival_id, _ = a_proposed_arrival(colleague.office)
    for _ in colleague.office.branches:
        with colleague.acting() as scope:
            ask_for_another(scope, open_proposals(scope, [arrival_id])[arrival_id].id)
        work_off(colleague.office)
    assert seen(colleague, arrival_id)[0] == "unserved"
    with colleague.acting() as scope:
        match_again(scope, arrival_id)
    assert work_off(colleague.office) == ["done"]
    with colleague.acting() as scope:
        assert arrival(scope, arrival_id).unserved_reason == "not_allowed"


def test_a_full_branch_is_refused_and_nothing_changes(colleague):
    """Branch 3 has one seat, proposed to the first."""
    community = colleague.office
    _, proposal = a_proposed_arrival(community, home=community.inside(3))
    second = an_arrival(community, home=community.inside(1))
    work_off(community)
    with colleague.acting() as scope:
        redirect(scope, second, community.branches[2])
    with pytest.raises(NoSeat), colleague.acting() as scope:
        accept(scope, proposal.id)
    assert seen(colleague, proposal.arrival_id) == ("proposed", None)
    assert decisions(colleague, proposal.arrival_id) == ["open"]
    assert taken(colleague, 3) == 1


@pytest.mark.parametrize(
    ("opens_in", "closes_in", "fine"),
    [(-9, None, True), (-9, 30, True), (-9, 0, True), (-9, -1, False), (1, None, False)],
)
def test_only_a_branch_that_is_open_today_takes_people(colleague, opens_in, closes_in, fine):
    """One that closes next month still does."""
    community, today = colleague.office, date.today()
    arrival_id, _ = a_proposed_arrival(community)
    with community.acting():
        words = text("UPDATE branch SET opens_on = :opens, closes_on = :closes WHERE id = :id")
        closes = None if closes_in is None else today + timedelta(days=closes_in)
        values = {"opens": today + timedelta(days=opens_in), "closes": closes}
        db.session.execute(words, {**values, "id": community.branches[1]})
    if fine:
        with colleague.acting() as scope:
            redirect(scope, arrival_id, community.branches[1])
    else:
        with pytest.raises(InvalidInput), colleague.acting() as scope:
            redirect(scope, arrival_id, community.branches[1])
    assert taken(colleague, 2) == int(fine)


def test_what_is_not_there_and_what_is_next_door_look_alike(colleague, neighbour, outsider):
    arrival_id, proposal = a_proposed_arrival(colleague.office)
    for stranger in (neighbour, outsider):
        for act in (
            lambda scope: accept(scope, proposal.id),
            lambda scope: ask_for_another(scope, proposal.id),
            lambda scope: redirect(scope, arrival_id, proposal.branch_id),
            lambda scope: match_again(scope, arrival_id),
        ):
            with pytest.raises(NotFound), stranger.acting() as scope:
                act(scope)
    with pytest.raises(NotFound), colleague.acting() as scope:
        accept(scope, new_id())
    assert decisions(colleague, arrival_id) == ["open"]


def test_a_neighbours_branch_cannot_be_chosen(colleague, neighbour):
    arrival_id, _ = a_proposed_arrival(colleague.office)
    with pytest.raises(NotFound), colleague.acting() as scope:
        redirect(scope, arrival_id, neighbour.office.branches[0])
    assert seen(colleague, arrival_id) == ("proposed", None)
