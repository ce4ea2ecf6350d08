"""Households as a mixed-integer programme: one yes or no per host, everything else a flow."""

from time import monotonic

import numpy as np
import numpy.typing as npt
from ortools.linear_solver import pywraplp

from geo.assignment.problem import Unusable, Whole

Flags = npt.NDArray[np.bool_]


def by_programme(
    cost: Whole,
    allowed: Flags,
    minimum: Whole,
    maximum: Whole,
    *,
    must: Flags,
    most: int | None,
    until: float,
) -> tuple[Whole, int]:
    """(host of each person or -1, a proven lower bound in centimetres for placing as many).

    ``cost`` and ``allowed`` (n, h); ``must`` (n,): people who have to be placed; ``most``: how many
    can be placed at most, when that is known, otherwise it is found first. ``until`` on the
    monotonic clock. Raises Unusable when what was agreed cannot be kept.
    """
    if not allowed.any():
        return np.full(len(cost), -1), 0
    if most is None:
        model = _Model(cost, allowed, minimum, maximum, must)
        model.prefer_many()
        chosen, _ = model.solve(until)
        most = int((chosen >= 0).sum())
    if not most:
        return np.full(len(cost), -1), 0
    model = _Model(cost, allowed, minimum, maximum, must)
    model.prefer_near(most)
    return model.solve(until)


class _Model:
    """Pairs are numbers between 0 and 1, hosts are open or not; a pair needs its host open."""

    def __init__(
        self, cost: Whole, allowed: Flags, minimum: Whole, maximum: Whole, must: Flags
    ) -> None:
        self._cost = cost
        self._solver = solver = pywraplp.Solver.CreateSolver("SCIP")
        exact = pywraplp.MPSolverParameters()
        exact.SetDoubleParam(pywraplp.MPSolverParameters.RELATIVE_MIP_GAP, 0.0)
        self._exact = exact
        self._pairs = list(zip(*(at.tolist() for at in np.nonzero(allowed)), strict=True))
        self._taken = {pair: solver.NumVar(0, 1, "") for pair in self._pairs}
        is_open = [solver.BoolVar("") for _ in range(len(minimum))]
        of_person: list[list[pywraplp.Variable]] = [[] for _ in cost]
        of_host: list[list[pywraplp.Variable]] = [[] for _ in is_open]
        for (i, j), taken in self._taken.items():
            of_person[i].append(taken)
            of_host[j].append(taken)
            solver.Add(taken <= is_open[j])
        for i, choices in enumerate(of_person):
            if must[i]:
                solver.Add(solver.Sum(choices) == 1)
            else:
                solver.Add(solver.Sum(choices) <= 1)
        for j, guests in enumerate(of_host):
            solver.Add(solver.Sum(guests) <= int(maximum[j]) * is_open[j])
            solver.Add(solver.Sum(guests) >= int(minimum[j]) * is_open[j])

    def prefer_many(self) -> None:
        """As many people as possible."""
        self._solver.Maximize(self._solver.Sum(list(self._taken.values())))

    def prefer_near(self, people: int) -> None:
        """Exactly so many, at the fewest centimetres."""
        solver = self._solver
        solver.Add(solver.Sum(list(self._taken.values())) == people)
        costs = [int(self._cost[pair]) * taken for pair, taken in self._taken.items()]
        solver.Minimize(solver.Sum(costs))

    def solve(self, until: float) -> tuple[Whole, int]:
        """(host of each person, bound on the objective in whole units)."""
        solver = self._solver
        solver.SetTimeLimit(max(int((until - monotonic()) * 1000), 1000))
        status = solver.Solve(self._exact)
        if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            if status == pywraplp.Solver.INFEASIBLE:
                raise Unusable(
                    "agreed_impossible",
                    "已同意的配对凑不成各户的人数范围：请取消部分已同意的配对，或调整人数范围。",
                    "members",
                )
            raise TimeoutError("no division found in the time allowed")
        chosen = np.full(len(self._cost), -1)
        for (i, j), taken in self._taken.items():
            if taken.solution_value() > 0.5:
                chosen[i] = j
        return chosen, int(np.ceil(solver.Objective().BestBound() - 0.01))
