"""What a redraw would mean: everybody's cell before and after, the lines kept, the figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import and_, case, exists, func, or_, select

from geo.grid import Judgement, cell_of
from geo.grid_points import judge_buildings
from tenants.arrivals.records import Arrival
from tenants.database import db
from tenants.grid.drafts.lookups import DrawnCell, draft_cells, judged
from tenants.grid.lookups import cells_today, groups_of_cells
from tenants.grid.records import Group
from tenants.members.duplicates.records import MemberLink
from tenants.members.records import Member
from tenants.people.records import Standing
from tenants.places.buildings_lookups import buildings
from tenants.redirects.records import Redirect
from tenants.redirects.rules import OPEN
from tenants.redraws.records import RedrawLine
from tenants.redraws.rules import (
    MOVES,
    OPEN_ARRIVAL,
    OPEN_REDIRECT,
    OPEN_REQUEST,
    STAYS,
    Line,
    NewGrid,
    Somebody,
    counted,
    who_changes,
)
from tenants.scope import Scope
from tenants.visits.records import ServiceRequest
from tenants.visits.rules import OPEN_REQUESTS

MOST_BUILDINGS = 50_000
IN_THE_MIDDLE = ("proposed", "consented")
"""States of an arrival in which somebody is dealing with it: a branch is proposed or agreed."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a draft would change. `before`: people by cell, `after`: by draft cell, ids as text."""

    lines: list[Line]
    before: dict[str, int]
    after: dict[str, int]
    people: int
    without_place: int


@dataclass(frozen=True, slots=True)
class RedrawRow:
    """A line with the person's name, as a page shows it."""

    id: UUID
    member_id: UUID
    name: str
    place: str
    from_cell_id: UUID | None
    to_draft_cell_id: UUID | None
    from_group_id: UUID | None
    to_group_id: UUID | None
    outcome: str
    reason: str


def judged_with_buildings(scope: Scope, draft_id: UUID) -> Judgement[Any]:
    """The draft as one coverage, and each open building in exactly one of its cells."""
    judgement = judged(scope, draft_id)
    places = {
        each.id: (each.lon, each.lat)
        for each in buildings(scope, limit=MOST_BUILDINGS)
        if each.kind == "building"
    }
    if not places:
        return judgement
    shapes = {cell.id: cell.shape for cell in draft_cells(scope, draft_id)}
    faults = (*judgement.faults, *judge_buildings(places, shapes))
    return Judgement(faults, judgement.covered_share)


def reckon(scope: Scope, draft_id: UUID) -> Reckoned:
    """Everybody's cell now and with the draft, and who would change. Nothing is kept."""
    people, without_place = _people(scope)
    now = {cell.id: cell.shape for cell in cells_today(scope)}
    drawn = draft_cells(scope, draft_id)
    lon = np.array([each.lon for each in people], dtype=np.float64)
    lat = np.array([each.lat for each in people], dtype=np.float64)
    cells_now = cell_of(lon, lat, now).cells
    cells_then = cell_of(lon, lat, {cell.id: cell.shape for cell in drawn}).cells
    return Reckoned(
        who_changes(people, cells_now, cells_then, _new_grid(scope, drawn)),
        counted(cells_now),
        counted(cells_then),
        len(people),
        without_place,
    )


def places_of_people(scope: Scope) -> tuple[list[float], list[float]]:
    """(longitudes, latitudes) of everybody with a place, as a redraw counts them."""
    people, _without = _people(scope)
    return [each.lon for each in people], [each.lat for each in people]


