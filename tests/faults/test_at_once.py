"""Two people, one moment: one of them is served, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tenants.arrivals.lookups import arrival
from tenants.errors import Conflict, NoSeat, WanggeError
from tenants.matching.actions import accept, ask_for_another, redirect, undo_placement
from tenants.matching.lookups import proposals
from tenants.places.lookups import branch
from tenants.scope import Scope
from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.jobs import work_off
from tests.factories.people import Cast

Act = Callable[[Scope], object]


def at_once(cast: Cast, *acts: Act) -> list[type[WanggeError] | None]:
    """Each act in a transaction of its own, all begun at the same moment; what each raised."""
    start = Barrier(len(acts))

    def one(act: Act) -> type[WanggeError] | None:
        try:
            with cast.acting() as scope:
                start.wait()
                act(scope)
        except WanggeError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result() for done in [threads.submit(one, act) for act in acts]]


def taken(cast: Cast) -> list[int]:
    with cast.acting() as scope:
        return [branch(scope, id_).taken for id_ in cast.office.branches]


def test_of_two_people_for_the_last_seat_one_is_told(colleague):
    """Branch 3 has one seat: it is proposed to one and chosen for another."""
    community = colleague.office
    _, proposal = a_proposed_arrival(community, home=community.inside(3))
    other = an_arrival(community, home=community.inside(1))
    work_off(community)
    raised = at_once(
        colleague,
        lambda scope: accept(scope, proposal.id),
        lambda scope: redirect(scope, other, community.branches[2]),
    )
    assert sorted(raised, key=str) == sorted([None, NoSeat], key=str)
    assert taken(colleague) == [0, 0, 1]
    with colleague.acting() as scope:
        states = {arrival(scope, id_).state for id_ in (proposal.arrival_id, other)}
    assert states == {"placed", "proposed"}


def test_accepting_and_asking_for_another_at_once(colleague):
    arrival_id, proposal = a_proposed_arrival(colleague.office)
    raised = at_once(
        colleague,
        lambda scope: accept(scope, proposal.id),
        lambda scope: ask_for_another(scope, proposal.id),
    )
    assert sorted(raised, key=str) == sorted([None, Conflict], key=str)
    with colleague.acting() as scope:
        (decided,) = proposals(scope, arrival_id)
        state = arrival(scope, arrival_id).state
    assert (state, decided.decision) in (("placed", "accepted"), ("verified", "another"))
    assert sum(taken(colleague)) == (1 if state == "placed" else 0)


def test_accepting_eight_times_at_once_takes_one_seat(colleague):
    _, proposal = a_proposed_arrival(colleague.office)
    raised = at_once(colleague, *[lambda scope: accept(scope, proposal.id)] * 8)
    assert (raised.count(None), raised.count(Conflict)) == (1, 7)
    assert taken(colleague) == [1, 0, 0]


def test_two_redirections_of_one_person_at_once_take_one_seat(colleague):
    community = colleague.office
    arrival_id, _ = a_proposed_arrival(community)
    raised = at_once(
        colleague,
        lambda scope: redirect(scope, arrival_id, community.branches[0]),
        lambda scope: redirect(scope, arrival_id, community.branches[1]),
    )
    assert sorted(raised, key=str) == sorted([None, Conflict], key=str)
    assert sum(taken(colleague)) == 1


def test_undoing_twice_at_once_gives_one_seat_back(colleague):
    community = colleague.office
    both = [a_proposed_arrival(community) for _ in range(2)]
    for _, proposal in both:
        with colleague.acting() as scope:
            accept(scope, proposal.id)
    arrival_id = both[0][0]
    raised = at_once(colleague, *[lambda scope: undo_placement(scope, arrival_id)] * 2)
    assert sorted(raised, key=str) == sorted([None, Conflict], key=str)
    assert taken(colleague) == [1, 0, 0]


def test_ten_people_for_five_seats(colleague):
    """Branch 2 has five."""
    community = colleague.office
    arrivals = [an_arrival(community) for _ in range(10)]
    work_off(community)
    raised = at_once(
        colleague,
        *[lambda scope, id_=id_: redirect(scope, id_, community.branches[1]) for id_ in arrivals],
    )
    assert (raised.count(None), raised.count(NoSeat)) == (5, 5)
    assert taken(colleague) == [0, 5, 0]
