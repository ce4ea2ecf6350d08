"""Match runs as the job makes them: what is written down, and what repeating changes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from tenants.arrivals.lookups import arrival
from tenants.database import db, new_id
from tenants.errors import LeaseLost
from tenants.matching.actions import accept, ask_for_another, ask_for_match, redirect
from tenants.matching.lookups import open_proposals, proposals, seats
from tenants.places.lookups import branch
from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.counties import Community, a_community
from tests.factories.jobs import work_off
from workers import lease as leases
from workers.envelope import Progress
from workers.jobs.match_arrivals import match_arrivals
from workers.jobs.sweep_arrivals import sweep_arrivals
from workers.lease import Lease


def state_of(community: Community, arrival_id: UUID) -> tuple[str, str]:
    with community.acting() as scope:
        line = arrival(scope, arrival_id)
        return line.state, line.unserved_reason


def open_one(community: Community, arrival_id: UUID):
    with community.acting() as scope:
        return open_proposals(scope, [arrival_id]).get(arrival_id)


def facts_of(community: Community) -> list[tuple]:
    """Everything a match run can change, as rows that compare."""
    with community.acting():
        words = """
            SELECT 'arrival', id, state, unserved_reason, version::text, run_id::text FROM arrival
            UNION ALL
            SELECT 'proposal', id, decision, branch_id::text, metres::text, run_id::text
            FROM proposal
            UNION ALL
            SELECT 'branch', id, taken::text, '', '', '' FROM branch
            WHERE tenant_id = app_tenant() ORDER BY 1, 2
        """
        return [tuple(row) for row in db.session.execute(text(words))]


def computed(scope, **arguments: str):
    """The write of a run that has computed but not written, as a second worker would hold it."""
    lease = Lease(new_id(), 1, "match_arrivals", arguments, 1)
    return lease.job_id, match_arrivals(scope, lease, lambda *_: None)


def test_an_arrival_is_proposed_the_branch_of_its_cell(community):
    arrival_id, proposal = a_proposed_arrival(community, home=community.inside(2, east=30))
    assert proposal.branch_id == community.branches[1]
    assert proposal.metres == pytest.approx(30, abs=0.5)
    assert (proposal.place, proposal.nearer, proposal.decision) == ("home", [], "open")
    assert state_of(community, arrival_id) == ("proposed", "")


def test_why_a_nearer_branch_was_not_taken_is_kept(community):
    """Branch 3 has one seat."""
    first = an_arrival(community, home=community.inside(3))
    second = an_arrival(community, home=community.inside(3, north=10))
    work_off(community)
    assert open_one(community, first).branch_id == community.branches[2]
    proposal = open_one(community, second)
    assert proposal.branch_id == community.branches[0]
    assert [near["reason"] for near in proposal.nearer] == ["no_seat"]
    assert proposal.nearer[0]["branch"] == str(community.branches[2])
    assert proposal.nearer[0]["metres"] == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [({"home": None}, "no_place"), ({"home": (112.6, 28.2)}, "out_of_reach")],
)
def test_who_cannot_be_served_is_a_state_of_its_own(community, wanted, reason):
    arrival_id = an_arrival(community, **wanted)
    work_off(community)
    assert state_of(community, arrival_id) == ("unserved", reason)
    assert open_one(community, arrival_id) is None


def test_all_full_is_a_state_of_its_own(county):
    community = a_community(county, capacities=(0, 0, 1))
    arrivals = [an_arrival(community) for _ in range(2)]
    work_off(community)
    assert [state_of(community, one) for one in arrivals] == [
        ("proposed", ""),
        ("unserved", "no_seat"),
    ]


def test_work_decides_where_the_community_says_so(county):
    community = a_community(county, match_basis="work")
    _, proposal = a_proposed_arrival(community, home=community.inside(1), work=community.inside(2))
    assert (proposal.branch_id, proposal.place) == (community.branches[1], "work")


def test_a_run_counts_what_it_did(county):
    community = a_community(county, capacities=(1, 0, 0))
    for home in (community.inside(1), community.inside(1), None):
        an_arrival(community, home=home)
    work_off(community)
    with community.acting():
        words = text("SELECT arrivals, proposed, unserved FROM match_run ORDER BY id LIMIT 1")
        assert tuple(db.session.execute(words).one()) == (3, 1, 2)


def test_running_again_changes_nothing(community):
    for home in (community.inside(1), community.inside(3), community.inside(3), None):
        an_arrival(community, home=home)
    work_off(community)
    before = facts_of(community)
    for unserved_too in (False, True):
        with community.acting() as scope:
            ask_for_match(scope, "test", unserved_too=unserved_too)
        assert work_off(community) == ["done"]
    after = facts_of(community)
    placeless = [(*row[:5], "") for row in before], [(*row[:5], "") for row in after]
    assert placeless[0] == placeless[1], "only the run that last looked may differ"


def test_a_job_done_twice_writes_one_run(community):
    """The second worker computed the same; the fence is not even asked here."""
    an_arrival(community)
    with community.acting() as scope:
        run_id, write = computed(scope)
        write()
        db.session.commit()
    before = facts_of(community)
    with community.acting() as scope:
        write()
    assert facts_of(community) == before
    with community.acting():
        runs = text("SELECT count(*) FROM match_run WHERE id = :id")
        assert db.session.execute(runs, {"id": run_id}).scalar_one() == 1


def test_two_runs_at_once_make_one_proposal_for_each_arrival(community):
    arrivals = [an_arrival(community) for _ in range(3)]
    with community.acting() as scope:
        writes = [computed(scope)[1] for _ in range(2)]
        for write in writes:
            write()
            db.session.commit()
        for arrival_id in arrivals:
            assert len(proposals(scope, arrival_id)) == 1


def test_two_runs_at_once_count_each_unserved_arrival_once(community):
    an_arrival(community, home=None)
    with community.acting() as scope:
        for _, write in [computed(scope) for _ in range(2)]:
            write()
            db.session.commit()
    with community.acting():
        words = text("SELECT sum(unserved) FROM match_run")
        assert db.session.execute(words).scalar_one() == 1


def test_a_run_leaves_alone_whom_a_person_placed_meanwhile(community, colleague):
    arrival_id = an_arrival(community)
    with community.acting() as scope:
        _, write = computed(scope)
    with colleague.acting() as scope:
        redirect(scope, arrival_id, community.branches[1])
    with community.acting():
        write()
    assert state_of(community, arrival_id) == ("placed", "")
    assert open_one(community, arrival_id) is None


def test_a_seat_that_a_person_took_meanwhile_is_not_proposed(community, colleague):
    """Branch 3 has one seat. The run looks again for the one who would have got it."""
    first = an_arrival(community, home=community.inside(1))
    second = an_arrival(community, home=community.inside(3))
    with community.acting() as scope:
        _, write = computed(scope)
    with colleague.acting() as scope:
        redirect(scope, first, community.branches[2])
    with community.acting() as scope:
        write()
        db.session.commit()
        assert open_proposals(scope, [second]) == {}
    work_off(community)
    assert open_one(community, second).branch_id == community.branches[0]


def test_a_lost_lease_proposes_nothing(community):
    arrival_id = an_arrival(community)
    with community.acting() as scope:
        job_id = ask_for_match(scope, "test")
    with community.acting() as scope:
        with suppress(LeaseLost):
            connection = db.session.connection()
            old = leases.take(connection, job_id)
            past = "UPDATE job_request SET lease_until = now() - interval '1 s' WHERE id = :id"
            connection.execute(text(past), {"id": job_id})
            assert leases.take(connection, job_id)
            db.session.commit()
            write = match_arrivals(scope, old, lambda *_: None)
            leases.finish(db.session.connection(), old)
            write()
            pytest.fail("the fence let an old token pass")
    assert open_one(community, arrival_id) is None


def test_the_run_says_how_far_it_has_come(community):
    an_arrival(community)
    told = []

    class Listening(Progress):
        def __init__(self) -> None: ...

        def __call__(self, done: int, total: int, words: str) -> None:
            told.append((done, total, words))

    with community.acting() as scope:
        match_arrivals(scope, Lease(new_id(), 1, "match_arrivals", {}, 1), Listening())
    assert [line[:2] for line in told] == [(0, 1), (1, 1)]
    assert all(line[2] for line in told)


def test_the_nightly_sweep_serves_those_who_were_unserved(county, colleague):
    community = colleague.office
    arrival_id = an_arrival(community, home=community.inside(3))
    with community.acting():
        full = text("UPDATE branch SET taken = capacity WHERE tenant_id = app_tenant()")
        db.session.execute(full)
    work_off(community)
    assert state_of(community, arrival_id) == ("unserved", "no_seat")
    with community.acting():
        some = text("UPDATE branch SET taken = 0 WHERE tenant_id = app_tenant()")
        db.session.execute(some)
    with community.acting() as scope:
        sweep_arrivals(scope, Lease(new_id(), 1, "sweep_arrivals", {}, 1), lambda *_: None)()
    assert work_off(community) == ["done"]
    assert state_of(community, arrival_id) == ("proposed", "")


def test_who_asked_for_another_is_not_proposed_the_same_again(community, colleague):
    arrival_id, first = a_proposed_arrival(community)
    with colleague.acting() as scope:
        ask_for_another(scope, first.id)
    work_off(community)
    second = open_one(community, arrival_id)
    assert second.branch_id != first.branch_id
    assert [near["reason"] for near in second.nearer] == ["asked_for_another"]


def test_an_open_proposal_holds_a_place_and_an_accepted_one_takes_it(community, colleague):
    def free() -> int:
        with community.acting() as scope:
            (seat,) = [
                seat
                for seat in seats(scope, date.today())
                if seat.branch_id == community.branches[0]
            ]
            return seat.seats

    assert free() == 10
    _, proposal = a_proposed_arrival(community)
    assert free() == 9
    with colleague.acting() as scope:
        accept(scope, proposal.id)
        assert branch(scope, community.branches[0]).taken == 1
    assert free() == 9


def test_a_proposal_names_nobody(community):
    """What the database keeps of the reasons: ids, metres and words of the rules."""
    an_arrival(community, home=community.inside(3))
    arrival_id = an_arrival(community, home=community.inside(3))
    work_off(community)
    kept = asdict(open_one(community, arrival_id))
    assert {key for near in kept["nearer"] for key in near} == {"branch", "metres", "reason"}
