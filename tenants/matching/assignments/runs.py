"""Writing down what a run found: by COPY, as one set, checked as one set."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert, select, text

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, NotFound
from tenants.matching.assignments.findings import Found, Line, Price, Site
from tenants.matching.assignments.records import (
    AssignmentBranch,
    AssignmentRun,
    AssignmentSite,
)
from tenants.scope import Scope

_STAGE = """
    CREATE TEMPORARY TABLE found_line (
        member_id uuid, branch_id uuid, from_branch_id uuid, centimetres integer, place text,
        outcome text, reason text, site integer
    ) ON COMMIT DROP
"""
_KEEP = text("""
    INSERT INTO assignment_line (run_id, member_id, branch_id, from_branch_id, centimetres, place,
                                 outcome, reason, site)
    SELECT :run_id, f.* FROM found_line f
    JOIN member m ON m.tenant_id = app_tenant() AND m.id = f.member_id
    LEFT JOIN branch b ON b.tenant_id = app_tenant() AND b.id = f.branch_id
    WHERE (f.branch_id IS NULL) = (b.id IS NULL)
""")
"""A member or a branch that is not there loses its line, and the count below says so."""


def keep_found(scope: Scope, run_id: UUID, found: Found, seconds: float) -> None:
    """Write a run's findings, all of them or none. A run that was discarded stays so."""
    run = asked_run(scope, run_id)
    if run is None:
        return
    _copy_lines(run_id, found.lines)
    keep_prices(run_id, found.prices, found.sites)
    finish_run(run, found, seconds)
    note(scope, "assign_branches", "assignment_run", run_id, people=run.people)


def finish_run(run: AssignmentRun, found: Found, seconds: float) -> None:
    """The totals of what was found."""
    run.state, run.ended_at, run.seconds = "done", func.now(), seconds
    run.people = len(found.lines)
    run.assigned, run.kept = found.count("assigned"), found.count("kept")
    run.unserved = found.count("unserved")
    run.total_centimetres, run.bound_centimetres = found.total, found.bound
    run.gap = found.gap


def keep_unusable(scope: Scope, run_id: UUID, sentence: str) -> None:
    """The question had no answer: a person reads why."""
    run = asked_run(scope, run_id)
    if run is not None:
        run.state, run.ended_at, run.sentence = "unusable", func.now(), sentence[:400]


def keep_prices(run_id: UUID, prices: Sequence[Price], sites: Sequence[Site]) -> None:
    """The few rows that are not about persons."""
    if prices:
        db.session.execute(
            insert(AssignmentBranch),
            [
                {
                    "run_id": run_id,
                    "id": price.branch_id,
                    "is_open": price.is_open,
                    "seats": price.seats,
                    "given": price.given,
                    "saved_centimetres": price.saved_centimetres,
                    "places_one_more": price.places_one_more,
                }
                for price in prices
            ],
        )
    if sites:
        db.session.execute(
            insert(AssignmentSite),
            [
                {
                    "run_id": run_id,
                    "id": site.number,
                    "lon": site.lon,
                    "lat": site.lat,
                    "radius_metres": site.radius_metres,
                    "people": site.people,
                }
                for site in sites
            ],
        )


def asked_run(scope: Scope, run_id: UUID) -> AssignmentRun | None:
    """The run, locked; None when somebody discarded it meanwhile."""
    return db.session.execute(
        select(AssignmentRun)
        .where(
            AssignmentRun.tenant_id == scope.tenant_id,
            AssignmentRun.id == run_id,
            AssignmentRun.state == "asked",
        )
        .with_for_update()
    ).scalar_one_or_none()


def locked_run(scope: Scope, run_id: UUID) -> AssignmentRun:
    """The run, locked until the commit. Raises NotFound, also when it was discarded."""
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


def _copy_lines(run_id: UUID, lines: Sequence[Line]) -> None:
    """COPY is refused under row security, so it fills a table of this transaction's own."""
    connection = db.session.connection()
    connection.exec_driver_sql(_STAGE)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy("COPY found_line FROM STDIN") as copy:
        for line in lines:
            copy.write_row(
                (
                    line.member_id,
                    line.branch_id,
                    line.from_branch_id,
                    line.centimetres,
                    line.place,
                    line.outcome,
                    line.reason,
                    line.site,
                )
            )
    # A table of this moment has not been counted by anybody; uncounted, it is joined row by row.
    connection.exec_driver_sql("ANALYZE found_line")
    kept = connection.execute(_KEEP, {"run_id": run_id}).rowcount
    if kept != len(lines):
        raise Conflict("计算期间有人或支部被移出了名册,请重新开始一次。")
