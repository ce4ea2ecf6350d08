"""Accepting lines of a run, one or many, and taking an acceptance back.

Up to `MOST_AT_ONCE` people it happens there and then; more are a job, whose id is the
acceptance's. Either way it is one transaction: the acceptance is there with all its lines, or not
at all, and a job that is done twice finds it there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update

from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, NotFound
from tenants.marking import N_
from tenants.matching.assignments.lines import to_accept
from tenants.matching.assignments.placing import Going, place, release
from tenants.matching.assignments.records import AssignmentAcceptance, AssignmentLine
from tenants.matching.assignments.runs import locked_run
from tenants.matching.assignments.sets import one_of
from tenants.matching.assignments.standing import Left, locked, sift, sift_back
from tenants.matching.assignments.work import ACCEPT_JOB, UNDO_JOB, refuse_while_working
from tenants.outbox.actions import ask, recount
from tenants.scope import Scope

MOST_AT_ONCE = 200
"""A page waits for so many; the rest is a job's."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many lines changed, and those that were left as they are.

    `job_id`: nothing changed yet, a job has been asked for that will do it.
    """

    acceptance_id: UUID | None
    done: int
    left: tuple[Left, ...]
    job_id: UUID | None = None


def accept_all(scope: Scope, run_id: UUID) -> Outcome:
    """Accept all that stands open of a run, here or as a job. Raises NotFound, Conflict."""
    locked_run(scope, run_id)
    refuse_while_working(scope, run_id)
    if to_accept(scope, run_id) <= MOST_AT_ONCE:
        return accept_lines(scope, run_id)
    return Outcome(None, 0, (), ask(scope, ACCEPT_JOB, {"run": str(run_id)}))


def undo_all(scope: Scope, acceptance_id: UUID) -> Outcome:
    """Take a whole acceptance back, here or as a job. Raises NotFound, Conflict."""
    acceptance = _acceptance(scope, acceptance_id)
    refuse_while_working(scope, acceptance.run_id)
    if acceptance.lines <= MOST_AT_ONCE or acceptance.undone_at is not None:
        return undo_acceptance(scope, acceptance_id)
    wanted = {"run": str(acceptance.run_id), "acceptance": str(acceptance_id)}
    return Outcome(acceptance_id, 0, (), ask(scope, UNDO_JOB, wanted))


def accept_lines(
    scope: Scope,
    run_id: UUID,
    member_ids: Collection[UUID] | None = None,
    *,
    acceptance_id: UUID | None = None,
) -> Outcome:
    """Accept these lines of a run, or with None all that stand open; the rest is told why not.

    Raises NotFound, and Conflict when none of them can be accepted.
    """
    if locked_run(scope, run_id).state != "done":
        raise Conflict("这次安排还没有算完,或已被放弃。")
    standing = locked(scope, _open_lines(run_id, member_ids))
    if not standing:
        raise Conflict("没有可以接受的:这些人已经处理过了,请刷新后再看。")
    fit, left = sift(scope, standing)
    if not fit:
        raise Conflict(_why_none(left))
    acceptance = AssignmentAcceptance(
        id=acceptance_id or new_id(),
        run_id=run_id,
        lines=len(fit),
        accepted_by=scope.person_id,
    )
    db.session.add(acceptance)
    db.session.flush()
    # Everybody who moves leaves first, so that two may change places.
    release(scope, [Going(line, line.now_in) for line in fit if line.now_in is not None])
    place(scope, [Going(line, line.branch_id, line.measured) for line in fit])
    _mark(scope, run_id, [line.member_id for line in fit], acceptance.id)
    note(scope, "accept_assignment", "assignment_run", run_id, lines=len(fit), left=len(left))
    recount(scope)
    return Outcome(acceptance.id, len(fit), tuple(left))


def undo_acceptance(scope: Scope, acceptance_id: UUID) -> Outcome:
    """Take a whole acceptance back; whoever was moved on since is left, and told.

    Whoever finds their old branch full or closed stays where they are, still accepted. Raises
    NotFound, Conflict when it was taken back already or when nobody can go back.
    """
    acceptance = _acceptance(scope, acceptance_id)
    if acceptance.undone_at is not None:
        raise Conflict("这次接受已经撤销过了。")
    standing = locked(
        scope,
        and_(
            AssignmentLine.run_id == acceptance.run_id,
            AssignmentLine.acceptance_id == acceptance_id,
        ),
    )
    back, left = sift_back(scope, standing)
    stuck = {line.member_id for line in left if line.reason != "moved"}
    if stuck and not back:
        raise Conflict("原来的支部已经满员或撤销，没有人能回去。请逐个改选支部。")
    release(scope, [Going(line, line.branch_id) for line in back])
    place(scope, [Going(line, line.from_branch_id) for line in back if line.from_branch_id])
    freed = [line.member_id for line in standing if line.member_id not in stuck]
    _mark(scope, acceptance.run_id, freed, None)
    acceptance.lines = len(stuck) or acceptance.lines
    if not stuck:
        acceptance.undone_at, acceptance.undone_by = func.now(), scope.person_id
    note(scope, "undo_acceptance", "assignment_run", acceptance.run_id, lines=len(back))
    recount(scope)
    return Outcome(acceptance_id, len(back), tuple(left))


def _acceptance(scope: Scope, acceptance_id: UUID) -> AssignmentAcceptance:
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
    return acceptance


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
        .values(acceptance_id=acceptance_id),
        execution_options={"synchronize_session": False},
    )


def _why_none(left: Sequence[Left]) -> str:
    reasons = {line.reason for line in left}
    if reasons == {"no_seat"}:
        return N_("建议的支部刚刚满员,没有人被编入。请重新安排一次。")
    if reasons == {"closed"}:
        return N_("建议的支部已经撤销,没有人被编入。请重新安排一次。")
    return N_("这些人的情况刚刚有变,没有人被编入。请刷新后再看,或重新安排一次。")
