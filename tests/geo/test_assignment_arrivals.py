"""Newcomers one by one: moving others as far as the optimum wants, or nobody."""

import pickle

import numpy as np
import pytest

from geo.assignment import Move, Places, Register, Seats, ask, assign, solve
from geo.nearest import Status
from tests.geo.assignment_cases import town

STREET = np.array([[110, 30], [110.001, 30], [110.002, 30]])


def without_last(members, rules, count):
    """The same question before the last ``count`` members came, and those."""
    keep = len(members) - count
    labels = members.classes
    early = Places(
        members.home[:keep],
        None if members.work is None else members.work[:keep],
        None if labels is None else labels[:keep],
    )
    pairs = rules["forbidden"]
    frozen = rules["frozen"]
    return early, {
        **rules,
        "frozen": None if frozen is None else frozen[:keep],
        "forbidden": None if pairs is None else pairs[pairs[:, 0] < keep],
    }


@pytest.mark.parametrize("block", range(6))
@pytest.mark.parametrize("method", ["paths", "flow"])
def test_arrivals_lead_to_the_same_optimum_as_starting_again(block, method):
    for seed in range(200 + 15 * block, 215 + 15 * block):
        members, branches, rules = town(seed)
        count = min(len(members), 6)
        frozen = rules["frozen"]
        if frozen is not None and (frozen[-count:] >= 0).any():
            continue
        early, early_rules = without_last(members, rules, count)
        before = assign(early, branches, method=method, **early_rules)
        register, total = Register(before), before.total
        where = dict(enumerate(before.branch.tolist()))
        costs = dict(enumerate(before.centimetres.tolist()))
        pairs = rules["forbidden"]
        for i in range(len(members) - count, len(members)):
            arrival = register.arrive(
                members.home[i],
                work=None if members.work is None else members.work[i],
                label="" if members.classes is None else members.classes[i],
                forbidden=[] if pairs is None else pairs[pairs[:, 0] == i, 1],
                move_others=True,
            )
            assert arrival.member == i
            where[i] = arrival.branch
            for move in arrival.moves:
                assert where[move.member] == move.origin
                where[move.member] = move.to
        after = solve(ask(members, branches, **rules))
        assert sum(branch >= 0 for branch in where.values()) == after.placed, seed
        graph = register.graph
        seated = [r for r, j in enumerate(graph.branch_of) if j != graph.nowhere]
        told = sum(costs[i] for i in range(len(early)) if after.question.frozen[i] >= 0)
        total = sum(graph.cost_of[r] for r in seated) + max(told, 0)
        if before.question.located.all():
            assert total == after.total, seed


def test_nobody_told_moves_unless_asked():
    register = Register(assign(Places(STREET[:1]), Seats(STREET, np.array([1, 1, 1]))))
    arrival = register.arrive(STREET[0])
    assert arrival.branch == 1
    assert arrival.moves == ()
    assert arrival.would_move == 0
    assert arrival.saving == 0


def test_what_moving_others_would_save_is_told():
    people = Places(np.array([[110.0004, 30]]))
    register = Register(assign(people, Seats(STREET[:2], np.array([1, 1]))))
    assert register.graph.branch_of == [0]
    arrival = register.arrive([109.9996, 30])
    assert arrival.branch == 1
    assert arrival.would_move == 1
    assert arrival.saving > 0
    other = Register(assign(people, Seats(STREET[:2], np.array([1, 1]))))
    moved = other.arrive([109.9996, 30], move_others=True)
    assert moved.moves == (Move(0, 0, 1),)
    assert moved.branch == 0


def test_a_seat_taken_fast_is_gone():
    register = Register(assign(Places(np.zeros((0, 2))), Seats(STREET[:2], np.array([1, 1]))))
    taken = [register.arrive(STREET[0]) for _ in range(3)]
    assert [arrival.branch for arrival in taken] == [0, 1, -1]
    assert taken[2].status == Status.NO_SEAT


def test_only_others_could_make_room():
    people = Places(np.array([[110.0005, 30]]))
    seats = Seats(STREET[:2], np.array([1, 1]))
    register = Register(assign(people, seats, reach_metres=60))
    arrival = register.arrive([109.9999, 30])
    assert arrival.branch == -1 or arrival.would_move == 0
    if arrival.branch == -1:
        assert arrival.saving is None
        assert arrival.would_move == 1


def test_reasons_for_having_no_branch():
    seats = Seats(STREET[:1], np.array([5]), classes=[frozenset("a")])
    register = Register(assign(Places(STREET[:1], classes=["a"]), seats, reach_metres=500))
    assert register.arrive(None).status == Status.NO_PLACE
    assert register.arrive([500, 30]).status == Status.NO_PLACE
    assert register.arrive([111, 30], label="a").status == Status.OUT_OF_REACH
    assert register.arrive(STREET[0], label="b").status == Status.NOT_ALLOWED
    assert register.arrive(STREET[0], label="a", forbidden=[0]).status == Status.NOT_ALLOWED
    assert register.arrive(None, work=STREET[0], label="a").status == Status.ASSIGNED


def test_a_register_can_be_put_away():
    members, branches, _ = town(5, seats_per_person=1.5)
    register = pickle.loads(pickle.dumps(Register(assign(members, branches))))
    assert register.arrive(branches.lonlat[0]).status == Status.ASSIGNED
