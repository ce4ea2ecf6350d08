"""The optimum against an independent solver, rule by rule, and what must hold for any question."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.assignment import Places, Seats, Unusable, ask, assign, solve
from geo.certificate import check
from geo.nearest import Place, Status
from tests.geo.assignment_cases import best, cost_table, town

EAST = 0.00001


def placed_and_total(question, answer):
    return int((answer.branch[question.placeable] >= 0).sum()), answer.total


@pytest.mark.parametrize("method", ["paths", "flow", None])
@pytest.mark.parametrize("block", range(8))
def test_the_total_is_that_of_an_independent_solver(method, block):
    for seed in range(30 * block, 30 * block + 30):
        members, branches, rules = town(seed)
        question = ask(members, branches, **rules)
        answer = solve(question, method=method)
        assert placed_and_total(question, answer) == best(question), seed
        assert check(answer.certificate()).proven, seed


@pytest.mark.parametrize("block", range(4))
def test_minimum_sizes_are_kept_at_least_cost(block):
    for seed in range(1000 + 25 * block, 1025 + 25 * block):
        members, branches, rules = town(seed, minimum=True)
        try:
            question = ask(members, branches, **rules)
        except Unusable:
            continue
        expected = best(question)
        if expected is None:
            with pytest.raises(Unusable, match="凑不满最少人数"):
                solve(question)
            continue
        answer = solve(question)
        assert placed_and_total(question, answer) == expected, seed
        assert check(answer.certificate()).proven, seed


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(seed, shuffle):
    members, branches, rules = town(seed)
    order = list(range(len(members)))
    shuffle.shuffle(order)
    work = None if members.work is None else members.work[order]
    labels = None if members.classes is None else [members.classes[i] for i in order]
    back = np.argsort(order)
    shuffled = {
        **rules,
        "frozen": None if rules["frozen"] is None else rules["frozen"][order],
        "forbidden": None
        if rules["forbidden"] is None
        else np.column_stack([back[rules["forbidden"][:, 0]], rules["forbidden"][:, 1]]),
    }
    before = assign(members, branches, **rules)
    after = assign(Places(members.home[order], work, labels), branches, **shuffled)
    assert (before.placed, before.total) == (after.placed, after.total)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_one_more_seat_never_makes_it_worse(seed, data):
    members, branches, rules = town(seed)
    before = assign(members, branches, **rules)
    where = data.draw(st.integers(0, len(branches) - 1))
    capacity = branches.capacity.copy()
    capacity[where] += 1
    more = Seats(branches.lonlat, capacity, branches.minimum, branches.classes)
    after = assign(members, more, **rules)
    assert (-after.placed, after.total) <= (-before.placed, before.total)
    if after.placed == before.placed:
        assert before.total - after.total <= before.price[where]


def test_people_in_one_row_push_each_other_along():
    members = Places(np.array([[110, 30], [110 + EAST, 30], [110 + 2 * EAST, 30]]))
    branches = Seats(np.array([[110, 30], [110.01, 30], [110.02, 30]]), np.array([1, 1, 1]))
    answer = assign(members, branches)
    assert answer.branch.tolist() == [0, 1, 2] or answer.proven
    assert answer.price[2] == 0
    assert answer.price[0] > answer.price[1] > 0


def test_every_member_without_a_branch_has_a_reason():
    members = Places(
        np.array([[110, 30], [np.nan, np.nan], [120, 30], [110, 30], [110, 30]]),
        classes=["a", "a", "a", "b", "a"],
    )
    branches = Seats(np.array([[110, 30]]), np.array([1]), classes=[frozenset("a")])
    answer = assign(members, branches, reach_metres=1000)
    assert answer.status.tolist()[1:4] == [
        Status.NO_PLACE,
        Status.OUT_OF_REACH,
        Status.NOT_ALLOWED,
    ]
    assert sorted(answer.status[[0, 4]]) == [Status.ASSIGNED, Status.NO_SEAT]


def test_another_please_forbids_the_pair():
    members = Places(np.array([[110, 30]]))
    branches = Seats(np.array([[110, 30], [110.1, 30]]), np.array([5, 5]))
    assert assign(members, branches).branch.tolist() == [0]
    assert assign(members, branches, forbidden=[(0, 0)]).branch.tolist() == [1]
    both = assign(members, branches, forbidden=[(0, 0), (0, 1)])
    assert both.status.tolist() == [Status.NOT_ALLOWED]


def test_those_already_told_keep_their_branch_and_its_seat():
    members = Places(np.array([[110, 30], [110.1, 30], [np.nan, np.nan]]))
    branches = Seats(np.array([[110, 30], [110.1, 30]]), np.array([2, 2]))
    answer = assign(members, branches, frozen=[1, -1, 1], reach_metres=50_000)
    assert answer.branch.tolist() == [1, 0, 1]
    assert answer.centimetres[2] == -1
    assert answer.total == answer.centimetres[:2].sum()


def test_the_place_that_won_is_named():
    members = Places(np.array([[110, 30], [110, 30]]), np.array([[110.1, 30], [np.nan, np.nan]]))
    answer = assign(members, Seats(np.array([[110.1, 30]])))
    assert answer.place.tolist() == [Place.WORK, Place.HOME]
    assert answer.centimetres[0] == 0


@pytest.mark.parametrize("method", ["paths", "flow"])
def test_an_interrupted_run_states_a_true_gap(method):
    members, branches, _ = town(7, seats_per_person=1.0)
    whole = assign(members, branches, method=method)
    hasty = assign(members, branches, method=method, deadline_seconds=0)
    check(hasty.certificate())
    if hasty.placed == whole.placed:
        assert hasty.lower_bound <= whole.total <= hasty.total
    else:
        assert whole.placed - hasty.placed <= hasty.more_seats


def test_an_interrupted_run_still_seats_everybody_while_there_are_seats():
    """One branch holds most of the seats and stands far from the many who crowd elsewhere."""
    draw = np.random.default_rng(3)
    crowd = np.array([110.0, 30.0]) + draw.normal(0, 0.001, (90, 2))
    lonlat = np.array([110.0, 30.0]) + draw.normal(0, 0.002, (40, 2))
    lonlat = np.vstack([lonlat, [[112.0, 30.0]]])
    capacity = np.array([1] * 40 + [100])
    hasty = assign(Places(crowd), Seats(lonlat, capacity), method="paths", stopped=lambda: True)
    assert hasty.placed == 90
    check(hasty.certificate())


def test_progress_is_told():
    told = []
    members, branches, _ = town(8, seats_per_person=1.0)
    assign(
        members, branches, method="paths", progress=lambda done, total: told.append((done, total))
    )
    assert all(done <= total for done, total in told)


@pytest.mark.parametrize(
    ("branches", "rules", "words"),
    [
        (Seats(np.array([[np.nan, 30]])), {}, "第 1 个支部没有可用的坐标"),
        (Seats(np.array([[110, 30]]), np.array([-2])), {}, "容量是负数"),
        (Seats(np.array([[110, 30]]), np.array([2]), np.array([3])), {}, "最少人数大于容量"),
        (Seats(np.array([[110, 30]]), np.array([9]), np.array([9])), {}, "合计还需 9 人"),
        (Seats(np.array([[110, 30]]), np.array([1])), {"frozen": [0, 0]}, "超过容量"),
        (Seats(np.array([[110, 30]])), {"frozen": [7, -1]}, "不在支部表中"),
        (Seats(np.array([[110, 30]])), {"forbidden": [(5, 0)]}, "不存在的人或支部"),
        (
            Seats(np.array([[110, 30]])),
            {"forbidden": [(0, 0)], "frozen": [0, -1]},
            "第 1 名党员已定的支部同时被排除",
        ),
        (Seats(np.array([[110, 30]])), {"reach_metres": float("nan")}, "可达范围"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(branches, rules, words):
    with pytest.raises(Unusable, match=words):
        assign(Places(np.array([[110.0, 30], [110, 30]])), branches, **rules)


def test_a_town_short_of_seats_is_handed_to_the_flow(monkeypatch):
    monkeypatch.setattr("geo.assignment.solving.MANY_WITHOUT_SEAT", 0)
    draw = np.random.default_rng(2)
    homes = np.concatenate([[110, 30] + draw.normal(0, 0.01, (150, 2)), [[112, 30]] * 10])
    lonlat = np.concatenate([[110, 30] + draw.normal(0, 0.01, (5, 2)), [[112, 30]]])
    seats = Seats(lonlat, np.array([10, 10, 10, 10, 10, 500]))
    answer = assign(Places(homes), seats, reach_metres=20_000)
    assert answer.method == "flow"
    assert answer.placed == 60
    assert check(answer.certificate()).proven
    patient = assign(Places(homes), seats, reach_metres=20_000, method="paths")
    assert (patient.method, patient.total) == ("paths", answer.total)


def test_lists_grow_as_far_as_a_full_town_asks():
    """Everybody's nearest branches are full; the free seats are a hundred kilometres away."""
    draw = np.random.default_rng(4)
    near = [110, 30] + draw.normal(0, 0.02, (60, 2))
    far = [111, 30] + draw.normal(0, 0.02, (60, 2))
    homes = [110, 30] + draw.normal(0, 0.02, (400, 2))
    seats = Seats(np.concatenate([near, far]), np.array([5] * 60 + [4] * 60))
    by_paths = assign(Places(homes), seats, method="paths")
    by_flow = assign(Places(homes), seats, method="flow")
    assert by_paths.placed == 400
    assert by_paths.total == by_flow.total
    assert check(by_paths.certificate()).proven


def test_nobody_and_no_branch_are_answers_too():
    nobody = assign(Places(np.zeros((0, 2))), Seats(np.array([[110.0, 30]])))
    assert (nobody.placed, nobody.total, nobody.proven) == (0, 0, True)
    nowhere = assign(Places(np.array([[110.0, 30]])), Seats(np.zeros((0, 2))))
    assert nowhere.status.tolist() == [Status.NOT_ALLOWED]


def test_no_limit_means_everybody_goes_to_the_nearest():
    members, branches, _ = town(11)
    free = Seats(branches.lonlat, np.full(len(branches), -1))
    answer = assign(Places(members.home), free)
    nearest = cost_table(answer.question).min(axis=1)
    known = answer.branch >= 0
    assert (answer.centimetres[known] == nearest[known]).all()
    assert not answer.price.any()
