"""Small towns with every rule there is, and an answer found in quite another way.

The oracle writes the whole cost table, gives each seat a column of its own and asks scipy's dense
assignment; with minimum sizes it solves the linear programme instead (a flow, so whole numbers).
"""

from itertools import product

import numpy as np
import scipy.sparse
from scipy.optimize import linear_sum_assignment, linprog

from geo.assignment import Places, Seats
from geo.ellipsoid import metres_between

NEVER = 10**15
UNSEATED = 10**11
SLACK, TIGHT, SCARCE = 1.5, 1.0, 0.7


def town(seed, seats_per_person=None, minimum=False):
    """Members, branches and the rules between them, drawn from ``seed``."""
    draw = np.random.default_rng(seed)
    n, m = int(draw.integers(1, 60)), int(draw.integers(1, 25))
    share = seats_per_person or (SLACK, TIGHT, SCARCE)[seed % 3]
    capacity = draw.multinomial(int(np.ceil(share * n)), np.ones(m) / m)
    lonlat = np.array([110, 30]) + draw.normal(0, 0.06, (m, 2))
    lonlat[1 : 1 + m // 10] = lonlat[0]
    labels, classes = _classes(draw, n, m)
    frozen = _frozen(draw, n, capacity)
    least = np.minimum(capacity, draw.integers(0, 4, m) * (draw.random(m) < 0.5))
    return (
        Places(*_places(draw, n), labels),
        Seats(lonlat, capacity, least if minimum else None, classes),
        {
            "reach_metres": None if draw.random() < 0.5 else float(draw.uniform(1000, 15000)),
            "frozen": frozen,
            "forbidden": _forbidden(draw, n, m, frozen),
        },
    )


def _places(draw, n):
    home = np.array([110, 30]) + draw.normal(0, 0.05, (n, 2))
    home[draw.integers(0, n, n // 10)] = home[0]
    home[draw.random(n) < 0.05] = np.nan
    if draw.random() < 0.6:
        return home, None
    work = np.array([110.05, 30]) + draw.normal(0, 0.05, (n, 2))
    work[draw.random(n) < 0.5] = np.nan
    return home, work


def _classes(draw, n, m):
    if draw.random() < 0.6:
        return None, None
    named = (frozenset(), frozenset("a"), frozenset("ab"))
    labels = [["", "a", "b"][at] for at in draw.integers(0, 3, n)]
    return labels, [named[at] for at in draw.choice(3, m, p=[0.6, 0.2, 0.2])]


def _frozen(draw, n, capacity):
    if draw.random() < 0.6:
        return None
    frozen, left = np.full(n, -1), capacity.copy()
    for i, j in enumerate(draw.integers(0, len(capacity), n)):
        if draw.random() < 0.2 and left[j] > 0:
            frozen[i] = j
            left[j] -= 1
    return frozen


def _forbidden(draw, n, m, frozen):
    if draw.random() < 0.6:
        return None
    pairs = np.stack([draw.integers(0, n, n), draw.integers(0, m, n)], 1)
    return pairs if frozen is None else pairs[frozen[pairs[:, 0]] != pairs[:, 1]]


def cost_table(question):
    """(n, m) centimetres from the better place, whatever the rules say; NEVER without a place."""
    n, lonlat = len(question.members), question.branches.lonlat
    table = np.full((n, len(lonlat)), NEVER)
    for place in (question.members.home, question.members.work):
        if place is None:
            continue
        for j, goal in enumerate(lonlat):
            metres = metres_between(place, np.repeat(goal[None], n, axis=0))
            known = ~np.isnan(metres)
            cost = np.rint(metres[known] * 100).astype(np.int64)
            table[known, j] = np.minimum(table[known, j], cost)
    return table


def allowed_table(question):
    """(n, m) costs with NEVER where the rules forbid."""
    table = cost_table(question)
    if question.reach is not None:
        table[table > question.reach] = NEVER
    classes = question.branches.classes
    if classes is not None:
        labels = question.members.classes or [""] * len(table)
        for (i, label), (j, names) in product(enumerate(labels), enumerate(classes)):
            if names and label not in names:
                table[i, j] = NEVER
    table[question.forbidden[:, 0], question.forbidden[:, 1]] = NEVER
    return table


def best(question):
    """(people placed but not frozen, centimetres in all), or None when minimums cannot be met."""
    told = np.flatnonzero(question.frozen >= 0)
    kept = cost_table(question)[told, question.frozen[told]]
    kept = int(kept[kept < NEVER].sum())
    table = allowed_table(question)[question.placeable]
    if question.still_wanted.any():
        found = _by_programme(table, question.free_seats, question.still_wanted)
    else:
        found = _by_seats(table, np.minimum(question.free_seats, len(table)))
    return None if found is None else (found[0], found[1] + kept)


def _by_seats(table, seats):
    column = np.repeat(np.arange(table.shape[1]), seats)
    wide = np.minimum(table[:, column], 2 * UNSEATED)
    wide = np.concatenate([wide, np.full((len(table), len(table)), UNSEATED)], axis=1)
    value = wide[linear_sum_assignment(wide.astype(float))]
    return int((value < UNSEATED).sum()), int(value[value < UNSEATED].sum())


def _by_programme(table, seats, wanted):
    n, m = table.shape
    row, branch = np.nonzero(table < NEVER)
    cost = table[row, branch]
    pairs, size = len(row), len(row) + n
    each = scipy.sparse.coo_matrix(
        (np.ones(size), (np.concatenate([row, np.arange(n)]), np.arange(size))), shape=(n, size)
    )
    load = scipy.sparse.coo_matrix((np.ones(pairs), (branch, np.arange(pairs))), shape=(m, size))
    answer = linprog(
        np.concatenate([cost, np.full(n, 1e10)]),
        A_ub=scipy.sparse.vstack([load, -load]),
        b_ub=np.concatenate([seats, -wanted]),
        A_eq=each,
        b_eq=np.ones(n),
    )
    if answer.status == 2:
        return None
    chosen = np.rint(answer.x[:pairs]).astype(int)
    return int(chosen.sum()), int((chosen * cost).sum())
