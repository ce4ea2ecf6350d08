"""A redraw proposed, approved by a person, put in force on its day, and undone."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from tenants.audit.actions import note, note_people
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput
from tenants.grid.drafts.actions import locked, start_draft
from tenants.grid.drafts.applying import one_at_a_time, put_in_force, take_out_of_force
from tenants.grid.drafts.lookups import judged, mark_today
from tenants.grid.drafts.records import GridDraft
from tenants.grid.drafts.rules import takes_effect
from tenants.grid.records import CellStay
from tenants.marking import N_
from tenants.members.records import Member
from tenants.outbox.actions import ask
from tenants.redraws.lookups import Reckoned, reckon, why_busy
from tenants.redraws.records import RedrawLine
from tenants.redraws.rules import MOVES, STAYS, Line
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
    _keep_lines(scope, draft_id, found.lines)
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
    _drop_lines(scope, draft_id)
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
    _apply(scope, draft, date.today())
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
    _apply(scope, draft, today)
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
        moved = _kept_lines(scope, draft_id)
        _change_groups(
            scope, [(each.member_id, each.to_group_id, each.from_group_id) for each in moved]
        )
        db.session.execute(
            update(CellStay)
            .where(
                CellStay.tenant_id == scope.tenant_id,
                CellStay.draft_id == draft_id,
                CellStay.until.is_(None),
            )
            .values(until=today)
        )
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


def release_stays(scope: Scope, today: date) -> int:
    """End the stays of those whose case is over; answers how many."""
    free = why_busy(CellStay.tenant_id, CellStay.member_id) == ""
    over = db.session.execute(
        update(CellStay)
        .where(CellStay.tenant_id == scope.tenant_id, CellStay.until.is_(None), free)
        .values(until=today)
        .returning(CellStay.member_id)
    ).scalars()
    people = list(over)
    if people:
        note_people(scope, "end_cell_stay", people)
    return len(people)


def _apply(scope: Scope, draft: GridDraft, day: date) -> None:
    # Who lives where may have changed since it was proposed: what counts is the day itself.
    found = reckon(scope, draft.id)
    _keep_lines(scope, draft.id, found.lines)
    replaced = put_in_force(scope, draft, day)
    moves = [line for line in found.lines if line.outcome == MOVES]
    _change_groups(
        scope, [(line.member_id, line.from_group_id, line.to_group_id) for line in moves]
    )
    stays = [line for line in found.lines if line.outcome == STAYS]
    known = set(
        db.session.execute(
            select(CellStay.member_id).where(
                CellStay.tenant_id == scope.tenant_id, CellStay.until.is_(None)
            )
        ).scalars()
    )
    for line in stays:
        cell_id = line.from_cell_id
        if cell_id is not None and line.member_id not in known:
            following = replaced.became.get(cell_id, cell_id)
            db.session.add(
                CellStay(
                    member_id=line.member_id,
                    cell_id=following or cell_id,
                    draft_id=draft.id,
                    since=day,
                )
            )
    db.session.flush()
    note(
        scope,
        "apply_redraw",
        "grid_draft",
        draft.id,
        cells=replaced.cells,
        moves=len(moves),
        stays=len(stays),
    )


def _change_groups(scope: Scope, changes: Iterable[tuple[UUID, UUID | None, UUID | None]]) -> None:
    """(member, from, to): only who is still in the first group is put into the second."""
    by_pair: dict[tuple[UUID, UUID | None], list[UUID]] = defaultdict(list)
    for member_id, before, after in changes:
        if before is not None and before != after:
            by_pair[before, after].append(member_id)
    changed: list[UUID] = []
    for (before, after), member_ids in by_pair.items():
        changed += db.session.execute(
            update(Member)
            .where(
                Member.tenant_id == scope.tenant_id,
                Member.id.in_(member_ids),
                Member.group_id == before,
            )
            .values(group_id=after, version=Member.version + 1)
            .returning(Member.id)
        ).scalars()
    if changed:
        note_people(scope, "change_group", changed)


def _keep_lines(scope: Scope, draft_id: UUID, lines: list[Line]) -> None:
    _drop_lines(scope, draft_id)
    if lines:
        db.session.execute(
            insert(RedrawLine),
            [
                {"id": new_id(), "draft_id": draft_id}
                | {name: getattr(line, name) for name in Line.__slots__}
                for line in lines
            ],
        )


def _drop_lines(scope: Scope, draft_id: UUID) -> None:
    db.session.execute(
        delete(RedrawLine).where(
            RedrawLine.tenant_id == scope.tenant_id, RedrawLine.draft_id == draft_id
        )
    )


def _kept_lines(scope: Scope, draft_id: UUID) -> list[RedrawLine]:
    return list(
        db.session.execute(
            select(RedrawLine).where(
                RedrawLine.tenant_id == scope.tenant_id,
                RedrawLine.draft_id == draft_id,
                RedrawLine.outcome == MOVES,
            )
        ).scalars()
    )


def _waiting(scope: Scope) -> UUID | None:
    return db.session.execute(
        select(GridDraft.id).where(
            GridDraft.tenant_id == scope.tenant_id,
            GridDraft.state == "approved",
            GridDraft.applied_on.is_(None),
        )
    ).scalar_one_or_none()
