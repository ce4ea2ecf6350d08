"""How two runs differ: who would move, and how many metres that gains."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from tenants.database import db
from tenants.matching.assignments.lookups import PAGE, run
from tenants.matching.assignments.records import AssignmentLine
from tenants.members.records import Member
from tenants.places.lookups import branch_names
from tenants.scope import Scope


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
    before, after = aliased(AssignmentLine), aliased(AssignmentLine)
    rows = db.session.execute(
        select(
            after.id,
            Member.name,
            before.branch_id,
            after.branch_id,
            before.centimetres,
            after.centimetres,
        )
        .join(before, and_(before.tenant_id == after.tenant_id, before.id == after.id))
        .join(Member, and_(Member.tenant_id == after.tenant_id, Member.id == after.id))
        .where(
            after.tenant_id == scope.tenant_id,
            after.run_id == after_id,
            before.run_id == before_id,
        )
    ).all()
    names = branch_names(scope)
    changed = [row for row in rows if row[2] != row[3]]
    moves = [
        Move(
            id_,
            name,
            names.get(old, "") if old else "",
            names.get(new, "") if new else "",
            _metres(was),
            _metres(now),
        )
        for id_, name, old, new, was, now in changed
    ]
    moves.sort(key=lambda move: (move.metres_after or 0) - (move.metres_before or 0))
    return Comparison(
        len(rows),
        tuple(moves[:limit]),
        sum(1 for row in changed if row[2] and row[3]),
        sum(1 for row in changed if not row[2]),
        sum(1 for row in changed if not row[3]),
        sum(
            (was - now) / 100
            for _id, _name, old, new, was, now in rows
            if old and new and was is not None and now is not None
        ),
    )


def _metres(centimetres: int | None) -> float | None:
    return None if centimetres is None else centimetres / 100
