"""What people do with runs: start one, discard it, accept lines, take an acceptance back.

Everything goes through `tenants.matching.actions`, so seats, audit and undo are one truth.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.marking import N_
from tenants.matching.actions import accept, redirect, undo_placement
from tenants.matching.assignments.records import (
    BASES,
    WHOM,
    AssignmentAcceptance,
    AssignmentBranch,
    AssignmentCommunity,
    AssignmentLine,
    AssignmentRun,
    AssignmentSite,
)
from tenants.matching.assignments.sets import one_of
from tenants.matching.assignments.standing import Left, Standing, locked, sift
from tenants.matching.lookups import open_proposals
from tenants.members.actions import join_branch
from tenants.outbox.actions import ask
from tenants.places.actions import give_back_place, take_place
from tenants.scope import Scope

ASSIGN_JOB = "assign_branches"
COUNTY_JOB = "assign_county"
FARTHEST_METRES = 500_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many lines changed, and those that were left as they are."""

    acceptance_id: UUID | None
    done: int
    left: tuple[Left, ...]


def start_run(
    scope: Scope, *, whom: str, basis: str, reach_metres: int, keep_placed: bool = True
) -> UUID:
    """Ask for a run; answers its id, which is the job's. Raises InvalidInput."""
    _refuse_unusable(whom, basis, reach_metres)
    run_id = ask(scope, ASSIGN_JOB, {})
    _add_run(scope, run_id, whom, basis, reach_metres, keep_placed)
    return run_id


def start_county_run(scope: Scope, *, basis: str, reach_metres: int) -> UUID:
    """Ask for a run over everybody who waits in the county; answers its id.

    Raises NotAllowed below a county, InvalidInput.
    """
    if scope.level != "county":
        raise NotAllowed
    _refuse_unusable("waiting", basis, reach_metres)
    run_id = ask(scope, COUNTY_JOB, {})
    _add_run(scope, run_id, "waiting", basis, reach_metres, keep_placed=True)
    return run_id


def discard_run(scope: Scope, run_id: UUID) -> None:
    """Forget what a run found. Raises NotFound, Conflict while something of it is accepted."""
    record = _run(scope, run_id)
    if _accepted_lines(scope, run_id):
        raise Conflict("这次安排中还有已接受的人,请先撤销接受,再放弃这次安排。")
    for table in (AssignmentLine, AssignmentBranch, AssignmentSite, AssignmentCommunity):
        db.session.execute(
            delete(table).where(table.tenant_id == scope.tenant_id, table.run_id == run_id)
        )
    record.state = "discarded"
    note(scope, "discard_assignment", "assignment_run", run_id)


def accept_lines(scope: Scope, run_id: UUID, member_ids: Collection[UUID] | None = None) -> Outcome:
    """Accept these lines of a run, or with None all that stand open; the rest is told why not.

    Raises NotFound, and Conflict when none of them can be accepted.
    """
    if _run(scope, run_id).state != "done":
        raise Conflict("这次安排还没有算完,或已被放弃。")
    standing = locked(scope, _open_lines(run_id, member_ids))
    if not standing:
        raise Conflict("没有可以接受的:这些人已经处理过了,请刷新后再看。")
    fit, left = sift(scope, standing)
    if not fit:
        raise Conflict(_why_none(left))
    acceptance = AssignmentAcceptance(
        id=new_id(), run_id=run_id, lines=len(fit), accepted_by=scope.person_id
    )
    db.session.add(acceptance)
    db.session.flush()
    _apply(scope, fit)
    _mark(scope, run_id, [line.member_id for line in fit], acceptance.id)
    note(scope, "accept_assignment", "assignment_run", run_id, lines=len(fit), left=len(left))
    return Outcome(acceptance.id, len(fit), tuple(left))


def undo_acceptance(scope: Scope, acceptance_id: UUID) -> Outcome:
    """Take a whole acceptance back; whoever was moved on since is left, and told.

    Raises NotFound, Conflict when it was taken back already.
    """
    acceptance = db.session.execute(
        select(AssignmentAcceptance)
        .where(
            AssignmentAcceptance.tenant_id == scope.tenant_id,
            AssignmentAcceptance.id == acceptance_id,
        )
        .with_for_update()
    ).scalar_one_or_none()
    if acceptance is None:
        raise NotFound
    if acceptance.undone_at is not None:
        raise Conflict("这次接受已经撤销过了。")
    standing = locked(
        scope,
        and_(
            AssignmentLine.run_id == acceptance.run_id,
            AssignmentLine.acceptance_id == acceptance_id,
        ),
    )
    back = [
        line for line in standing if line.now_in == line.branch_id and line.state in ("placed", "")
    ]
    left = [Left(line.member_id, "moved") for line in standing if line not in back]
    for line in back:
        _release(scope, line, line.branch_id)
    for line in back:
        if line.from_branch_id is not None:
            _place(scope, line, line.from_branch_id)
    _mark(scope, acceptance.run_id, [line.member_id for line in standing], None)
    acceptance.undone_at, acceptance.undone_by = func.now(), scope.person_id
    note(scope, "undo_acceptance", "assignment_run", acceptance.run_id, lines=len(back))
    return Outcome(acceptance_id, len(back), tuple(left))


