"""Who someone was in charge of at a moment, by the standings as they were then.

What a leader did offline before the cell was given to somebody else stays theirs, also when it
arrives afterwards; what they had no standing for at the time is not found.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from tenants.arrivals.talks.records import FirstTalk
from tenants.database import db
from tenants.grid.drafts.lineage import earlier_cells, redrawn_since
from tenants.grid.records import GridCell
from tenants.members.records import Member
from tenants.people.records import Standing
from tenants.places.records import Building
from tenants.scope import Scope

WHO_RECORDS = ("community_admin", "branch_officer", "grid_leader")
SLACK = timedelta(days=1)
"""A tablet's clock may be a day wrong, and a standing knows days only."""
LONGEST_AGO = timedelta(days=90)
"""How late something may arrive: what claims to be older is judged by the standing of that day."""


@dataclass(frozen=True, slots=True)
class StandingThen:
    """Everything that one person stood for on a day: of a leader the cells, of an officer the branch."""

    everybody: bool
    cell_ids: frozenset[UUID]
    branch_ids: frozenset[UUID]


def standing_then(scope: Scope, made_at: datetime, now: datetime) -> StandingThen | None:
    """What the scope's person stood for in this tenant at `made_at`; None: nothing at all.

    A moment in the future (a clock that is wrong) counts as now. A standing that somebody ended
    holds up to that very moment: whoever was dismissed does nothing more, whatever day it is.
    """
    moment = max(min(made_at, now), now - LONGEST_AGO)
    day = moment.date()
    rows = db.session.execute(
        select(Standing.role, Standing.cell_id, Standing.branch_id, Standing.valid_from).where(
            Standing.tenant_id == scope.tenant_id,
            Standing.person_id == scope.person_id,
            Standing.role.in_(WHO_RECORDS),
            Standing.valid_from <= day + SLACK,
            or_(Standing.valid_to.is_(None), Standing.valid_to >= day - SLACK),
            or_(Standing.ended_at.is_(None), Standing.ended_at > moment),
        )
    ).all()
    if not rows:
        return None
    return StandingThen(
        everybody=any(row.role == "community_admin" for row in rows),
        cell_ids=_cells_then(
            scope, {row.cell_id: row.valid_from for row in rows if row.cell_id}, day - SLACK
        ),
        branch_ids=frozenset(
            row.branch_id for row in rows if row.role == "branch_officer" and row.branch_id
        ),
    )


def _cells_then(scope: Scope, led: dict[UUID, date], since: date) -> frozenset[UUID]:
    """The cells of these standings, and those they were before they were redrawn since a day.

    `led`: cell -> the standing's first day. A redraw takes a standing along to the cell's new id.
    """
    if not led:
        return frozenset()
    steps = redrawn_since(scope, since)
    before = (earlier_cells(cell, steps, max(since, first)) for cell, first in led.items())
    return frozenset(led).union(*before)


def seen_then(scope: Scope, then: StandingThen) -> ColumnElement[bool]:
    """Members whom that standing covered, who have left since included.

    Cells as they were drawn then, in force or not; homes and branches as they are known now.
    """
    own = Member.tenant_id == scope.tenant_id
    if then.everybody:
        return own
    ways: list[ColumnElement[bool]] = [false()]
    if then.cell_ids:
        ways += [_inside(scope, then, Member.home), _inside(scope, then, Member.work)]
    if then.branch_ids:
        ways.append(Member.branch_id.in_(then.branch_ids))
    return and_(own, or_(*ways))


def calls_then(scope: Scope, then: StandingThen) -> ColumnElement[bool]:
    """Addresses of first talks that one could call at with that standing.

    A leader those in their cells as they were drawn then, and those without a building that they
    put on the list themselves; an officer of a branch none.
    """
    own = FirstTalk.tenant_id == scope.tenant_id
    if then.everybody:
        return own
    if not then.cell_ids:
        return false()
    by_me = FirstTalk.building_id.is_(None) & (FirstTalk.signalled_by == scope.person_id)
    return and_(own, or_(_inside(scope, then, Building.place), by_me))


def _inside(scope: Scope, then: StandingThen, place: object) -> ColumnElement[bool]:
    return (
        select(GridCell.id)
        .where(
            GridCell.tenant_id == scope.tenant_id,
            GridCell.id.in_(then.cell_ids),
            GridCell.shape.op("&&")(place),
            func.ST_Intersects(GridCell.shape, place),
        )
        .exists()
    )
