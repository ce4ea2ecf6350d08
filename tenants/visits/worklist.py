"""The day's list: for whom something is due, why, where they live, in the order of a walk.

Puts the rules to what is registered; nothing of it is stored, and nothing is decided by it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select

from tenants.arrivals.lookups import OPEN, arrivals
from tenants.certificates.lookups import in_use
from tenants.certificates.rules import InUse
from tenants.database import db
from tenants.grid.lookups import Cell, cells_today
from tenants.grid.records import GridCell
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.duties import duties
from tenants.mobility.histories import History
from tenants.mobility.lookups import (
    EpisodeFacts,
    chosen_pack,
    open_episodes_and_theirs,
    returned_since,
)
from tenants.mobility.pack import RulePack
from tenants.mobility.rules import governing
from tenants.organisations.lookups import boundary_shape
from tenants.places.lookups import branches, stations
from tenants.scope import Scope
from tenants.visits.first_talks import TalkLine, talk_lines
from tenants.visits.lookups import done_for, duties_done, with_open_promises
from tenants.visits.rules import (
    SOON_DAYS,
    Done,
    Due,
    Source,
    attempts_since_contact,
    certificate_due,
    contact_due,
    first_contact,
    last_on,
    promised,
    return_due,
)
from tenants.visits.walking import Point, Stop, in_walking_order

RETURNED_DAYS = 90
"""How long after a return the talk is still asked for. A choice."""
NEWCOMERS = (*OPEN, "placed")
URGENCY = ("overdue", "today", "soon")


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One member for whom something is due. `place`: WGS-84, the home, else the work place.

    `building`: the id of the home's building as text, '' where none is known.
    `dues` most urgent first; `attempts` in vain since they were last reached on `last_on`.
    """

    member_id: UUID
    name: str
    place: Point | None
    precision: str
    building: str
    cell_id: UUID | None
    cell: str
    branch_id: UUID | None
    dues: tuple[Due, ...]
    attempts: int
    last_on: date | None

    @property
    def state(self) -> str:
        return self.dues[0].state


@dataclass(frozen=True, slots=True)
class Worklist:
    """Members and addresses of first talks in one walking order from `start`.

    `counts`: state -> how many members, filters left aside; `waiting_talks`: addresses likewise.
    """

    walk: tuple[WorkLine | TalkLine, ...]
    start: Point | None
    counts: dict[str, int]
    cells: tuple[tuple[UUID, str], ...]
    waiting_talks: int = 0

    @property
    def lines(self) -> tuple[WorkLine, ...]:
        """The members alone, in the same order."""
        return tuple(line for line in self.walk if isinstance(line, WorkLine))

    @property
    def talks(self) -> tuple[TalkLine, ...]:
        """The addresses alone, in the same order."""
        return tuple(line for line in self.walk if isinstance(line, TalkLine))


def worklist(
    scope: Scope,
    day: date,
    *,
    cell_id: UUID | None = None,
    kind: str = "",
    state: str = "",
    with_talks: bool = False,
) -> Worklist:
    """What is due for the members whom the scope sees, on `day`; filters narrow the lines.

    `with_talks`: addresses of first talks among them, for whoever calls there.
    """
    cells = _own_cells(scope)
    found: list[WorkLine | TalkLine] = [
        line for line in _lines(scope, day) if cell_id in (None, line.cell_id)
    ]
    counts = {each: sum(1 for line in found if line.state == each) for each in URGENCY}
    talks = talk_lines(scope, cells, day) if with_talks else []
    found += [line for line in talks if cell_id in (None, line.cell_id)]
    wanted = [
        line
        for line in found
        if (not kind or any(due.kind == kind for due in line.dues)) and state in ("", line.state)
    ]
    start = start_of(scope, day, cell_id)
    stops = [Stop(line, line.place, line.building) for line in wanted]
    return Worklist(
        tuple(in_walking_order(stops, start)),
        start,
        counts,
        tuple((cell.id, cell.name) for cell in cells),
        len(talks),
    )


def start_of(scope: Scope, day: date, cell_id: UUID | None = None) -> Point | None:
    """Where the walk begins: the cell, the branch, the station, or the middle of the ground."""
    if scope.branch_id is not None:
        own = next((each for each in branches(scope) if each.id == scope.branch_id), None)
        if own is not None:
            return own.lon, own.lat
    cells = [cell for cell in _own_cells(scope) if cell_id in (None, cell.id)]
    if cells and (cell_id is not None or scope.sees_only_own_cells):
        middle = cells[0].shape.representative_point()
        return middle.x, middle.y
    station = next((each for each in stations(scope) if each.open_on(day)), None)
    if station is not None:
        return station.lon, station.lat
    ground = boundary_shape(scope)
    return None if ground is None else (ground.centroid.x, ground.centroid.y)


