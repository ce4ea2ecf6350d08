"""A first, partial assignment that is already optimal for those it seats, by whole-array rounds.

An ascending auction (Demange, Gale, Sotomayor): everyone without a seat bids for the branch that is
cheapest for them at today's prices; a branch keeps its highest bidders, and its price becomes the
first refused bid. Prices never pass the lowest optimal ones and a branch with a price stays full,
so :mod:`geo.assignment.branch_paths` can seat the rest. It takes most of the crowd off the slower
exact search.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.assignment.candidates import Candidates
from geo.assignment.problem import Whole

ROUNDS: Final = 120
FAR: Final = 1 << 61


@dataclass(frozen=True)
class Seated:
    """``branch_of`` (rows,) with -1 = not yet; ``cost_of`` their centimetres; ``price`` (m,)."""

    branch_of: Whole
    cost_of: Whole
    price: Whole


def bid(candidates: Candidates, seats: Whole, penalty: int, rounds: int = ROUNDS) -> Seated:
    """Seat as many rows as ``rounds`` of bidding can."""
    branch, cost = _square(candidates)
    most = np.minimum(candidates.radius, penalty)
    price = np.zeros(len(seats), np.int64)
    choice, seat, worth = (np.full(len(branch), -1, np.int64) for _ in range(3))
    """of each row: position in its list, branch, and the price up to which it will stay there"""
    waiting = np.arange(len(branch))
    for _ in range(rounds):
        value = cost[waiting] + price[branch[waiting]]
        here = np.arange(len(waiting))
        cheapest = np.argmin(value, axis=1)
        own = value[here, cheapest].copy()
        value[here, cheapest] = FAR
        second = np.minimum(value.min(axis=1), most[waiting])
        sure = own <= most[waiting]
        asking = waiting[sure]
        if not asking.size:
            break
        choice[asking], seat[asking] = cheapest[sure], branch[asking, cheapest[sure]]
        worth[asking] = price[seat[asking]] + (second - own)[sure]
        refused = _let_go(seat, worth, asking, seats, price)
        seat[refused] = -1
        waiting = np.concatenate((waiting[~sure], refused))
    people, placed = np.arange(len(branch)), seat >= 0
    return Seated(seat, np.where(placed, cost[people, np.where(placed, choice, 0)], 0), price)


def _let_go(seat: Whole, worth: Whole, asking: Whole, seats: Whole, price: Whole) -> Whole:
    """The rows that bid least where too many sit; raises ``price`` there to the first refused bid.

    A bid made earlier may have grown since, never shrunk, so it is safe to go by.
    """
    contested = np.zeros(len(seats) + 1, bool)
    contested[seat[asking]] = True
    contested[-1] = False
    rows = np.flatnonzero(contested[seat])
    order = np.lexsort((-worth[rows], seat[rows]))
    rows = rows[order]
    at = seat[rows]
    rank = np.arange(len(rows)) - np.searchsorted(at, at)
    first = rows[rank == seats[at]]
    price[seat[first]] = np.maximum(price[seat[first]], worth[first])
    return np.asarray(rows[rank >= seats[at]])


def _square(candidates: Candidates) -> tuple[Whole, Whole]:
    """The lists as (rows, longest), filled up with a branch that is infinitely far."""
    candidates.pack()
    length = np.diff(candidates.start)
    width = max(int(length.max(initial=1)), 1)
    branch = np.zeros((len(length), width), np.int64)
    cost = np.full((len(length), width), FAR, np.int64)
    inside = np.arange(width) < length[:, None]
    branch[inside], cost[inside] = candidates.branch, candidates.cost
    return branch, cost
