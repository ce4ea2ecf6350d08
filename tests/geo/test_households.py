"""Households against brute force for few people, against arithmetic for their sizes."""

from itertools import product

import numpy as np
import pytest

import geo.households
from geo.assignment import Unusable
from geo.ellipsoid import metres_between
from geo.household_sizes import divide, explain
from geo.households import Hosts, settle

EAST = 0.001


def hosts_at(lonlat, low, high):
    return Hosts(np.asarray(lonlat, float), np.full(len(lonlat), low), np.full(len(lonlat), high))


def table(homes, lonlat):
    """(n, h) centimetres."""
    return np.array(
        [[np.rint(metres_between(home, goal)[0] * 100) for goal in lonlat] for home in homes],
        dtype=np.int64,
    ).reshape(len(homes), len(lonlat))


def best_by_hand(cost, low, high):
    """(people, centimetres) over every way to send each person to a host or nowhere.

    Grown person by person over the loads so far, so that 14 people can be tried in full.
    """
    ways = {(0,) * cost.shape[1]: 0}
    for row in cost:
        grown = dict(ways)
        for loads, length in ways.items():
            for j, step in enumerate(row):
                if loads[j] < high[j]:
                    key = (*loads[:j], loads[j] + 1, *loads[j + 1 :])
                    grown[key] = min(grown.get(key, 10**18), length + int(step))
        ways = grown
    fitting = [
        (-sum(loads), length)
        for loads, length in ways.items()
        if all(not load or load >= low[j] for j, load in enumerate(loads))
    ]
    people, length = min(fitting)
    return -people, length


@pytest.mark.parametrize("seed", range(40))
def test_small_communities_against_every_possibility(seed):
    draw = np.random.default_rng(seed)
    n, h = int(draw.integers(1, 15)), int(draw.integers(1, 4))
    homes = np.array([110, 30]) + draw.normal(0, 0.01, (n, 2))
    lonlat = np.array([110, 30]) + draw.normal(0, 0.01, (h, 2))
    low = draw.integers(2, 5, h)
    high = low + draw.integers(0, 4, h)
    answer = settle(homes, Hosts(lonlat, low, high))
    assert (answer.placed, answer.total) == best_by_hand(table(homes, lonlat), low, high)
    assert answer.gap == 0
    assert answer.infeasible == (answer.placed < n) == (answer.explanation is not None)


@pytest.mark.parametrize("seed", range(10))
def test_what_was_agreed_stays_and_what_was_declined_is_not_proposed(seed):
    draw = np.random.default_rng(100 + seed)
    homes = np.array([110, 30]) + draw.normal(0, 0.01, (10, 2))
    lonlat = np.array([110, 30]) + draw.normal(0, 0.01, (3, 2))
    frozen = np.full(10, -1)
    frozen[0] = seed % 3
    declined = [(1, 0), (1, 1), (2, seed % 3)]
    answer = settle(homes, hosts_at(lonlat, 3, 5), frozen=frozen, forbidden=declined)
    cost = table(homes, lonlat)
    never = 10**9
    cost[0] = np.where(np.arange(3) == frozen[0], cost[0], never)
    for pair in declined:
        cost[pair] = never
    people, length = best_by_hand(cost, [3] * 3, [5] * 3)
    assert answer.host[0] == frozen[0]
    assert answer.host[1] in (2, -1)
    if length < never:
        assert (answer.placed, answer.total) == (people, length)


def test_nobody_is_sent_beyond_reach():
    homes = np.array([[110 + EAST * i, 30] for i in range(8)])
    answer = settle(homes, hosts_at([[110, 30]], 3, 8), reach_metres=450)
    assert answer.host.tolist() == [0] * 5 + [-1] * 3
    assert "可达范围" in answer.explanation


@pytest.mark.parametrize("people", range(1, 61))
def test_sizes_one_to_sixty(people):
    hosts = 10
    groups = range(1, hosts + 1)
    possible = any(7 * k <= people <= 10 * k for k in groups)
    sizes = divide(people, [7] * hosts, [10] * hosts)
    assert (sizes.placeable == people) == possible
    assert possible == (people >= 7 and people not in (11, 12, 13))
    words = explain(sizes, [7] * hosts, [10] * hosts)
    assert (words is None) == possible


