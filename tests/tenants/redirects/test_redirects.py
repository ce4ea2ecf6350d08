"""A redirect from proposal to end, and each of its ways on; what either side knows meanwhile."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.arrivals.lookups import arrival
from tenants.arrivals.rules import WITHOUT_SEAT
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NoSeat, NotFound
from tenants.members.actions import Place, keep_places
from tenants.members.documents.actions import keep_document
from tenants.members.lookups import member_card
from tenants.organisations.sealing import seal_of
from tenants.outbox.actions import ask
from tenants.places.lookups import branch
from tenants.redirects.actions import (
    accept,
    ask_correction,
    escalate,
    pass_on,
    propose,
    propose_again,
    release,
    settle,
    withdraw,
)
from tenants.redirects.lookups import leg, legs, open_below
from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.counties import a_community, a_county
from tests.factories.jobs import work_off
from tests.factories.redirects import a_neighbour, a_redirect, an_accepted_redirect
from workers.jobs.carry_redirect import one_step


@pytest.fixture
def neighbour(community):
    return a_neighbour(community)


def state(office, redirect_id) -> str:
    with office.acting() as scope:
        return leg(scope, redirect_id).state


def register(office) -> list[tuple[str, str]]:
    """(name, phone) of everybody in the register."""
    with office.acting() as scope:
        rows = db.session.execute(
            text("SELECT id, name, phone_sealed FROM member WHERE left_on IS NULL ORDER BY name")
        ).all()
        seal = seal_of(scope)
        return [(name, seal.open(bytes(sealed), id_, "phone")) for id_, name, sealed in rows]


def taken(community, branch_id) -> int:
    with community.acting() as scope:
        return branch(scope, branch_id).taken


def test_from_proposal_to_the_neighbours_branch(community, neighbour):
    redirect_id, arrival_id = an_accepted_redirect(
        community, neighbour, name="虚构党员子", phone="19900007777", address="虚构路七号"
    )
    assert register(neighbour) == []
    assert taken(neighbour, neighbour.branches[0]) == 1
    with community.acting() as scope:
        release(scope, redirect_id)
    assert work_off(community) == ["done"]
    assert register(community) == []
    assert register(neighbour) == [("虚构党员子", "19900007777")]
    assert (state(community, redirect_id), state(neighbour, redirect_id)) == ("done", "done")
    with neighbour.acting() as scope:
        mine = leg(scope, redirect_id)
        assert arrival(scope, mine.arrival_id).state == "placed"
        assert member_card(scope, mine.member_id).branch_id == neighbour.branches[0]
        assert branch(scope, neighbour.branches[0]).taken == 1
    with community.acting() as scope:
        ended = db.session.execute(
            text("SELECT state FROM arrival WHERE id = :id"), {"id": arrival_id}
        ).scalar_one()
        assert ended == "redirected"
        stays = text("SELECT count(*) FROM episode WHERE ended_on IS NULL")
        assert db.session.execute(stays).scalar_one() == 0


def test_until_both_acted_the_neighbour_knows_no_person(community, neighbour):
    redirect_id, _ = an_accepted_redirect(community, neighbour, name="虚构党员丑", class_="")
    with neighbour.acting() as scope:
        mine = leg(scope, redirect_id)
        assert (mine.name, mine.member_id, mine.arrival_id) == ("", None, None)
        assert mine.metres is not None
        row = db.session.execute(text("SELECT to_jsonb(r)::text FROM redirect r")).scalar_one()
    assert "虚构党员" not in row


def test_a_seat_that_is_gone_is_said_and_another_branch_may_be_chosen(community, neighbour):
    arrival_id = an_arrival(community)
    with community.acting() as scope:
        redirect_id = propose(scope, arrival_id, neighbour.branches[2], "nearer")
    work_off(community)
    with neighbour.acting():
        full = text("UPDATE branch SET taken = capacity WHERE id = :id")
        db.session.execute(full, {"id": neighbour.branches[2]})
    with neighbour.acting() as scope, pytest.raises(NoSeat):
        accept(scope, redirect_id)
    with neighbour.acting() as scope:
        accept(scope, redirect_id, neighbour.branches[1])
    work_off(neighbour)
    with community.acting() as scope:
        assert leg(scope, redirect_id).branch_id == neighbour.branches[1]


def test_what_is_to_be_put_right_comes_back_and_goes_again(community, neighbour):
    redirect_id, _ = a_redirect(community, neighbour)
    with neighbour.acting() as scope:
        ask_correction(scope, redirect_id, "place_unclear")
    work_off(neighbour)
    with community.acting() as scope:
        mine = leg(scope, redirect_id)
        assert (mine.state, mine.answer) == ("correction", "place_unclear")
        keep_places(scope, mine.member_id, home=Place(*community.inside(2)))
        propose_again(scope, redirect_id, neighbour.branches[1])
    work_off(community)
    with neighbour.acting() as scope:
        theirs = leg(scope, redirect_id)
        assert (theirs.state, theirs.round) == ("proposed", 2)
        assert theirs.branch_id == neighbour.branches[1]


def test_passed_on_it_goes_to_a_third_community(community, neighbour):
    third = a_community(community.county, name="西邻社区")
    redirect_id, _ = a_redirect(community, neighbour)
    with neighbour.acting() as scope:
        with pytest.raises(InvalidInput):
            pass_on(scope, redirect_id, community.branches[0], "all_full")
        pass_on(scope, redirect_id, third.branches[0], "all_full")
    work_off(neighbour)
    assert state(neighbour, redirect_id) == "passed_on"
    assert state(third, redirect_id) == "proposed"
    with community.acting() as scope:
        mine = leg(scope, redirect_id)
        assert (mine.state, mine.round, mine.other) == ("proposed", 2, "西邻社区")
    with third.acting() as scope:
        accept(scope, redirect_id)
    work_off(third)
    with community.acting() as scope:
        release(scope, redirect_id)
    work_off(community)
    assert len(register(third)) == 1
    assert register(community) == register(neighbour) == []


def test_what_two_cannot_settle_the_county_does_without_a_name(community, neighbour):
    third = a_community(community.county, name="西邻社区")
    redirect_id, _ = a_redirect(community, neighbour)
    with neighbour.acting() as scope:
        escalate(scope, redirect_id, "not_our_ground")
    work_off(neighbour)
    county = community.county
    assert [state(office, redirect_id) for office in (community, county)] == ["escalated"] * 2
    with county.acting() as scope:
        (asked,) = legs(scope, "county", still_open=True)
        assert (asked.member_id, asked.name, asked.other) == (None, "", community.scope.name)
        settle(scope, redirect_id, third.branches[0])
    work_off(county)
    with third.acting() as scope:
        theirs = leg(scope, redirect_id)
        assert (theirs.state, theirs.by_county) == ("proposed", True)


@pytest.mark.parametrize("when", ["proposed", "accepted", "released"])
def test_withdrawn_the_person_stays_and_the_seat_is_free(community, neighbour, when):
    make = a_redirect if when == "proposed" else an_accepted_redirect
    redirect_id, _ = make(community, neighbour)
    with community.acting() as scope:
        if when == "released":
            release(scope, redirect_id)
        withdraw(scope, redirect_id)
    work_off(community)
    assert state(neighbour, redirect_id) == "withdrawn"
    assert taken(neighbour, neighbour.branches[0]) == 0
    assert len(register(community)) == 1
    assert register(neighbour) == []


def test_whoever_was_placed_here_after_all_stays_here(community, neighbour):
    from tenants.matching.actions import redirect

    redirect_id, arrival_id = an_accepted_redirect(community, neighbour)
    with community.acting() as scope:
        release(scope, redirect_id)
    with community.acting() as scope:
        redirect(scope, arrival_id, community.branches[1])
    work_off(community)
    assert (state(community, redirect_id), state(neighbour, redirect_id)) == ("withdrawn",) * 2
    assert len(register(community)) == 1
    assert register(neighbour) == []
    assert taken(neighbour, neighbour.branches[0]) == 0


def document_of(office, member_id) -> str:
    """The number, opened with the office's own key and found by its own blind value."""
    with office.acting() as scope:
        sealed, blind = db.session.execute(
            text("SELECT document_sealed, document_blind FROM member WHERE id = :id"),
            {"id": member_id},
        ).one()
        number = seal_of(scope).open(bytes(sealed), member_id, "document")
        assert bytes(blind) == seal_of(scope).blind(number)
        return number