def _own_cells(scope: Scope) -> list[Cell]:
    cells = cells_today(scope)
    return [c for c in cells if c.id in scope.cell_ids] if scope.sees_only_own_cells else cells


def _lines(scope: Scope, day: date) -> list[WorkLine]:
    pack = chosen_pack(scope, day).pack
    away = _away(open_episodes_and_theirs(scope, day), day)
    back = {each.member_id: each for each in returned_since(scope, _back_since(day), day)}
    new = {
        each.member_id: (each.registered_at.date(), each.arrived_on)
        for each in arrivals(scope, states=NEWCOMERS, limit=1000)
    }
    until = day + timedelta(days=SOON_DAYS)
    people = {*away, *back, *new, *with_open_promises(scope, until)}
    done = done_for(scope, people)
    certificates = in_use(scope, away)
    dues: dict[UUID, list[Due]] = {}
    for member_id in people:
        theirs = done.get(member_id, [])
        found = [promised(theirs, day)]
        if member_id in away:
            certificate = certificates.get(member_id)
            found += _by_the_pack(away[member_id], pack, theirs, certificate, day)
        elif member_id in back:
            found.append(_return(back[member_id], theirs, day))
        if member_id in new:
            found.append(first_contact(*new[member_id], theirs, day))
        real = [due for due in found if due is not None]
        if real:
            dues[member_id] = sorted(real, key=lambda due: (URGENCY.index(due.state), due.due_on))
    return _with_people(scope, dues, done)


def _back_since(day: date) -> date:
    return day - timedelta(days=RETURNED_DAYS)


def _away(facts: Iterable[EpisodeFacts], day: date) -> dict[UUID, History]:
    """Who is surely away, with the absence that governs."""
    histories: dict[UUID, list[History]] = {}
    for each in facts:
        if each.history.direction == "outflow":
            histories.setdefault(each.member_id, []).append(each.history)
    found = {member_id: governing(theirs, day) for member_id, theirs in histories.items()}
    return {
        member_id: history
        for member_id, history in found.items()
        if history is not None and history.surely_covers(day)
    }


def _by_the_pack(
    history: History, pack: RulePack, visits: list[Done], certificate: InUse | None, day: date
) -> list[Due | None]:
    done = duties_done(visits, certificate)
    issued_on = certificate.issued_on if certificate else None
    left_on = history.started.last if history.started.last < date.max else None
    found: list[Due | None] = []
    for due in duties(history, pack, day, done):
        if due.due_on is None:
            continue
        source = Source(due.rule.clause, due.rule.quotation)
        if due.kind == "contact":
            found.append(contact_due(due.due_on, done.contact_on, left_on, day, source))
        elif due.kind == "certificate_check" and done.certificate_on:
            found.append(certificate_due(due.due_on, done.certificate_on, issued_on, day, source))
    return found


def _return(facts: EpisodeFacts, visits: list[Done], day: date) -> Due | None:
    ended = facts.history.ended
    return return_due(ended.last, facts.debriefed_on, visits, day) if ended else None


def _with_people(
    scope: Scope, dues: dict[UUID, list[Due]], done: dict[UUID, list[Done]]
) -> list[WorkLine]:
    if not dues:
        return []
    place = func.coalesce(Member.home, Member.work)
    rows = db.session.execute(
        select(
            Member.id,
            Member.name,
            func.ST_X(place).label("lon"),
            func.ST_Y(place).label("lat"),
            Member.home_precision,
            Member.home_building_id,
            Member.branch_id,
        )
        .where(seen_by(scope), Member.id.in_(dues))
        .order_by(Member.name, Member.id)
    ).all()
    cells = cells_of(scope, dues)
    return [
        WorkLine(
            member_id=row.id,
            name=row.name,
            place=None if row.lon is None else (row.lon, row.lat),
            precision=row.home_precision,
            building=str(row.home_building_id or ""),
            cell_id=cells.get(row.id, (None, ""))[0],
            cell=cells.get(row.id, (None, ""))[1],
            branch_id=row.branch_id,
            dues=tuple(dues[row.id]),
            attempts=attempts_since_contact(done.get(row.id, [])),
            last_on=last_on(done.get(row.id, [])),
        )
        for row in rows
    ]


def cells_of(scope: Scope, member_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Cell (id, name) of each of these members' home, else of their work place."""
    place = func.coalesce(Member.home, Member.work)
    rows = db.session.execute(
        select(Member.id, GridCell.id, GridCell.name)
        .join(
            GridCell,
            and_(
                GridCell.tenant_id == Member.tenant_id,
                GridCell.valid_to.is_(None),
                GridCell.shape.op("&&")(place),
                func.ST_Intersects(GridCell.shape, place),
            ),
        )
        .where(Member.tenant_id == scope.tenant_id, Member.id.in_(member_ids))
        .order_by(Member.id, GridCell.code.desc())
    )
    return {member_id: (cell_id, name) for member_id, cell_id, name in rows}
