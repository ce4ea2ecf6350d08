"""First talks in the day's list: an address, why, how often it was tried. No person is in it.

Source: domain REG-1, VIS-1: called at after somebody moved in, with a greatest number of attempts,
and never where a visit is not wanted. What members' lines say is never joined with these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import shapely

from tenants.arrivals.talks.lookups import Address, addresses
from tenants.arrivals.talks.rules import MOST_ATTEMPTS
from tenants.grid.lookups import Cell
from tenants.marking import N_
from tenants.scope import Scope
from tenants.visits.rules import SOON_DAYS, Due, Source, state_of
from tenants.visits.walking import Point

MOST: Final = 1_000
"""Addresses that one list asks for."""
ON_MOVING_IN: Final = Source(
    "000_d274 三-1", "新市民入住后，负责相应网格的社区工作人员，主动上门，进行‘首谈’"
)


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One address to call at. `place`: WGS-84, of its building; `building`: that one's id as text.

    `attempts` in vain so far, of `most`; `not_before`: the day they asked to be called at.
    """

    talk_id: UUID
    words: str
    place: Point | None
    building: str
    cell_id: UUID | None
    cell: str
    due: Due
    attempts: int
    not_before: date | None
    most: int = MOST_ATTEMPTS

    @property
    def state(self) -> str:
        return self.due.state

    @property
    def dues(self) -> tuple[Due, ...]:
        return (self.due,)


def talk_due(signalled_on: date, next_on: date | None, day: date) -> Due | None:
    """Why an address is called at, once it is near; None while its day is far.

    The source says "after they moved in" and no day: within SOON_DAYS of the signal, a choice.
    """
    if next_on is None:
        due_on = signalled_on + timedelta(days=SOON_DAYS)
        why = N_("%(signalled_on)s得知有人搬来，还没有上门首谈。")
        facts: dict[str, object] = {"signalled_on": signalled_on}
    else:
        due_on = next_on
        why = N_("首谈没有谈成，约好或定在%(next_on)s再去，这天以前不去。")
        facts = {"next_on": next_on}
    if due_on > day + timedelta(days=SOON_DAYS):
        return None
    return Due("first_talk", state_of(due_on, day), due_on, why, facts, ON_MOVING_IN)


def talk_lines(scope: Scope, cells: Sequence[Cell], day: date) -> list[TalkLine]:
    """Addresses the scope may call at and that are due or near, longest waiting first.

    `cells`: those whose names are told. Left out are addresses where no visit is wanted.
    """
    found = addresses(scope, limit=MOST)
    inside = _cells_of(found, cells)
    lines = []
    for each in found:
        due = talk_due(each.signalled_on, each.next_on, day)
        if due is None:
            continue
        cell = inside.get(each.id)
        lines.append(
            TalkLine(
                talk_id=each.id,
                words=each.words,
                place=each.place,
                building=str(each.building_id or ""),
                cell_id=cell.id if cell else None,
                cell=cell.name if cell else "",
                due=due,
                attempts=each.attempts,
                not_before=each.next_on if each.next_on and each.next_on > day else None,
            )
        )
    return lines


def _cells_of(found: Sequence[Address], cells: Sequence[Cell]) -> dict[UUID, Cell]:
    """Address id -> the cell its building stands in; on a border the first one by code."""
    placed = [each for each in found if each.place is not None]
    if not placed or not cells:
        return {}
    tree = shapely.STRtree([cell.shape for cell in cells])
    points = shapely.points([each.place for each in placed])
    inside: dict[UUID, Cell] = {}
    for address, cell in zip(*tree.query(points, predicate="intersects"), strict=True):
        known = inside.get(placed[address].id)
        if known is None or cells[cell].code < known.code:
            inside[placed[address].id] = cells[cell]
    return inside
