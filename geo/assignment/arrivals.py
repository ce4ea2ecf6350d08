"""One person more in an assignment that is already optimal.

By default everybody already told keeps their branch and the newcomer takes the nearest free seat;
what moving others would save is told, not done. A register pickles, so it can be kept between runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.assignment.branch_paths import A_KILOMETRE, BranchGraph, Path
from geo.assignment.candidates import WHOLE_MAP, Candidates
from geo.assignment.problem import NOBODY
from geo.assignment.solving import Assignment
from geo.nearest import Status


@dataclass(frozen=True)
class Move:
    """Somebody who changes branch; ``to`` -1 = loses the seat."""

    member: int
    origin: int
    to: int


@dataclass(frozen=True)
class Arrival:
    """What became of a newcomer, number ``member``.

    ``branch`` -1 = none, see ``status``. ``moves`` were made. ``would_move`` is how many others the
    optimum would move (0: this is the optimum), ``saving`` what that would spare everybody
    together, in centimetres; None when it would seat a newcomer who has no seat without it.
    """

    member: int
    branch: int
    centimetres: int
    status: Status
    moves: tuple[Move, ...]
    would_move: int
    saving: int | None


class Register:
    """An optimal assignment that takes arrivals. Members are numbered on from the question's."""

    def __init__(self, assignment: Assignment) -> None:
        question = assignment.question
        who = np.flatnonzero(question.placeable)
        branch = assignment.branch[who]
        self.candidates = Candidates(question, who)
        self.graph = BranchGraph(self.candidates, question.free_seats, question.penalty)
        cost = np.where(branch >= 0, assignment.centimetres[who], question.penalty)
        self.graph.start(
            np.where(branch >= 0, branch, len(assignment.price)), cost, assignment.price
        )
        self.members = len(question.members)
        self.proven = assignment.proven
        """Whether moving people as the optimum wants would still lead to a proven optimum."""

    def arrive(
        self,
        home: npt.ArrayLike | None,
        *,
        work: npt.ArrayLike | None = None,
        label: str = "",
        forbidden: Sequence[int] = (),
        move_others: bool = False,
    ) -> Arrival:
        """Seat a newcomer from ``home`` and ``work`` (longitude, latitude), of class ``label``."""
        member = self.members
        self.members += 1
        at_home, at_work = _place(home), _place(work)
        if np.isnan(at_home).all() and np.isnan(at_work).all():
            return Arrival(member, NOBODY, -1, Status.NO_PLACE, (), 0, 0)
        self.candidates.forbid(member, forbidden)
        r = self.candidates.append(at_home, None if work is None else at_work, label, member)
        row = self.graph.add_row()
        assert r == row, "lists and rows keep step"
        path = self.graph.find(r)
        return self._join(r, path) if move_others else self._sit_fast(r, path)

    def _join(self, r: int, path: Path) -> Arrival:
        """As the optimum wants it."""
        who, moves = self.candidates.who, []
        for i, origin, to in zip(path.moves, path.branches, path.branches[1:], strict=False):
            goal = NOBODY if to == self.graph.nowhere else to
            moves.append(Move(int(who[i]), origin, goal))
        self.graph.take(r, path)
        branch = self.graph.branch_of[r]
        if branch == self.graph.nowhere:
            return self._without(r)
        cost = self.graph.cost_of[r]
        return Arrival(int(who[r]), branch, cost, Status.ASSIGNED, tuple(moves), 0, 0)

    def _sit_fast(self, r: int, path: Path) -> Arrival:
        """The nearest free seat, and nobody moves; the seat leaves the graph with its owner."""
        cost, branch = self._nearest_free(r)
        self.graph.branch_of[r] = self.graph.nowhere
        would_move = len(path.moves)
        if branch == NOBODY:
            seatless = path.branches[-1] == self.graph.nowhere
            return self._without(r, 0 if seatless else would_move)
        self.graph.seats[branch] -= 1
        self.proven &= self.graph.price[branch] == 0
        member = int(self.candidates.who[r])
        saving = cost - path.cost
        return Arrival(
            member, branch, cost, Status.ASSIGNED, (), would_move if saving else 0, saving
        )

    def _without(self, r: int, would_move: int = 0) -> Arrival:
        member = int(self.candidates.who[r])
        nowhere_near = not len(self.candidates.row(r)[0])
        status = Status.NO_SEAT
        if nowhere_near:
            status = Status.OUT_OF_REACH if self.candidates.anywhere(r) else Status.NOT_ALLOWED
        return Arrival(member, NOBODY, -1, status, (), would_move, None if would_move else 0)

    def _nearest_free(self, r: int) -> tuple[int, int]:
        """(centimetres, branch) of the nearest free seat within the rules; branch -1 = none."""
        graph, radius = self.graph, self.candidates.radius
        while True:
            branches, costs = self.candidates.row(r)
            free = [
                (cost, k)
                for k, cost in zip(branches.tolist(), costs.tolist(), strict=True)
                if graph.load[k] < graph.seats[k]
            ]
            best = min(free, default=(WHOLE_MAP, NOBODY))
            if best[0] <= radius[r]:
                return best
            self.candidates.grow(np.array([r]), np.array([2 * int(radius[r]) + A_KILOMETRE]))


def _place(lonlat: npt.ArrayLike | None) -> npt.NDArray[np.float64]:
    """One place; NaN for none and for one off the earth."""
    if lonlat is None:
        return np.full(2, np.nan)
    place = np.asarray(lonlat, np.float64).reshape(2)
    on_earth = abs(place[0]) <= 180 and abs(place[1]) <= 90
    return place if on_earth else np.full(2, np.nan)
