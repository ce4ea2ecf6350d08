"""Suggestions kept by a run, and what a person says to one: taken, declined, thought over."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from tenants.arrivals.lookups import arrival
from tenants.arrivals.records import Arrival
from tenants.arrivals.rules import WITHOUT_SEAT
from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, NotFound
from tenants.redirects.actions import propose
from tenants.redirects.suggestions.lookups import Outside
from tenants.redirects.suggestions.records import RedirectSuggestion
from tenants.redirects.suggestions.rules import Better
from tenants.scope import Scope


def keep_suggestions(
    scope: Scope,
    run_id: UUID,
    looked_at: Collection[UUID],
    found: Sequence[Better],
    places: Outside,
) -> int:
    """Keep what a run suggests in place of what an earlier one did; answers how many.

    `looked_at`: the arrivals of the run. One whom somebody moved on while it computed is left.
    """
    db.session.execute(
        update(RedirectSuggestion)
        .where(
            RedirectSuggestion.tenant_id == scope.tenant_id,
            RedirectSuggestion.arrival_id.in_(looked_at),
            RedirectSuggestion.decision == "open",
        )
        .values(decision="withdrawn", decided_at=func.now())
    )
    ours = set(
        db.session.execute(
            select(Arrival.id).where(
                Arrival.tenant_id == scope.tenant_id,
                Arrival.id.in_([each.arrival_id for each in found]),
                Arrival.run_id == run_id,
                Arrival.state.in_(WITHOUT_SEAT),
            )
        ).scalars()
    )
    kept = [_record(run_id, each, places) for each in found if each.arrival_id in ours]
    db.session.add_all(kept)
    if kept:
        note(scope, "suggest_redirects", "match_run", run_id, arrivals=len(kept))
    return len(kept)


def take(scope: Scope, suggestion_id: UUID) -> UUID:
    """A person asks the community next door, as suggested; answers the redirect's id.

    Raises NotFound, and Conflict or InvalidInput as `redirects.actions.propose`.
    """
    record = _locked(scope, suggestion_id, "open")
    redirect_id = propose(scope, record.arrival_id, record.branch_id, record.reason)
    _decide(scope, record, "taken")
    return redirect_id


def decline(scope: Scope, suggestion_id: UUID) -> UUID:
    """A person keeps the arrival here; this branch is not suggested again. Answers the arrival."""
    record = _locked(scope, suggestion_id, "open")
    _decide(scope, record, "declined")
    note(scope, "decline_redirect_suggestion", "arrival", record.arrival_id)
    return record.arrival_id


def think_again(scope: Scope, suggestion_id: UUID) -> UUID:
    """Undo `decline`: the suggestion stands open again. Raises Conflict when another one does."""
    record = _locked(scope, suggestion_id, "declined")
    another = select(RedirectSuggestion.id).where(
        RedirectSuggestion.tenant_id == scope.tenant_id,
        RedirectSuggestion.arrival_id == record.arrival_id,
        RedirectSuggestion.decision == "open",
    )
    if db.session.execute(another).first():
        raise Conflict("已经有新的建议，请刷新后再看。")
    record.decision, record.decided_by, record.decided_at = "open", None, None
    note(scope, "think_again_of_suggestion", "arrival", record.arrival_id)
    return record.arrival_id


def _record(run_id: UUID, better: Better, places: Outside) -> RedirectSuggestion:
    there = places.places[better.branch_id]
    return RedirectSuggestion(
        run_id=run_id,
        branch=there.name,
        keeper=places.keepers[there.area],
        **{name: getattr(better, name) for name in Better.__slots__},
    )


def _decide(scope: Scope, record: RedirectSuggestion, decision: str) -> None:
    record.decision, record.decided_by, record.decided_at = decision, scope.person_id, func.now()


def _locked(scope: Scope, suggestion_id: UUID, decision: str) -> RedirectSuggestion:
    record = db.session.execute(
        select(RedirectSuggestion)
        .where(
            RedirectSuggestion.tenant_id == scope.tenant_id, RedirectSuggestion.id == suggestion_id
        )
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    # Whoever may not see the person finds nothing.
    arrival(scope, record.arrival_id)
    if record.decision != decision:
        raise Conflict("这条建议刚刚被别人处理过，请刷新后再看。")
    return record
