"""Prices that prove an optimal assignment, read from the assignment itself.

At optimal prices nobody gains by moving: for i at j and any k, p_k >= p_j + c_ij - c_ik. With what a
branch may charge (below) these are difference constraints, and the lowest solution is a longest
path over branches.
"""

import numpy as np
import numpy.typing as npt

from geo.assignment.pairs import Pairs
from geo.assignment.problem import Whole


def lowest_prices(
    pairs: Pairs,
    branch_of: Whole,
    cost_of: Whole,
    seats: Whole,
    wanted: Whole,
    unmet: Whole,
    penalty: int,
) -> Whole:
    """(m,) prices for an assignment that is optimal over ``pairs``.

    A price is <= 0 where a seat is free, >= 0 where more came than ``wanted``: so 0 where neither
    bound is met. Below 0 no lower than must be, as every cut invites new pairs to be looked at;
    where a minimum is ``unmet``, as low as it gets, to invite whoever there is.
    """
    load = np.bincount(branch_of[branch_of >= 0], minlength=len(seats))
    may_pay = (load <= wanted) & (wanted > 0)
    lowest = np.zeros(len(seats), np.int64)
    unseated = branch_of[pairs.row] < 0
    np.maximum.at(lowest, pairs.branch[unseated], penalty - pairs.cost[unseated])
    edges = _gains(pairs, branch_of, cost_of, len(seats))
    highest = np.where(load < seats, 0, _most(branch_of, cost_of, len(seats), penalty))
    lowest[unmet > 0] = highest[unmet > 0] = -penalty
    cut = 0
    while True:
        start = np.where(may_pay & (lowest == 0), -min(cut, penalty), lowest)
        price = _longest_paths(start, edges)
        if (price <= highest).all() or cut > penalty:
            return price
        cut = 4 * cut + 1000


def _gains(pairs: Pairs, branch_of: Whole, cost_of: Whole, m: int) -> tuple[Whole, Whole, Whole]:
    """Edges (from, to, gain): the most any member of ``from`` would gain by sitting at ``to``."""
    home = branch_of[pairs.row]
    other = (home >= 0) & (home != pairs.branch)
    key = home[other] * m + pairs.branch[other]
    gain = (cost_of[pairs.row] - pairs.cost)[other]
    order = np.lexsort((-gain, key))
    key, gain = key[order], gain[order]
    first = np.ones(len(key), bool)
    first[1:] = key[1:] != key[:-1]
    return key[first] // m, key[first] % m, gain[first]


def _most(branch_of: Whole, cost_of: Whole, m: int, penalty: int) -> Whole:
    """The price above which some member of a branch had better go without a seat."""
    dearest = np.zeros(m, np.int64)
    seated = branch_of >= 0
    np.maximum.at(dearest, branch_of[seated], cost_of[seated])
    return np.asarray(penalty - dearest)


def _longest_paths(start: Whole, edges: tuple[Whole, Whole, Whole]) -> Whole:
    """Raise ``start`` until every edge holds; a round each for as many steps as a path has."""
    price = start.copy()
    source, target, gain = edges
    for _ in range(len(price) + 1):
        through = price[source] + gain
        raised: npt.NDArray[np.bool_] = through > price[target]
        if not raised.any():
            break
        np.maximum.at(price, target[raised], through[raised])
    return price
