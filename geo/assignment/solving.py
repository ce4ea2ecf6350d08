"""The one door to assignment: ask, choose the method, answer with prices and a state."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.assignment.bids import bid
from geo.assignment.branch_paths import A_KILOMETRE, BranchGraph
from geo.assignment.candidates import FIRST, LONG, MANY_ROWS, WHOLE_MAP, Candidates
from geo.assignment.flow import by_flow
from geo.assignment.pairs import Pricing
from geo.assignment.problem import NOBODY, Places, Question, Seats, Whole, ask
from geo.certificate import Certificate, cost_of, weigh
from geo.nearest import Place, Status

Small = npt.NDArray[np.int8]
Progress = Callable[[int, int], None]
Stopped = Callable[[], bool]

MANY_WITHOUT_SEAT: Final = 40
"""So many searches may end in "no seat" before the flow is asked instead: it is better at that."""
LOOK_AT_CLOCK: Final = 32
HASTY_DOUBLINGS: Final = 16
"""From a kilometre they lead round the earth."""


@dataclass(frozen=True)
class Assignment:
    """One entry per member, in the caller's order; lengths in whole centimetres.

    ``branch`` (n,) index, -1 = none. ``centimetres`` (n,), -1 = none or unknown. ``status`` and
    ``place`` (n,) as in :mod:`geo.nearest`. ``price`` (m,): what one more seat there would save
    everybody together (below 0: what the minimum size costs). ``lower_bound``: no assignment of as
    many people is shorter. ``more_seats``: how many people more a better one might place.
    """

    question: Question
    branch: Whole
    centimetres: Whole
    status: Small
    place: Small
    price: Whole
    total: int
    lower_bound: int
    more_seats: int
    method: str

    @property
    def placed(self) -> int:
        """How many have a branch."""
        return int((self.branch >= 0).sum())

    @property
    def proven(self) -> bool:
        """Nothing better exists."""
        return self.total == self.lower_bound and not self.more_seats

    @property
    def gap(self) -> float:
        """The share of the total that is not proven to be needed; 0 when proven."""
        return 0.0 if self.proven else (self.total - self.lower_bound) / max(self.total, 1)

    def certificate(
        self, member_ids: list[str] | None = None, branch_ids: list[str] | None = None
    ) -> Certificate:
        """What :func:`geo.certificate.check` needs to judge this without us."""
        blank = _certificate(self.question, self.branch, self.price)
        return replace(
            blank,
            placed=self.placed,
            total=self.total,
            lower_bound=self.lower_bound,
            more_seats=self.more_seats,
            member_ids=member_ids,
            branch_ids=branch_ids,
        )


def assign(
    members: Places,
    branches: Seats,
    *,
    reach_metres: float | None = None,
    frozen: npt.ArrayLike | None = None,
    forbidden: npt.ArrayLike | None = None,
    deadline_seconds: float | None = None,
    method: str | None = None,
    progress: Progress | None = None,
    stopped: Stopped | None = None,
) -> Assignment:
    """Most people placed, then fewest centimetres, over every allowed pair.

    ``frozen`` (n,): the branch a member was already told, -1 = free; it is kept whatever the rules
    say now. ``forbidden`` (f, 2): pairs member, branch never to be made. After ``deadline_seconds``,
    or once ``stopped`` says so, the best so far is returned with its gap. ``method``: paths, flow or (None) what suits.
    Raises :class:`geo.assignment.problem.Unusable`.
    """
    question = ask(members, branches, reach_metres=reach_metres, frozen=frozen, forbidden=forbidden)
    return solve(
        question,
        deadline_seconds=deadline_seconds,
        method=method,
        progress=progress,
        stopped=stopped,
    )


def solve(
    question: Question,
    *,
    deadline_seconds: float | None = None,
    method: str | None = None,
    progress: Progress | None = None,
    stopped: Stopped | None = None,
) -> Assignment:
    """As :func:`assign`, for a question already checked."""
    run = _Run(question, deadline_seconds, progress, stopped)
    if not len(question.branches):
        return run.without_branches()
    if method == "flow" or run.wanted.any() or (method is None and run.scarce):
        return run.by_flow()
    answer = run.by_paths(may_give_up=method is None)
    return run.by_flow() if answer is None else answer


class _Run:
    """One run: what both methods share."""

    def __init__(
        self,
        question: Question,
        deadline_seconds: float | None,
        progress: Progress | None,
        stopped: Stopped | None,
    ) -> None:
        self.question = question
        self.who = np.flatnonzero(question.placeable)
        self.seats, self.wanted = question.free_seats, question.still_wanted
        self.scarce = int(np.minimum(self.seats, len(self.who)).sum()) < len(self.who)
        self._until = None if deadline_seconds is None else monotonic() + deadline_seconds
        self._progress = progress
        self._stopped = stopped
        first = LONG if len(self.who) < MANY_ROWS and not self.scarce else FIRST
        self.candidates = Candidates(question, self.who, first)

    def without_branches(self) -> Assignment:
        """Nobody has anywhere to go."""
        nothing = np.zeros(0, np.int64)
        nobody = np.full(len(self.who), NOBODY)
        return self._finish(nobody, np.zeros(len(self.who), np.int64), nothing, "", proven=True)

    def by_paths(self, *, may_give_up: bool) -> Assignment | None:
        """Bids, then one shortest path each; None when too many find no seat."""
        rows, penalty = len(self.who), self.question.penalty
        seated = bid(self.candidates, self.seats, penalty)
        waiting = np.flatnonzero(seated.branch_of < 0)
        graph = BranchGraph(self.candidates, self.seats, penalty)
        graph.start(seated.branch_of, seated.cost_of, seated.price)
        without = 0
        for at, r in enumerate(waiting.tolist()):
            path = graph.seat(r)
            without += path.cost >= penalty and bool(path.settled)
            if without > MANY_WITHOUT_SEAT and may_give_up:
                return None
            if at % LOOK_AT_CLOCK == 0 and not self._go_on(rows - len(waiting) + at, rows):
                _seat_greedily(graph, waiting[at + 1 :].tolist())
                return self._answer(graph, proven=False)
        return self._answer(graph, proven=True)

    def by_flow(self) -> Assignment:
        """Column generation."""
        rows = len(self.who)
        flow = by_flow(
            self.candidates,
            Pricing(self.question, self.candidates),
            self.seats,
            self.wanted,
            self.question.penalty,
            lambda wrong: self._go_on(rows - wrong, rows),
        )
        return self._finish(flow.branch_of, flow.cost_of, flow.price, "flow", proven=flow.proven)

    def _go_on(self, done: int, total: int) -> bool:
        if self._progress is not None:
            self._progress(done, total)
        if self._stopped is not None and self._stopped():
            return False
        return self._until is None or monotonic() < self._until

    def _answer(self, graph: BranchGraph, *, proven: bool) -> Assignment:
        branch_of = np.array(graph.branch_of, np.int64)
        branch_of[branch_of == graph.nowhere] = NOBODY
        cost_of, price = np.array(graph.cost_of, np.int64), np.array(graph.price[:-1], np.int64)
        return self._finish(branch_of, cost_of, price, "paths", proven=proven)

    def _finish(
        self, branch_of: Whole, cost: Whole, price: Whole, method: str, *, proven: bool
    ) -> Assignment:
        question = self.question
        branch = question.frozen.copy()
        branch[self.who] = branch_of
        centimetres = np.full(len(branch), -1, np.int64)
        centimetres[self.who] = np.where(branch_of >= 0, cost, -1)
        blank = _certificate(question, branch, price)
        told = np.flatnonzero((question.frozen != NOBODY) & question.located)
        centimetres[told] = cost_of(blank, told, question.frozen[told])
        total = int(centimetres[centimetres > 0].sum())
        bound, more = total, 0
        if not proven:
            verdict = weigh(blank)
            bound, more = verdict.lower_bound, verdict.more_seats
        status, place = self._status(branch), _place(question, branch, centimetres)
        return Assignment(
            question, branch, centimetres, status, place, price, total, bound, more, method
        )

    def _status(self, branch: Whole) -> Small:
        """Why those without a branch have none."""
        question = self.question
        status = np.full(len(branch), Status.ASSIGNED, np.int8)
        status[(branch < 0) & ~question.located] = Status.NO_PLACE
        without = np.flatnonzero((branch < 0) & question.located)
        status[without] = Status.NO_SEAT
        row_of = np.full(len(branch), -1)
        row_of[self.who] = np.arange(len(self.who))
        rows = row_of[without]
        lists = [self.candidates.row(int(r))[0] for r in rows]
        alone = [not len(near) for near in lists]
        nearby = rows[alone][self.candidates.radius[rows[alone]] < WHOLE_MAP]
        self.candidates.grow(nearby, np.full(len(nearby), WHOLE_MAP))
        alone = [not len(self.candidates.row(int(r))[0]) for r in rows]
        lonely = without[alone]
        if lonely.size:
            anywhere = Candidates(replace(question, reach=None), lonely, len(branch) + 1)
            allowed = np.diff(anywhere.start) > 0
            status[lonely] = np.where(allowed, Status.OUT_OF_REACH, Status.NOT_ALLOWED)
        return status


def _seat_greedily(graph: BranchGraph, rows: list[int]) -> None:
    """The hasty rest of an interrupted run: each in turn to the nearest listed free seat.

    A list without one grows until it has one.
    """
    candidates = graph.candidates
    for r in rows:
        for _ in range(HASTY_DOUBLINGS):
            branches, costs = candidates.row(r)
            open_seats = [
                (cost, k)
                for k, cost in zip(branches.tolist(), costs.tolist(), strict=True)
                if graph.load[k] < graph.seats[k]
            ]
            if open_seats or candidates.radius[r] >= WHOLE_MAP:
                break
            candidates.grow(np.array([r]), 2 * candidates.radius[[r]] + A_KILOMETRE)
        graph.branch_of[r] = graph.nowhere
        if open_seats:
            graph.cost_of[r], k = min(open_seats)
            graph.branch_of[r] = k
            graph.load[k] += 1


def _certificate(question: Question, branch: Whole, price: Whole) -> Certificate:
    members, branches = question.members, question.branches
    return Certificate(
        home=members.home,
        work=members.work,
        labels=members.classes,
        frozen=question.frozen,
        forbidden=question.forbidden,
        lonlat=np.asarray(branches.lonlat, np.float64).reshape(-1, 2),
        capacity=question.capacity,
        minimum=question.minimum,
        classes=branches.classes,
        reach=question.reach,
        penalty=question.penalty,
        branch_of=branch,
        price=price,
        placed=0,
        total=0,
        lower_bound=0,
        more_seats=0,
    )


def _place(question: Question, branch: Whole, centimetres: Whole) -> Small:
    """Which of the two places the centimetres were measured from; home when both are as near."""
    place = np.where(centimetres >= 0, Place.HOME, Place.NONE).astype(np.int8)
    if question.members.work is not None:
        rows = np.flatnonzero(centimetres >= 0)
        at_home = replace(_certificate(question, branch, np.zeros(0, np.int64)), work=None)
        longer = cost_of(at_home, rows, branch[rows]) > centimetres[rows]
        place[rows[longer]] = Place.WORK
    return place
