"""How two runs differ: who would move, and how many metres that gains."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from tenants.database import db
from tenants.matching.assignments.lines import PAGE
from tenants.matching.assignments.lookups import run
from tenants.matching.assignments.records import AssignmentLine
from tenants.members.lookups import names_of
from tenants.places.lookups import branch_names
from tenants.scope import Scope

Given = tuple[UUID | None, int | None]


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody whom two runs give different branches. Metres and names: before, after."""

    member_id: UUID
    name: str
    before: str
    after: str
    metres_before: float | None
    metres_after: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, over the people both are about. `saved_metres`: what the second walks less."""

    people: int
    moves: tuple[Move, ...]
    moved: int
    newly_served: int
    no_longer_served: int
    saved_metres: float


def compare(scope: Scope, before_id: UUID, after_id: UUID, *, limit: int = PAGE) -> Comparison:
    """How the second run differs from the first; the longest saving first. Raises NotFound."""
    run(scope, before_id)
    run(scope, after_id)
    was, now = _found(scope, before_id), _found(scope, after_id)
    both = sorted(was.keys() & now.keys())
    changed = [id_ for id_ in both if was[id_][0] != now[id_][0]]
    changed.sort(key=lambda id_: (now[id_][1] or 0) - (was[id_][1] or 0))
    shown = changed[:limit]
    names, branches = names_of(scope, shown), branch_names(scope)
    moves = [
        Move(
            id_,
            names.get(id_, ""),
            _name(branches, was[id_][0]),
            _name(branches, now[id_][0]),
            _metres(was[id_][1]),
            _metres(now[id_][1]),
        )
        for id_ in shown
    ]
    saved = (_saved(was[id_], now[id_]) for id_ in both)
    return Comparison(
        len(both),
        tuple(moves),
        sum(1 for id_ in changed if was[id_][0] and now[id_][0]),
        sum(1 for id_ in changed if not was[id_][0]),
        sum(1 for id_ in changed if not now[id_][0]),
        sum(saved) / 100,
    )


def _found(scope: Scope, run_id: UUID) -> dict[UUID, Given]:
    """Member -> the branch a run gave and the centimetres to it. Two of these are put together
    here: joining them is slow until PostgreSQL has counted the newer run."""
    rows = db.session.execute(
        select(AssignmentLine.id, AssignmentLine.branch_id, AssignmentLine.centimetres).where(
            AssignmentLine.tenant_id == scope.tenant_id, AssignmentLine.run_id == run_id
        )
    )
    return {id_: (branch_id, centimetres) for id_, branch_id, centimetres in rows}


def _saved(was: Given, now: Given) -> int:
    """Centimetres somebody walks less; nothing where one of the ways is not known."""
    return 0 if was[1] is None or now[1] is None else was[1] - now[1]


def _name(branches: dict[UUID, str], branch_id: UUID | None) -> str:
    return "" if branch_id is None else branches.get(branch_id, "")


def _metres(centimetres: int | None) -> float | None:
    return None if centimetres is None else centimetres / 100