def test_the_document_number_goes_along_under_the_neighbours_own_key(community, neighbour):
    redirect_id, _ = an_accepted_redirect(community, neighbour, document="990000190001010016")
    with community.acting() as scope:
        release(scope, redirect_id)
        theirs = leg(scope, redirect_id).member_id
    with community.app.app_context():
        assert one_step(community.scope, redirect_id) == "deliver"
    with community.acting() as scope:
        version = member_card(scope, theirs).version
        keep_document(scope, theirs, version, "99000019000101018X")
    work_off(community)
    with neighbour.acting() as scope:
        member_id = leg(scope, redirect_id).member_id
        assert member_card(scope, member_id).masked_document == "****************8X"
    assert document_of(neighbour, member_id) == "99000019000101018X"
    with neighbour.acting():
        kept = db.session.execute(text("SELECT facts::text FROM audit_entry")).scalars().all()
    assert not any("9900001900" in each for each in kept)


def test_what_changed_after_it_was_delivered_is_delivered_again(community, neighbour):
    redirect_id, _ = an_accepted_redirect(community, neighbour, phone="19900001111")
    with community.acting() as scope:
        release(scope, redirect_id)
    with community.app.app_context():
        assert one_step(community.scope, redirect_id) == "deliver"
    with community.acting() as scope:
        keep_places(scope, leg(scope, redirect_id).member_id, home=Place(*neighbour.inside(4)))
    work_off(community)
    with neighbour.acting() as scope:
        mine = leg(scope, redirect_id)
        assert mine.state == "done"
        assert member_card(scope, mine.member_id).home == neighbour.inside(4)
        everybody = db.session.execute(text("SELECT count(*) FROM member")).scalar_one()
        assert everybody == 1