def lines(
    scope: Scope,
    draft_id: UUID,
    *,
    outcome: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[RedrawRow]:
    """Kept lines with names, by id after `after`."""
    question = (
        select(
            RedrawLine.id,
            RedrawLine.member_id,
            Member.name,
            RedrawLine.place,
            RedrawLine.from_cell_id,
            RedrawLine.to_draft_cell_id,
            RedrawLine.from_group_id,
            RedrawLine.to_group_id,
            RedrawLine.outcome,
            RedrawLine.reason,
        )
        .join(
            Member,
            and_(Member.tenant_id == RedrawLine.tenant_id, Member.id == RedrawLine.member_id),
        )
        .where(
            RedrawLine.tenant_id == scope.tenant_id,
            RedrawLine.draft_id == draft_id,
            Member.left_on.is_(None),
        )
    )
    if outcome in (MOVES, STAYS):
        question = question.where(RedrawLine.outcome == outcome)
    if after is not None:
        question = question.where(RedrawLine.id > after)
    rows: Any = db.session.execute(question.order_by(RedrawLine.id).limit(limit))
    return [RedrawRow(*row) for row in rows]


def line_counts(scope: Scope, draft_id: UUID) -> dict[str, int]:
    """{"moves": n, "stays": n, "groups": n whose group changes}."""
    moves, stays, groups = db.session.execute(
        select(
            func.count().filter(RedrawLine.outcome == MOVES),
            func.count().filter(RedrawLine.outcome == STAYS),
            func.count().filter(RedrawLine.from_group_id != RedrawLine.to_group_id),
        )
        .join(
            Member,
            and_(Member.tenant_id == RedrawLine.tenant_id, Member.id == RedrawLine.member_id),
        )
        .where(
            RedrawLine.tenant_id == scope.tenant_id,
            RedrawLine.draft_id == draft_id,
            Member.left_on.is_(None),
        )
    ).one()
    return {"moves": moves, "stays": stays, "groups": groups}


def leaders_of_cells(scope: Scope, cell_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Cell -> names of who leads it today."""
    rows = db.session.execute(
        select(Standing.cell_id, Standing.shown_name)
        .where(
            Standing.tenant_id == scope.tenant_id,
            Standing.cell_id.in_(list(cell_ids)),
            Standing.ended_at.is_(None),
            Standing.valid_from <= date.today(),
            or_(Standing.valid_to.is_(None), Standing.valid_to >= date.today()),
        )
        .order_by(Standing.shown_name)
    )
    found: dict[UUID, list[str]] = {}
    for cell_id, name in rows:
        if cell_id is not None:
            found.setdefault(cell_id, []).append(name)
    return found


def why_busy(tenant_id: Any, member_id: Any) -> Any:
    """SQL: why a member stays where they are for now (`rules`), or ''.

    A case of a record that stands behind the member's own is theirs as well.
    """

    def has(record: Any, *conditions: Any) -> Any:
        of_tenant = record.tenant_id == tenant_id
        own = exists().where(of_tenant, record.member_id == member_id, *conditions)
        behind = exists().where(
            of_tenant,
            MemberLink.tenant_id == tenant_id,
            MemberLink.kept_id == member_id,
            MemberLink.unlinked_at.is_(None),
            MemberLink.merged_id == record.member_id,
            *conditions,
        )
        return or_(own, behind)

    return case(
        (has(Arrival, Arrival.state.in_(IN_THE_MIDDLE)), OPEN_ARRIVAL),
        (has(Redirect, Redirect.side == "from", Redirect.state.in_(OPEN["from"])), OPEN_REDIRECT),
        (has(ServiceRequest, ServiceRequest.state.in_(OPEN_REQUESTS)), OPEN_REQUEST),
        else_="",
    )


def _people(scope: Scope) -> tuple[list[Somebody], int]:
    """Members with a place, by id, and how many have none."""
    place = func.coalesce(Member.home, Member.work)
    rows = db.session.execute(
        select(
            Member.id,
            func.ST_X(place),
            func.ST_Y(place),
            case((Member.home.is_not(None), "home"), else_="work"),
            Member.branch_id,
            Member.group_id,
            why_busy(Member.tenant_id, Member.id),
        )
        .where(Member.tenant_id == scope.tenant_id, Member.left_on.is_(None))
        .order_by(Member.id)
    ).all()
    people = [
        Somebody(id_, lon, lat, kind, branch, group, busy)
        for id_, lon, lat, kind, branch, group, busy in rows
        if lon is not None
    ]
    return people, len(rows) - len(people)


def _new_grid(scope: Scope, drawn: list[DrawnCell]) -> NewGrid:
    continues = {cell.id: cell.from_cell_id for cell in drawn if cell.from_cell_id}
    today = [cell.id for cell in cells_today(scope)]
    runs = groups_of_cells(scope, today)
    then: dict[UUID, UUID] = {}
    for cell in drawn:
        own = runs.get(continues[cell.id], []) if cell.id in continues else []
        # Of two groups that run one cell neither is chosen for anybody.
        if len(own) == 1:
            then[cell.id] = own[0][0]
        elif not own and cell.group_id is not None:
            then[cell.id] = cell.group_id
    branches = db.session.execute(
        select(Group.id, Group.branch_id).where(Group.tenant_id == scope.tenant_id)
    )
    return NewGrid(
        continues,
        {cell: frozenset(id_ for id_, _name in found) for cell, found in runs.items()},
        then,
        {group: branch for group, branch in branches},
    )
