"""Questions about the lines of a run: what it found for whom, and what became of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from tenants.database import db
from tenants.errors import NotFound
from tenants.matching.assignments.records import AssignmentLine
from tenants.matching.assignments.sets import one_of
from tenants.members.lookups import names_of
from tenants.members.records import Member
from tenants.places.lookups import branch_names
from tenants.scope import Scope

PAGE = 50


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line with its person's name; `branch` and `from_branch` are names, '' = none."""

    member_id: UUID
    name: str
    branch_id: UUID | None
    branch: str
    from_branch: str
    metres: float | None
    place: str
    outcome: str
    reason: str
    site: int | None
    accepted: bool

    @property
    def may_be_accepted(self) -> bool:
        """An arrival that stays, or nobody's branch, leaves nothing to accept."""
        return self.outcome == "assigned" and not self.accepted and self.branch != self.from_branch


def lines(
    scope: Scope,
    run_id: UUID,
    *,
    outcomes: Collection[str] = (),
    branch_id: UUID | None = None,
    words: str = "",
    changed_only: bool = False,
    member_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE,
) -> list[LineCard]:
    """Lines of a run by member id after `after`. `changed_only`: whose branch would change."""
    question = select(
        AssignmentLine.id,
        AssignmentLine.branch_id,
        AssignmentLine.from_branch_id,
        AssignmentLine.centimetres,
        AssignmentLine.place,
        AssignmentLine.outcome,
        AssignmentLine.reason,
        AssignmentLine.site,
        AssignmentLine.acceptance_id.is_not(None),
    ).where(AssignmentLine.tenant_id == scope.tenant_id, AssignmentLine.run_id == run_id)
    if outcomes:
        question = question.where(AssignmentLine.outcome.in_(outcomes))
    if branch_id is not None:
        question = question.where(AssignmentLine.branch_id == branch_id)
    if words:
        question = question.where(one_of(AssignmentLine.id, _named(scope, words)))
    if changed_only:
        question = question.where(
            AssignmentLine.branch_id.is_distinct_from(AssignmentLine.from_branch_id)
        )
    if member_id is not None:
        question = question.where(AssignmentLine.id == member_id)
    if after is not None:
        question = question.where(AssignmentLine.id > after)
    rows = db.session.execute(question.order_by(AssignmentLine.id).limit(limit)).all()
    return _cards(scope, rows)


def line(scope: Scope, run_id: UUID, member_id: UUID) -> LineCard:
    """One line. Raises NotFound."""
    found = lines(scope, run_id, member_id=member_id, limit=1)
    if not found:
        raise NotFound
    return found[0]


def unserved_by_reason(scope: Scope, run_id: UUID) -> dict[str, int]:
    """How many a run found no branch for, and why, the most frequent reason first."""
    how_many = func.count()
    rows = db.session.execute(
        select(AssignmentLine.reason, how_many)
        .where(
            AssignmentLine.tenant_id == scope.tenant_id,
            AssignmentLine.run_id == run_id,
            AssignmentLine.outcome == "unserved",
        )
        .group_by(AssignmentLine.reason)
        .order_by(how_many.desc(), AssignmentLine.reason)
    )
    return {reason: count for reason, count in rows}


def to_accept(scope: Scope, run_id: UUID) -> int:
    """How many lines of a run stand open for somebody to accept."""
    return db.session.execute(
        select(func.count()).where(
            AssignmentLine.tenant_id == scope.tenant_id,
            AssignmentLine.run_id == run_id,
            AssignmentLine.outcome == "assigned",
            AssignmentLine.acceptance_id.is_(None),
            AssignmentLine.branch_id.is_distinct_from(AssignmentLine.from_branch_id),
        )
    ).scalar_one()


def people_of_sites(scope: Scope, run_id: UUID) -> dict[int, dict[UUID, str]]:
    """Site -> the tenant's own people who would join it, by name."""
    rows = db.session.execute(
        select(AssignmentLine.site, AssignmentLine.id)
        .where(
            AssignmentLine.tenant_id == scope.tenant_id,
            AssignmentLine.run_id == run_id,
            AssignmentLine.site.is_not(None),
        )
        .order_by(AssignmentLine.id)
    ).all()
    names = names_of(scope, [member_id for _site, member_id in rows])
    found: dict[int, dict[UUID, str]] = {}
    for site, member_id in rows:
        found.setdefault(site or 0, {})[member_id] = names.get(member_id, "—")
    return found


def accepted_lines(scope: Scope, acceptance_id: UUID) -> int:
    """How many lines an acceptance still holds."""
    return db.session.execute(
        select(func.count()).where(
            AssignmentLine.tenant_id == scope.tenant_id,
            AssignmentLine.acceptance_id == acceptance_id,
        )
    ).scalar_one()


def _cards(scope: Scope, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[LineCard]:
    """The rows of `lines` with the names of their people and branches."""
    people, places = names_of(scope, [row[0] for row in rows]), branch_names(scope)
    return [
        LineCard(
            id_,
            people.get(id_, "—"),
            branch,
            places.get(branch, "") if branch else "",
            places.get(came_from, "") if came_from else "",
            None if centimetres is None else centimetres / 100,
            place,
            outcome,
            reason,
            site,
            accepted,
        )
        for id_, branch, came_from, centimetres, place, outcome, reason, site, accepted in rows
    ]


def _named(scope: Scope, words: str) -> list[UUID]:
    """Members whose name holds these words. Asked by itself: see `sets.one_of`."""
    return list(
        db.session.execute(
            select(Member.id).where(
                Member.tenant_id == scope.tenant_id,
                Member.name.contains(words.strip(), autoescape=True),
            )
        ).scalars()
    )
