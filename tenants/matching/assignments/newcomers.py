"""Who came after a run, and what one of them would mean for what it found. Reading only."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from tenants.arrivals.lookups import ArrivalLine, arrivals
from tenants.database import db
from tenants.errors import Conflict, NotFound
from tenants.matching.assignments.findings import Line
from tenants.matching.assignments.lookups import RunCard, branches_as_seen
from tenants.matching.assignments.needs import NOT_YET_PLACED, people
from tenants.matching.assignments.one_more import OneMore, Seat, one_more
from tenants.matching.assignments.records import AssignmentLine
from tenants.members.lookups import names_of
from tenants.places.lookups import branch_names
from tenants.scope import Scope

SHOWN = 50
MOST_PEOPLE = 10_000
"""The optimum is found again for the answer; of more people a page would wait too long."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody who would change branch, by name."""

    member_id: UUID
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Effect:
    """`one_more.OneMore` with names. `frozen_branch`, `best_branch`: '' = none."""

    frozen: Seat
    frozen_branch: str
    best: Seat
    best_branch: str
    moved: tuple[Moved, ...]
    saved_metres: float | None

    @property
    def is_optimal(self) -> bool:
        """Moving others would help nobody."""
        return self.saved_metres == 0


def came_after(scope: Scope, run_id: UUID) -> list[ArrivalLine]:
    """Arrivals without a branch whom a run is not about, newest first, at most `SHOWN`."""
    in_run = set(
        db.session.execute(
            select(AssignmentLine.id).where(
                AssignmentLine.tenant_id == scope.tenant_id, AssignmentLine.run_id == run_id
            )
        ).scalars()
    )
    waiting = arrivals(scope, states=NOT_YET_PLACED, limit=len(in_run) + SHOWN)
    return [line for line in waiting if line.member_id not in in_run][:SHOWN]


def effect(scope: Scope, run: RunCard, member_id: UUID) -> Effect:
    """What it would mean if this member came to the run's optimum.

    Raises NotFound, also for a member whom the run is about, and Conflict when its optimum cannot
    be found again: too many people, not proven, or facts that changed since.
    """
    if run.people > MOST_PEOPLE:
        raise Conflict("这次安排的人太多，一时算不出来。可以把新来的人一起重新安排。")
    if not run.proven:
        raise Conflict("这次安排没有算到最优，说不准来一个人会怎样。可以重新安排一次。")
    lines = _lines(scope, run.id)
    who = {one.member_id: one for one in people(scope, "everybody", keep_placed=True)}
    if member_id not in who or member_id in lines:
        raise NotFound
    found = one_more(
        [who[id_] for id_, line in lines.items() if line.outcome != "kept" and id_ in who],
        lines,
        branches_as_seen(scope, run.id),
        who[member_id],
        basis=run.basis,
        reach_metres=run.reach_metres,
    )
    if found is None or lines.keys() - who.keys():
        raise Conflict("这次安排以后情况有变：有人的位置、类别或支部改了。请重新安排一次。")
    return _named(scope, found)


def _named(scope: Scope, found: OneMore) -> Effect:
    places: dict[UUID | None, str] = dict(branch_names(scope).items())
    names = names_of(scope, [mover.member_id for mover in found.movers])
    return Effect(
        found.frozen,
        places.get(found.frozen.branch_id, ""),
        found.best,
        places.get(found.best.branch_id, ""),
        tuple(
            Moved(
                mover.member_id,
                names.get(mover.member_id, ""),
                places.get(mover.from_id, ""),
                places.get(mover.to_id, ""),
            )
            for mover in found.movers
        ),
        found.saved_metres,
    )


def _lines(scope: Scope, run_id: UUID) -> dict[UUID, Line]:
    table = AssignmentLine
    rows = db.session.execute(
        select(
            table.id,
            table.branch_id,
            table.from_branch_id,
            table.centimetres,
            table.place,
            table.outcome,
            table.reason,
        )
        .where(table.tenant_id == scope.tenant_id, table.run_id == run_id)
        .order_by(table.id)
    )
    return {row[0]: Line(*row) for row in rows}