def test_a_branch_that_closed_meanwhile_leaves_nobody_outside(community, neighbour):
    redirect_id, _ = an_accepted_redirect(community, neighbour)
    with neighbour.acting():
        db.session.execute(
            text("UPDATE branch SET closes_on = CURRENT_DATE - 1 WHERE id = :id"),
            {"id": neighbour.branches[0]},
        )
    with community.acting() as scope:
        release(scope, redirect_id)
    work_off(community)
    work_off(neighbour)
    with neighbour.acting() as scope:
        mine = leg(scope, redirect_id)
        assert (mine.state, arrival(scope, mine.arrival_id).state) == ("done", "proposed")


def test_only_who_has_no_seat_is_proposed_and_only_once(community, neighbour):
    arrival_id, _card = a_proposed_arrival(community)
    with community.acting() as scope:
        assert arrival(scope, arrival_id).state in WITHOUT_SEAT
        for branch_id, reason in (
            (neighbour.branches[0], "because"),
            (community.branches[0], "nearer"),
        ):
            with pytest.raises(InvalidInput):
                propose(scope, arrival_id, branch_id, reason)
        propose(scope, arrival_id, neighbour.branches[0], "nearer")
    with community.acting() as scope, pytest.raises(Conflict):
        propose(scope, arrival_id, neighbour.branches[0], "nearer")


def test_another_countys_branch_does_not_exist(community):
    foreign = a_community(a_county(community.app))
    arrival_id = an_arrival(community)
    with community.acting() as scope, pytest.raises(NotFound):
        propose(scope, arrival_id, foreign.branches[0], "nearer")


def test_a_message_that_got_lost_is_carried_the_next_night(community, neighbour):
    arrival_id = an_arrival(community)
    with community.acting() as scope:
        redirect_id = propose(scope, arrival_id, neighbour.branches[0], "nearer")
        lost = text("UPDATE job_request SET state = 'failed' WHERE kind = 'carry_redirect'")
        db.session.execute(lost)
    work_off(community)
    with neighbour.acting() as scope, pytest.raises(NotFound):
        leg(scope, redirect_id)
    with community.acting() as scope:
        ask(scope, "sweep_redirects", {})
    work_off(community)
    assert state(neighbour, redirect_id) == "proposed"


def test_the_county_counts_what_is_open_and_sees_the_oldest(community, neighbour):
    for _ in range(3):
        a_redirect(community, neighbour)
    with community.county.acting() as scope:
        (waiting,) = open_below(scope)
    assert (waiting.tenant, waiting.state, waiting.count) == (community.scope.name, "proposed", 3)
