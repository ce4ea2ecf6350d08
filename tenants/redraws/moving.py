"""What a redraw does to people: groups changed, stays with the leader of before; and back again."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from tenants.audit.actions import note, note_people
from tenants.database import db, new_id
from tenants.grid.drafts.applying import put_in_force
from tenants.grid.drafts.records import GridDraft
from tenants.grid.records import CellStay
from tenants.members.records import Member
from tenants.redraws.lookups import reckon, why_busy
from tenants.redraws.records import RedrawLine
from tenants.redraws.rules import MOVES, STAYS, Line
from tenants.scope import Scope


def carry_out(scope: Scope, draft: GridDraft, day: date) -> None:
    """Put an approved draft in force, and its people into the groups and stays it means for them."""
    # Who lives where may have changed since it was proposed: what counts is the day itself.
    found = reckon(scope, draft.id)
    keep_lines(scope, draft.id, found.lines)
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


def bring_back(scope: Scope, draft_id: UUID, today: date) -> None:
    """Its people go back to their groups, unless put elsewhere since; its stays end."""
    _change_groups(
        scope,
        [
            (each.member_id, each.to_group_id, each.from_group_id)
            for each in _moved(scope, draft_id)
        ],
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


def keep_lines(scope: Scope, draft_id: UUID, lines: list[Line]) -> None:
    """Who changes and who stays, in place of what was reckoned before."""
    drop_lines(scope, draft_id)
    if lines:
        db.session.execute(
            insert(RedrawLine),
            [
                {"id": new_id(), "draft_id": draft_id}
                | {name: getattr(line, name) for name in Line.__slots__}
                for line in lines
            ],
        )


def drop_lines(scope: Scope, draft_id: UUID) -> None:
    """Forget what was reckoned."""
    db.session.execute(
        delete(RedrawLine).where(
            RedrawLine.tenant_id == scope.tenant_id, RedrawLine.draft_id == draft_id
        )
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


def _moved(scope: Scope, draft_id: UUID) -> list[RedrawLine]:
    return list(
        db.session.execute(
            select(RedrawLine).where(
                RedrawLine.tenant_id == scope.tenant_id,
                RedrawLine.draft_id == draft_id,
                RedrawLine.outcome == MOVES,
            )
        ).scalars()
    )
