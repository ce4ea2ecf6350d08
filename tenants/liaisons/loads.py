"""How many each liaison has, and which branches have one. Counts by name, never ranked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tenants.liaisons.choosing import liaison_most
from tenants.liaisons.lookups import MOST, Holder, LiaisonLine, lines_of, running
from tenants.liaisons.records import Liaison
from tenants.liaisons.rules import is_over
from tenants.places.lookups import branches
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Load:
    """How many members and branches somebody is the liaison of. `over`: more than the pack says."""

    holder: Holder
    members: int
    branches: int
    over: bool


@dataclass(frozen=True, slots=True)
class BranchLiaison:
    """A branch that is open today, and its liaison; None is a vacancy."""

    id: UUID
    name: str
    line: LiaisonLine | None


def loads(scope: Scope, day: date) -> list[Load]:
    """Everybody who is a liaison here today, by name; never ranked."""
    rule = liaison_most(scope, day)
    most = rule.value if rule else None
    found: dict[tuple[str, UUID], list[LiaisonLine]] = {}
    for line in running(scope, day, limit=MOST):
        found.setdefault((line.holder.kind, line.holder.id), []).append(line)
    lines = []
    for held in found.values():
        members = sum(each.member_id is not None for each in held)
        lines.append(Load(held[0].holder, members, len(held) - members, is_over(members, most)))
    return sorted(lines, key=lambda each: (each.holder.name, each.holder.code))


def branch_liaisons(scope: Scope, day: date) -> list[BranchLiaison]:
    """Every branch that is open on `day`, in the order of the directory."""
    lines = {
        each.branch_id: each
        for each in lines_of(
            scope, day, Liaison.branch_id.is_not(None), Liaison.ended_on.is_(None), order=()
        )
    }
    return [
        BranchLiaison(each.id, each.name, lines.get(each.id))
        for each in branches(scope)
        if each.open_on(day)
    ]
