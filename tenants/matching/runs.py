"""Writing down what a match run found."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tenants.arrivals.records import Arrival
from tenants.arrivals.rules import WAITING
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.matching.actions import ask_for_match
from tenants.matching.lookups import seats
from tenants.matching.records import MatchRun, Proposal
from tenants.matching.rules import Choice
from tenants.places.actions import hold_branches
from tenants.scope import Scope


def keep_choices(
    scope: Scope,
    run_id: UUID,
    cause: str,
    choices: Sequence[Choice],
    states: Collection[str] = WAITING,
) -> None:
    """Write one run's choices down as open proposals and visible unserved states.

    `states` are those the run looked at: a case that a person or another run moved on while this
    one was computing is left as they left it, and counted by them. A
    seat that somebody else took meanwhile is not proposed: its arrival waits for the next run,
    which is asked for here.
    """
    cases = _locked_cases(scope, choices, states)
    waiting = [choice for choice in choices if choice.arrival_id in cases]
    kept = _still_free(scope, waiting)
    rows = [_proposal_row(choice, run_id) for choice in kept if choice.branch_id]
    db.session.execute(
        upsert(MatchRun)
        .values(
            id=run_id,
            cause=cause,
            ended_at=func.now(),
            arrivals=len(kept),
            proposed=len(rows),
            unserved=len(kept) - len(rows),
        )
        .on_conflict_do_nothing()
    )
    if rows:
        db.session.execute(insert(Proposal), rows)
    for choice in kept:
        _settle(cases[choice.arrival_id], run_id, choice)
    if len(kept) < len(waiting):
        ask_for_match(scope, f"seats:{run_id}")
    note(scope, "match", "match_run", run_id, arrivals=len(kept), proposed=len(rows))


def _locked_cases(
    scope: Scope, choices: Sequence[Choice], states: Collection[str]
) -> dict[UUID, Arrival]:
    locked = db.session.execute(
        select(Arrival)
        .where(
            Arrival.tenant_id == scope.tenant_id,
            Arrival.id.in_([choice.arrival_id for choice in choices]),
            Arrival.state.in_(tuple(states)),
        )
        .order_by(Arrival.id)
        .with_for_update()
    ).scalars()
    return {case.id: case for case in locked}


def _still_free(scope: Scope, choices: Sequence[Choice]) -> list[Choice]:
    """The choices whose seat is free now that the branches are locked, first come first."""
    hold_branches(scope, {choice.branch_id for choice in choices if choice.branch_id})
    free = {branch.branch_id: branch.seats for branch in seats(scope, date.today())}
    given: Counter[UUID] = Counter()
    kept = []
    for choice in choices:
        if choice.branch_id is not None:
            left = free[choice.branch_id]
            if left is not None and given[choice.branch_id] >= left:
                continue
            given[choice.branch_id] += 1
        kept.append(choice)
    return kept


def _settle(case: Arrival, run_id: UUID, choice: Choice) -> None:
    case.run_id = run_id
    state = "proposed" if choice.branch_id else "unserved"
    if (case.state, case.unserved_reason) != (state, choice.reason):
        case.state, case.unserved_reason = state, choice.reason
        case.state_since = func.now()
        case.version += 1


def _proposal_row(choice: Choice, run_id: UUID) -> dict[str, object]:
    return {
        "id": new_id(),
        "arrival_id": choice.arrival_id,
        "run_id": run_id,
        "branch_id": choice.branch_id,
        "metres": choice.metres,
        "place": choice.place,
        "nearer": [
            {"branch": str(near.branch_id), "metres": near.metres, "reason": near.reason}
            for near in choice.nearer
        ],
    }
