"""The same optimum by min-cost flow, for scarce seats and minimum sizes (column generation).

Solve on short lists; read the lowest prices from the flow; ask the complete graph for every pair
that those prices make cheaper than what its member has; add those and solve again, until there is
none. Then the flow is optimal over all pairs and the prices prove it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from geo.assignment.candidates import Candidates
from geo.assignment.pairs import Pairs, Pricing
from geo.assignment.prices import lowest_prices
from geo.assignment.problem import Unusable, Whole


@dataclass(frozen=True)
class Flow:
    """``branch_of`` and ``cost_of`` (rows,), -1 = no seat; ``price`` (m,); ``proven`` is False when
    it was interrupted before the last pair was asked."""

    branch_of: Whole
    cost_of: Whole
    price: Whole
    proven: bool


def by_flow(
    candidates: Candidates,
    pricing: Pricing,
    seats: Whole,
    wanted: Whole,
    penalty: int,
    go_on: Callable[[int], bool],
) -> Flow:
    """Seat the rows of ``candidates``; ``go_on(rows still wrong)`` is asked after each round.

    Raises :class:`Unusable` when the minimum sizes ``wanted`` cannot all be met.
    """
    pairs = first_pairs(candidates)
    while True:
        branch_of, cost_of, unmet = _solve(pairs, len(candidates), seats, wanted, penalty)
        price = lowest_prices(pairs, branch_of, cost_of, seats, wanted, unmet, penalty)
        at = np.maximum(branch_of, 0)
        limit = np.where(branch_of >= 0, cost_of + price[at], penalty)
        more = pricing.cheaper(price, limit, candidates.radius)
        if not len(more.row):
            break
        pairs = pairs.joined(more)
        if not go_on(len(np.unique(more.row))):
            return Flow(branch_of, cost_of, price, proven=False)
    for j in np.flatnonzero(unmet):
        raise Unusable(
            "minimum_unreachable",
            f"第 {j + 1} 个支部在可达范围内凑不满最少人数(还差 {unmet[j]} 人):"
            "请调低最少人数或放宽可达范围。",
            "branches",
            int(j),
        )
    return Flow(branch_of, cost_of, price, proven=True)


def first_pairs(candidates: Candidates) -> Pairs:
    """The candidate lists as pairs."""
    candidates.pack()
    row = np.repeat(np.arange(len(candidates)), np.diff(candidates.start))
    return Pairs(row, candidates.branch.astype(np.int64), candidates.cost.astype(np.int64))


def _solve(
    pairs: Pairs, rows: int, seats: Whole, wanted: Whole, penalty: int
) -> tuple[Whole, Whole, Whole]:
    """Optimum over ``pairs``: branch and cost of each row, and how many each minimum lacks.

    Nodes: rows, branches, then everywhere-else. A row may go there for the penalty; what a minimum
    lacks comes from there, again for the penalty, so that the restricted graph is never infeasible.
    """
    m = len(seats)
    row_node, branch_node, rest = np.arange(rows), rows + np.arange(m), rows + m
    short = np.flatnonzero(wanted)
    flow = SimpleMinCostFlow()
    parts = (
        (pairs.row, rows + pairs.branch, np.ones(len(pairs.row), np.int64), pairs.cost),
        (row_node, np.full(rows, rest), np.ones(rows, np.int64), np.full(rows, penalty)),
        (branch_node, np.full(m, rest), seats - wanted, np.zeros(m, np.int64)),
        (np.full(len(short), rest), rows + short, wanted[short], np.full(len(short), penalty)),
    )
    tails, heads, limits, costs = (np.concatenate(part) for part in zip(*parts, strict=True))
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, limits, costs)
    supplies = np.concatenate((np.ones(rows, np.int64), -wanted, [int(wanted.sum()) - rows]))
    flow.set_nodes_supplies(np.arange(rest + 1), supplies)
    status = flow.solve()
    if status != SimpleMinCostFlow.OPTIMAL:
        raise Unusable("too_large", "人数和距离超出精确计算的范围：请设定可达范围，或分片计算。")
    used = flow.flows(arcs)
    chosen = np.flatnonzero(used[: len(pairs.row)])
    branch_of, cost_of = np.full(rows, -1, np.int64), np.zeros(rows, np.int64)
    branch_of[pairs.row[chosen]] = pairs.branch[chosen]
    cost_of[pairs.row[chosen]] = pairs.cost[chosen]
    unmet = np.zeros(m, np.int64)
    unmet[short] = used[len(used) - len(short) :]
    return branch_of, cost_of, unmet