@pytest.mark.parametrize("seed", range(60))
def test_the_smallest_relaxation_is_the_smallest(seed):
    draw = np.random.default_rng(seed)
    h, people = int(draw.integers(1, 5)), int(draw.integers(1, 40))
    low = draw.integers(1, 10, h)
    high = low + draw.integers(0, 4, h)
    sizes = divide(people, low.tolist(), high.tolist())
    choices = [np.array(choice, bool) for choice in product((0, 1), repeat=h) if any(choice)]
    bounds = [(low[choice].sum(), high[choice].sum()) for choice in choices]
    assert sizes.placeable == max([0] + [min(b, people) for a, b in bounds if a <= people])
    if sizes.placeable < people:
        over = [people - b for a, b in bounds if a <= people]
        under = [a - people for a, b in bounds if people < a and b >= people]
        assert sizes.over == min(over, default=None)
        assert sizes.under == min(under, default=None)


@pytest.mark.parametrize(
    ("people", "hosts", "sentence"),
    [
        (12, 3, "12 人无法分成每户 7 至 10 人的组：请让一户接待 12 人，或让 2 人改由电话联系。"),
        (11, 3, "11 人无法分成每户 7 至 10 人的组：请让一户接待 11 人，或让 1 人改由电话联系。"),
        (13, 3, "13 人无法分成每户 7 至 10 人的组：请让一户只接待 6 人，或让 3 人改由电话联系。"),
        (5, 3, "5 人不足一户最少的 7 人：请让一户只接待 5 人，或这 5 人由电话联系。"),
        (35, 3, "35 人超过 3 户最多可接待的 30 人：请再请中心户，或让 5 人改由电话联系。"),
        (4, 0, "没有可以接待的中心户：请先为这 4 人请一户，或由电话联系。"),
    ],
)
def test_the_words(people, hosts, sentence):
    assert explain(divide(people, [7] * hosts, [10] * hosts), [7] * hosts, [10] * hosts) == sentence


def test_the_community_of_2015():
    """137 members make 14 to 19 households, the 54 who live outside 6 or 7 (domain T9)."""
    draw = np.random.default_rng(2015)
    homes = np.array([110, 30]) + draw.normal(0, 0.01, (54, 2))
    answer = settle(homes, hosts_at(homes[:12], 7, 10))
    loads = np.bincount(answer.host, minlength=12)
    assert answer.placed == 54
    assert set(loads) <= {0, 7, 8, 9, 10}
    assert (loads > 0).sum() in (6, 7)
    assert answer.gap == 0


def test_a_large_community_is_settled_with_its_gap(monkeypatch):
    monkeypatch.setattr(geo.households, "EXACT_PAIRS", 0)
    draw = np.random.default_rng(5)
    homes = np.array([110, 30]) + draw.normal(0, 0.01, (150, 2))
    answer = settle(homes, hosts_at(homes[:25], 7, 10))
    loads = np.bincount(answer.host[answer.host >= 0], minlength=25)
    assert answer.placed == 150
    assert all(load == 0 or 7 <= load <= 10 for load in loads)
    assert 0 <= answer.gap < 0.5


def test_members_without_a_place_are_left_out_and_not_counted():
    homes = np.array([[110.0, 30]] * 7 + [[np.nan, np.nan]])
    answer = settle(homes, hosts_at([[110, 30]], 7, 10))
    assert answer.host.tolist() == [0] * 7 + [-1]
    assert not answer.infeasible


def test_nobody_and_no_host():
    assert settle(np.zeros((0, 2)), hosts_at([[110, 30]], 7, 10)).placed == 0
    alone = settle(np.array([[110.0, 30]]), hosts_at(np.zeros((0, 2)), 7, 10))
    assert alone.infeasible
    assert alone.explanation.startswith("没有可以接待的中心户")


@pytest.mark.parametrize(
    ("hosts", "rules", "words"),
    [
        (hosts_at([[np.nan, 30]], 7, 10), {}, "第 1 户没有可用的坐标"),
        (hosts_at([[110, 30]], 11, 10), {}, "第 1 户最少 11 人、最多 10 人"),
        (hosts_at([[110, 30]], 1, 1), {"frozen": [0, 0]}, "已同意的有 2 人"),
        (hosts_at([[110, 30]], 1, 2), {"frozen": [3, -1]}, "不在名单中"),
        (hosts_at([[110, 30]], 7, 10), {"frozen": [0, -1]}, "已同意的配对凑不成"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(hosts, rules, words):
    with pytest.raises(Unusable, match=words):
        settle(np.array([[110.0, 30], [110, 30]]), hosts, **rules)
