"""Questions about assignment runs: which there are, and what each found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from tenants.database import db
from tenants.errors import NotFound
from tenants.matching.assignments.findings import Price, Site
from tenants.matching.assignments.lines import PAGE
from tenants.matching.assignments.records import (
    AssignmentAcceptance,
    AssignmentBranch,
    AssignmentLine,
    AssignmentRun,
    AssignmentSite,
)
from tenants.matching.rules import Branch
from tenants.places.lookups import branch_names, branches
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run was asked; see `records.AssignmentRun`."""

    whom: str
    basis: str
    reach_metres: int
    keep_placed: bool


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run with its totals. `accepted`: lines accepted and not taken back."""

    id: UUID
    whom: str
    basis: str
    reach_metres: int
    keep_placed: bool
    state: str
    sentence: str
    asked_at: datetime
    ended_at: datetime | None
    people: int
    assigned: int
    kept: int
    unserved: int
    total_centimetres: int
    bound_centimetres: int
    gap: float
    seconds: float
    accepted: int

    @property
    def proven(self) -> bool:
        return self.total_centimetres == self.bound_centimetres and self.gap == 0

    @property
    def is_told(self) -> bool:
        """Nobody here asked for it: a county's run found it and told this community."""
        return self.state == "done" and self.sentence != ""

    @property
    def is_over(self) -> bool:
        return self.state != "asked"


@dataclass(frozen=True, slots=True)
class PriceCard:
    """A branch of a run with its name."""

    name: str
    price: Price


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One act of accepting, and whether it was taken back."""

    id: UUID
    lines: int
    accepted_at: datetime
    undone_at: datetime | None


def run_options(scope: Scope, run_id: UUID) -> RunOptions:
    """What a run was asked. Raises NotFound."""
    row = db.session.execute(
        select(
            AssignmentRun.whom,
            AssignmentRun.basis,
            AssignmentRun.reach_metres,
            AssignmentRun.keep_placed,
        ).where(AssignmentRun.tenant_id == scope.tenant_id, AssignmentRun.id == run_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return RunOptions(*row)


def runs(scope: Scope, *, limit: int = PAGE) -> list[RunCard]:
    """The tenant's runs, newest first, discarded ones left out."""
    return _runs(scope, limit=limit)


def run(scope: Scope, run_id: UUID) -> RunCard:
    """One run. Raises NotFound, also when it was discarded."""
    found = _runs(scope, run_id=run_id, limit=1)
    if not found:
        raise NotFound
    return found[0]


def prices(scope: Scope, run_id: UUID) -> list[PriceCard]:
    """The tenant's branches in a run: those where a seat is worth most come first."""
    rows = db.session.execute(
        select(
            AssignmentBranch.id,
            AssignmentBranch.is_open,
            AssignmentBranch.seats,
            AssignmentBranch.given,
            AssignmentBranch.saved_centimetres,
            AssignmentBranch.places_one_more,
        )
        .where(AssignmentBranch.tenant_id == scope.tenant_id, AssignmentBranch.run_id == run_id)
        .order_by(
            AssignmentBranch.places_one_more.desc(),
            AssignmentBranch.saved_centimetres.desc(),
            AssignmentBranch.given.desc(),
            AssignmentBranch.id,
        )
    )
    names = branch_names(scope)
    return [PriceCard(names.get(row[0], ""), Price(*row)) for row in rows]


def branches_as_seen(scope: Scope, run_id: UUID) -> list[Branch]:
    """The tenant's branches with the seats a run could give."""
    seen = {card.price.branch_id: card.price for card in prices(scope, run_id)}
    return [
        Branch(
            branch.id,
            (branch.lon, branch.lat),
            seen[branch.id].seats,
            frozenset(branch.classes),
            seen[branch.id].is_open,
        )
        for branch in branches(scope)
        if branch.id in seen
    ]


def sites(scope: Scope, run_id: UUID) -> list[Site]:
    """Temporary branches that a run proposes, the largest first."""
    rows = db.session.execute(
        select(
            AssignmentSite.id,
            AssignmentSite.lon,
            AssignmentSite.lat,
            AssignmentSite.radius_metres,
            AssignmentSite.people,
        )
        .where(AssignmentSite.tenant_id == scope.tenant_id, AssignmentSite.run_id == run_id)
        .order_by(AssignmentSite.id)
    )
    return [Site(*row) for row in rows]


def acceptances(scope: Scope, run_id: UUID) -> list[Acceptance]:
    """Who accepted what of a run, newest first."""
    rows = db.session.execute(
        select(
            AssignmentAcceptance.id,
            AssignmentAcceptance.lines,
            AssignmentAcceptance.accepted_at,
            AssignmentAcceptance.undone_at,
        )
        .where(
            AssignmentAcceptance.tenant_id == scope.tenant_id,
            AssignmentAcceptance.run_id == run_id,
        )
        .order_by(AssignmentAcceptance.accepted_at.desc(), AssignmentAcceptance.id.desc())
    )
    return [Acceptance(*row) for row in rows]


def _runs(scope: Scope, *, run_id: UUID | None = None, limit: int) -> list[RunCard]:
    accepted = (
        select(func.count())
        .where(
            AssignmentLine.tenant_id == AssignmentRun.tenant_id,
            AssignmentLine.run_id == AssignmentRun.id,
            AssignmentLine.acceptance_id.is_not(None),
        )
        .correlate(AssignmentRun)
        .scalar_subquery()
    )
    question = (
        select(
            AssignmentRun.id,
            AssignmentRun.whom,
            AssignmentRun.basis,
            AssignmentRun.reach_metres,
            AssignmentRun.keep_placed,
            AssignmentRun.state,
            AssignmentRun.sentence,
            AssignmentRun.asked_at,
            AssignmentRun.ended_at,
            AssignmentRun.people,
            AssignmentRun.assigned,
            AssignmentRun.kept,
            AssignmentRun.unserved,
            AssignmentRun.total_centimetres,
            AssignmentRun.bound_centimetres,
            AssignmentRun.gap,
            AssignmentRun.seconds,
            accepted,
        )
        .where(AssignmentRun.tenant_id == scope.tenant_id, AssignmentRun.state != "discarded")
        .order_by(AssignmentRun.asked_at.desc(), AssignmentRun.id.desc())
        .limit(limit)
    )
    if run_id is not None:
        question = question.where(AssignmentRun.id == run_id)
    rows: Sequence[tuple[object, ...]] = db.session.execute(question).all()
    return [RunCard(*row) for row in rows]  # type: ignore[arg-type]
