"""Households for more people than a mixed-integer programme can settle: close hosts step by step."""

from time import monotonic
from typing import Final

import numpy as np
import numpy.typing as npt
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from geo.assignment.problem import Unusable, Whole

Flags = npt.NDArray[np.bool_]
SHARE_CLOSED_AT_ONCE: Final = 0.1


def by_closing(
    cost: Whole,
    allowed: Flags,
    minimum: Whole,
    maximum: Whole,
    *,
    must: Flags,
    until: float,
) -> tuple[Whole, int]:
    """As :func:`geo.household_programme.by_programme`, not exact: the bound is that of the same
    question without minima.

    Hosts too few people come to are closed, the emptiest tenth first, and everybody chooses again.
    When closing more would leave people out, the remaining minima are filled from further away; a
    host that cannot be filled even so is closed too.
    """
    opened = np.ones(len(minimum), bool)
    agreed = np.zeros(len(minimum), np.int64)
    np.add.at(agreed, np.nonzero(allowed[must])[1], 1)
    chosen = fill(cost, allowed, np.zeros_like(minimum), maximum, opened, must)
    assert chosen is not None, "without minima there is always an answer"
    placed, bound = int((chosen >= 0).sum()), _length(cost, chosen)
    while True:
        load = np.bincount(chosen[chosen >= 0], minlength=len(minimum))
        opened &= (load > 0) | (agreed > 0)
        short = np.flatnonzero(opened & (load < minimum))
        if not short.size:
            break
        filled = None
        if _may_fill(short, opened, until):
            filled = fill(cost, allowed, minimum, maximum, opened, must)
        if filled is not None and (filled >= 0).sum() >= (chosen >= 0).sum():
            chosen = filled
            break
        opened[_emptiest(short[agreed[short] == 0], load)] = False
        again = fill(cost, allowed, np.zeros_like(minimum), maximum, opened, must)
        assert again is not None, "without minima there is always an answer"
        chosen = again
    if int((chosen >= 0).sum()) < placed:
        bound = 0
    return chosen, bound


def _emptiest(closable: Whole, load: Whole) -> Whole:
    """The tenth of the hosts that fewest people come to; those who agreed keep theirs open."""
    if not closable.size:
        raise Unusable(
            "agreed_impossible",
            "已同意的配对凑不成各户的人数范围：请取消部分已同意的配对，或调整人数范围。",
            "members",
        )
    order = closable[np.argsort(load[closable], kind="stable")]
    return order[: max(1, int(len(order) * SHARE_CLOSED_AT_ONCE))]


def _may_fill(short: Whole, opened: Flags, until: float) -> bool:
    """Filling is tried once few hosts are short, or no time is left to close them gently."""
    return len(short) <= max(2, 0.05 * opened.sum()) or monotonic() > until


def _length(cost: Whole, chosen: Whole) -> int:
    seated = np.flatnonzero(chosen >= 0)
    return int(cost[seated, chosen[seated]].sum())


def fill(
    cost: Whole, allowed: Flags, minimum: Whole, maximum: Whole, opened: Flags, must: Flags
) -> Whole | None:
    """Exactly, over the open hosts: first those who ``must``, then most people, then the fewest
    centimetres. (n,) host or -1; None when minima cannot be met."""
    n, h = cost.shape
    person, host = np.nonzero(allowed & opened)
    penalty = int(cost.max(initial=0) + 1) * (min(n, h) + 1)
    left_out = np.where(must, penalty * (n + 1), penalty)
    low = np.where(opened, minimum, 0)
    rest = n + h
    tails = np.concatenate((person, np.arange(n), n + np.arange(h)))
    heads = np.concatenate((n + host, np.full(n + h, rest)))
    limits = np.concatenate(
        (np.ones(len(person) + n, np.int64), np.where(opened, maximum - low, 0))
    )
    costs = np.concatenate((cost[person, host], left_out, np.zeros(h, np.int64)))
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, limits, costs)
    supplies = np.concatenate((np.ones(n, np.int64), -low, [int(low.sum()) - n]))
    flow.set_nodes_supplies(np.arange(rest + 1), supplies)
    if flow.solve() != SimpleMinCostFlow.OPTIMAL:
        return None
    used = np.flatnonzero(flow.flows(arcs)[: len(person)])
    chosen = np.full(n, -1)
    chosen[person[used]] = host[used]
    return chosen