def _refuse_unusable(whom: str, basis: str, reach_metres: int) -> None:
    if whom not in WHOM or basis not in BASES:
        raise InvalidInput("请选择为谁安排、按哪个地点计算。")
    if not 0 < reach_metres <= FARTHEST_METRES:
        raise InvalidInput("可及范围请填 1 到 500000 米之间的整数。")


def _add_run(
    scope: Scope, run_id: UUID, whom: str, basis: str, reach_metres: int, keep_placed: bool
) -> None:
    db.session.add(
        AssignmentRun(
            id=run_id,
            whom=whom,
            basis=basis,
            reach_metres=reach_metres,
            keep_placed=keep_placed,
            asked_by=scope.person_id,
        )
    )
    note(scope, "start_assignment", "assignment_run", run_id)


def _run(scope: Scope, run_id: UUID) -> AssignmentRun:
    record = db.session.execute(
        select(AssignmentRun)
        .where(
            AssignmentRun.tenant_id == scope.tenant_id,
            AssignmentRun.id == run_id,
            AssignmentRun.state != "discarded",
        )
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    return record


def _accepted_lines(scope: Scope, run_id: UUID) -> int:
    return db.session.execute(
        select(func.count()).where(
            AssignmentLine.tenant_id == scope.tenant_id,
            AssignmentLine.run_id == run_id,
            AssignmentLine.acceptance_id.is_not(None),
        )
    ).scalar_one()


def _open_lines(run_id: UUID, member_ids: Collection[UUID] | None) -> ColumnElement[bool]:
    wanted = and_(
        AssignmentLine.run_id == run_id,
        AssignmentLine.outcome == "assigned",
        AssignmentLine.acceptance_id.is_(None),
        AssignmentLine.branch_id.is_distinct_from(AssignmentLine.from_branch_id),
    )
    if member_ids is None:
        return wanted
    return and_(wanted, one_of(AssignmentLine.id, member_ids))


def _apply(scope: Scope, fit: Sequence[Standing]) -> None:
    """Everybody who moves leaves first, so that two may change places."""
    for line in fit:
        if line.now_in is not None:
            _release(scope, line, line.now_in)
    db.session.flush()
    proposed = open_proposals(scope, [line.arrival_id for line in fit if line.arrival_id])
    for line in fit:
        proposal = proposed.get(line.arrival_id) if line.arrival_id else None
        if proposal is not None and proposal.branch_id == line.branch_id:
            accept(scope, proposal.id)
        else:
            _place(scope, line, line.branch_id, line.measured)


def _release(scope: Scope, line: Standing, branch_id: UUID) -> None:
    if line.arrival_id is not None:
        undo_placement(scope, line.arrival_id)
        return
    give_back_place(scope, branch_id)
    join_branch(scope, line.member_id, None)
    note(scope, "leave_branch", "member", line.member_id, branch=str(branch_id))


def _place(
    scope: Scope, line: Standing, branch_id: UUID, measured: tuple[float, str] | None = None
) -> None:
    if line.arrival_id is not None:
        redirect(scope, line.arrival_id, branch_id, measured=measured)
        return
    take_place(scope, branch_id)
    join_branch(scope, line.member_id, branch_id)
    note(scope, "join_branch", "member", line.member_id, branch=str(branch_id))


def _mark(
    scope: Scope, run_id: UUID, member_ids: Sequence[UUID], acceptance_id: UUID | None
) -> None:
    db.session.execute(
        update(AssignmentLine)
        .where(
            AssignmentLine.tenant_id == scope.tenant_id,
            AssignmentLine.run_id == run_id,
            one_of(AssignmentLine.id, member_ids),
        )
        .values(acceptance_id=acceptance_id)
    )


def _why_none(left: Sequence[Left]) -> str:
    reasons = {line.reason for line in left}
    if reasons == {"no_seat"}:
        return N_("建议的支部刚刚满员,没有人被编入。请重新安排一次。")
    if reasons == {"closed"}:
        return N_("建议的支部已经撤销,没有人被编入。请重新安排一次。")
    return N_("这些人的情况刚刚有变,没有人被编入。请刷新后再看,或重新安排一次。")
