"""Who changes cell and group with a new grid, and why; who stays because a case is open.

Source: domain ORG-1 (dry run shows who moves), ASG-10 (who moves, why, from whom; people in the
middle of a transfer or a service request stay).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

MOVES, STAYS = "moves", "stays"
OPEN_ARRIVAL, OPEN_REDIRECT, OPEN_REQUEST = "open_arrival", "open_redirect", "open_request"
"""Why somebody stays: being placed with a branch, on the way to another community, or a wish that
is being dealt with."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member with the place that decides (home, else work; WGS-84), and what is still open.

    `busy`: why they stay for now, or ''.
    """

    id: UUID
    lon: float
    lat: float
    place: str
    branch_id: UUID | None
    group_id: UUID | None
    busy: str = ""


@dataclass(frozen=True, slots=True)
class NewGrid:
    """A draft as far as people are concerned.

    `continues`: draft cell -> the cell in force it goes on as (absent: a new one). `runs_now`: cell
    -> the groups that run it; `runs_then`: draft cell -> the group that would. `branch_of`: group
    -> its branch.
    """

    continues: Mapping[UUID, UUID]
    runs_now: Mapping[UUID, frozenset[UUID]]
    runs_then: Mapping[UUID, UUID]
    branch_of: Mapping[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Line:
    """One person who would be in another cell. Equal groups: theirs stays as it is.

    `reason`: divided (their cell goes on without their ground), new_cell, given_up (their cell
    ends), left_out (no cell any more), no_cell_yet (they had none), or why they stay.
    """

    member_id: UUID
    place: str
    from_cell_id: UUID | None
    to_draft_cell_id: UUID | None
    from_group_id: UUID | None
    to_group_id: UUID | None
    outcome: str
    reason: str


def who_changes(
    people: Sequence[Somebody],
    cells_now: Sequence[UUID | None],
    cells_then: Sequence[UUID | None],
    grid: NewGrid,
) -> list[Line]:
    """Lines of those whose cell would be another one, in the order of `people`.

    `cells_now` holds cells in force, `cells_then` draft cells, one for each of the people.
    """
    kept = set(grid.continues.values())
    found = []
    for somebody, now, then in zip(people, cells_now, cells_then, strict=True):
        if now == (None if then is None else grid.continues.get(then)) and (now or then is None):
            continue
        stays = bool(somebody.busy) and now in kept
        found.append(
            Line(
                somebody.id,
                somebody.place,
                now,
                then,
                somebody.group_id,
                somebody.group_id if stays else _group(somebody, now, then, grid),
                STAYS if stays else MOVES,
                somebody.busy if stays else _reason(now, then, grid, kept),
            )
        )
    return found


def _reason(now: UUID | None, then: UUID | None, grid: NewGrid, kept: set[UUID]) -> str:
    if then is None:
        return "left_out"
    if now is None:
        return "no_cell_yet"
    if now not in kept:
        return "given_up"
    return "divided" if then in grid.continues else "new_cell"


def _group(somebody: Somebody, now: UUID | None, then: UUID | None, grid: NewGrid) -> UUID | None:
    """A group of the same branch, and only for who is in the group of the cell they leave.

    A redraw moves nobody to another branch: that is a transfer, and people decide about it.
    """
    own = somebody.group_id
    if own is None or now is None or then is None or own not in grid.runs_now.get(now, ()):
        return own
    following = grid.runs_then.get(then)
    if following is None or grid.branch_of.get(following) != grid.branch_of.get(own):
        return own
    return following


def counted(cells: Sequence[UUID | None]) -> dict[str, int]:
    """How many people each cell has, by its id as text; nobody's cell is not counted."""
    found: dict[str, int] = {}
    for cell in cells:
        if cell is not None:
            found[str(cell)] = found.get(str(cell), 0) + 1
    return found
