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

ROUNDS: Final = 40
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
    people = np.arange(len(branch))
    most = np.minimum(candidates.radius, penalty)
    price = np.zeros(len(seats), np.int64)
    seated = np.full(len(branch), -1, np.int64)
    """position in the own list, not a branch number"""
    for _ in range(rounds):
        value = cost + price[branch]
        pool = seated < 0
        cheapest = np.argmin(value, axis=1)
        choice = np.where(pool, cheapest, seated)
        wants = np.flatnonzero(~pool | (value[people, choice] <= most))
        choice = choice[wants]
        own = value[wants, choice]
        value[wants, choice] = FAR
        bids = np.minimum(value[wants].min(axis=1), most[wants]) - own
        target = branch[wants, choice]
        order = np.lexsort((-bids, target))
        target, bids = target[order], bids[order] + price[target[order]]
        first = np.searchsorted(target, np.arange(len(seats)))
        rank = np.arange(len(order)) - first[target]
        refused = rank >= seats[target]
        highest = np.flatnonzero(rank == seats[target])
        price[target[highest]] = np.maximum(price[target[highest]], bids[highest])
        seated[wants[order[~refused]]] = choice[order[~refused]]
        seated[wants[order[refused]]] = -1
        if not refused.any():
            break
    placed = seated >= 0
    at = np.where(placed, seated, 0)
    return Seated(
        np.where(placed, branch[people, at], -1), np.where(placed, cost[people, at], 0), price
    )


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
