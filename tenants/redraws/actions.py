"""A redraw proposed, approved by a person, put in force on its day, and undone."""

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, InvalidInput
from tenants.grid.drafts.actions import locked, start_draft
from tenants.grid.drafts.applying import one_at_a_time, take_out_of_force
from tenants.grid.drafts.lookups import judged, mark_today
from tenants.grid.drafts.records import GridDraft
from tenants.grid.drafts.rules import takes_effect
from tenants.marking import N_
from tenants.outbox.actions import ask
from tenants.redraws.lookups import Reckoned
from tenants.redraws.moving import bring_back, carry_out, drop_lines, keep_lines
from tenants.scope import Scope

RECKON_JOB = "propose_redraw"
BALANCE_JOB = "balance_grid"
STALE = N_("起草以后，今天的网格已经调整过。请先把草稿更新到今天的网格，再看一遍。")


def propose(scope: Scope, draft_id: UUID) -> UUID:
    """Ask who would change; answers the job's id. The draft is not drawn on meanwhile.

    Raises Conflict when it is out of date, InvalidInput while the coverage refuses it.
    """
    draft = locked(scope, draft_id, "propose")
    if draft.based_on != mark_today(scope):
        raise Conflict(STALE)
    if not judged(scope, draft_id).acceptable:
        raise InvalidInput("网格还有重叠、越界或不能用的地方，请先改好再提交。")
    draft.state, draft.proposed_at = "proposed", datetime.now(UTC)
    draft.version += 1
    draft.plan = {key: value for key, value in draft.plan.items() if key != "people"}
    draft.job_id = ask(
        scope,
        RECKON_JOB,
        {"draft": str(draft_id)},
        dedupe_key=f"redraw:{draft_id}:{draft.version}",
    )
    note(scope, "propose_redraw", "grid_draft", draft_id)
    return draft.job_id


def keep_reckoned(scope: Scope, draft_id: UUID, found: Reckoned) -> None:
    """Keep who would change, unless the draft was taken back meanwhile."""
    draft = locked(scope, draft_id, "approve")
    keep_lines(scope, draft_id, found.lines)
    draft.plan = draft.plan | {
        "people": {
            "before": found.before,
            "after": found.after,
            "counted": found.people,
            "without_place": found.without_place,
        }
    }
    note(scope, "reckon_redraw", "grid_draft", draft_id, lines=len(found.lines))


def take_back(scope: Scope, draft_id: UUID) -> None:
    """Go on drawing: what was reckoned is dropped."""
    draft = locked(scope, draft_id, "take_back")
    draft.state, draft.proposed_at, draft.job_id = "draft", None, None
    draft.plan = {key: value for key, value in draft.plan.items() if key != "people"}
    draft.version += 1
    drop_lines(scope, draft_id)
    note(scope, "take_back_redraw", "grid_draft", draft_id)


def approve(scope: Scope, draft_id: UUID, version: int) -> bool:
    """A person approves what they saw (`version`); answers whether it is in force at once.

    Of two who approve at once one waits for the other, and then the grid is another one: Conflict.
    """
    one_at_a_time(scope)
    draft = locked(scope, draft_id, "approve")
    if draft.version != version:
        raise Conflict("这份方案刚刚有变。请再看一遍。")
    if draft.based_on != mark_today(scope):
        raise Conflict(STALE)
    if "people" not in draft.plan:
        raise Conflict("谁会换网格还没有算完。请等算完看过再批准。")
    if _waiting(scope) is not None:
        raise Conflict("已经有一份批准了的方案在等生效的日子。请先撤销那一份。")
    draft.state = "approved"
    draft.approved_by, draft.approved_at = scope.person_id, datetime.now(UTC)
    db.session.flush()
    note(scope, "approve_redraw", "grid_draft", draft_id)
    if not takes_effect(draft.effective_on, date.today()):
        return False
    carry_out(scope, draft, date.today())
    return True


def apply_due(scope: Scope, today: date) -> UUID | None:
    """Put the approved draft in force whose day has come; answers its id, or None.

    When the grid has changed since by another way, it is left waiting for a person.
    """
    one_at_a_time(scope)
    draft_id = _waiting(scope)
    if draft_id is None:
        return None
    draft = locked(scope, draft_id, "undo")
    if not takes_effect(draft.effective_on, today) or draft.based_on != mark_today(scope):
        return None
    carry_out(scope, draft, today)
    return draft_id


def undo(scope: Scope, draft_id: UUID) -> None:
    """Take an approval back. In force already: the grid before it is there again from today on.

    People go back to their groups unless somebody has put them elsewhere since. Raises Conflict
    after a later redraw.
    """
    one_at_a_time(scope)
    draft = locked(scope, draft_id, "undo")
    today = date.today()
    if draft.applied_on is not None:
        take_out_of_force(scope, draft, today)
        bring_back(scope, draft_id, today)
    draft.state = "undone"
    draft.undone_by, draft.undone_at = scope.person_id, datetime.now(UTC)
    draft.version += 1
    note(scope, "undo_redraw", "grid_draft", draft_id, in_force=draft.applied_on is not None)


def ask_for_balance(scope: Scope, name: str, effective_on: date, *, fewest: int, most: int) -> UUID:
    """A draft to be drawn so that each cell has so many people and few change; answers its id."""
    if not 0 <= fewest <= most:
        raise InvalidInput("每个网格最少的人数不能多于最多的人数。")
    draft_id = start_draft(scope, name, effective_on)
    draft = locked(scope, draft_id, "edit")
    draft.plan = {"fewest": fewest, "most": most}
    draft.job_id = ask(
        scope, BALANCE_JOB, {"draft": str(draft_id)}, dedupe_key=f"balance:{draft_id}"
    )
    return draft_id


def keep_balance(scope: Scope, draft_id: UUID, found: dict[str, int | bool]) -> None:
    """Keep what balancing found beside what was asked for."""
    draft = locked(scope, draft_id, "edit")
    draft.plan = draft.plan | {"balance": found}


def _waiting(scope: Scope) -> UUID | None:
    return db.session.execute(
        select(GridDraft.id).where(
            GridDraft.tenant_id == scope.tenant_id,
            GridDraft.state == "approved",
            GridDraft.applied_on.is_(None),
        )
    ).scalar_one_or_none()
