"""What people do with runs as a whole: start one, discard it. For its lines see `accepting`."""

from uuid import UUID

from sqlalchemy import delete, func, select

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotAllowed
from tenants.matching.assignments.records import (
    BASES,
    WHOM,
    AssignmentBranch,
    AssignmentCommunity,
    AssignmentLine,
    AssignmentRun,
    AssignmentSite,
)
from tenants.matching.assignments.runs import locked_run
from tenants.matching.assignments.work import refuse_while_working
from tenants.outbox.actions import ask
from tenants.scope import Scope

ASSIGN_JOB = "assign_branches"
COUNTY_JOB = "assign_county"
FARTHEST_METRES = 500_000


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
    record = locked_run(scope, run_id)
    refuse_while_working(scope, run_id)
    if _accepted_lines(scope, run_id):
        raise Conflict("这次安排中还有已接受的人,请先撤销接受,再放弃这次安排。")
    for table in (AssignmentLine, AssignmentBranch, AssignmentSite, AssignmentCommunity):
        db.session.execute(
            delete(table).where(table.tenant_id == scope.tenant_id, table.run_id == run_id)
        )
    record.state = "discarded"
    note(scope, "discard_assignment", "assignment_run", run_id)


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


def _accepted_lines(scope: Scope, run_id: UUID) -> int:
    return db.session.execute(
        select(func.count()).where(
            AssignmentLine.tenant_id == scope.tenant_id,
            AssignmentLine.run_id == run_id,
            AssignmentLine.acceptance_id.is_not(None),
        )
    ).scalar_one()
