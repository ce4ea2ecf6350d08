"""Who may let whom in, and what lacks somebody. Plain values only (domain sections 6 and ORG-2)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

LINK_LASTS: Final = timedelta(days=7)
LEAST_PASSWORD: Final = 10
UNDO_WITHIN: Final = timedelta(days=1)

_WITHIN: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("county_admin", "county"): ("county_admin",),
    ("county_admin", "township"): ("upper_officer",),
    ("county_admin", "community"): ("community_admin",),
    ("community_admin", "community"): ("community_admin", "grid_leader", "branch_officer"),
    ("operator", "county"): ("county_admin",),
    ("operator", "township"): ("upper_officer",),
    ("operator", "community"): ("community_admin", "grid_leader", "branch_officer"),
}
"""(role of who acts, level of the tenant acted in) -> roles that may be given and ended there.

From above only administrators: who leads a cell is the community's own business, and its people
stay closed to the county.
"""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A cell without a leader or a branch without an officer."""

    kind: str
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Held:
    """One standing as the rules see it."""

    person_id: UUID
    role: str
    cell_id: UUID | None
    branch_id: UUID | None
    valid_from: date
    valid_to: date | None
    ended_at: datetime | None

    def holds_on(self, day: date) -> bool:
        """Whether it counts on a day: from its first to its last, unless it was ended at once."""
        if self.ended_at is not None:
            return False
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def may_give(role: str, level: str) -> tuple[str, ...]:
    """The roles that somebody with `role` may give and end in a tenant of `level`."""
    return _WITHIN.get((role, level), ())


def vacancies(
    cells: Mapping[UUID, str], branches: Mapping[UUID, str], held: Iterable[Held], day: date
) -> list[Vacancy]:
    """Cells nobody leads and branches nobody is officer of on a day, in the order given."""
    now = [each for each in held if each.holds_on(day)]
    led = {each.cell_id for each in now if each.role == "grid_leader"}
    served = {each.branch_id for each in now if each.role == "branch_officer"}
    return [
        *(Vacancy("cell", id_, name) for id_, name in cells.items() if id_ not in led),
        *(Vacancy("branch", id_, name) for id_, name in branches.items() if id_ not in served),
    ]


def link_state(
    expires_at: datetime,
    accepted_at: datetime | None,
    withdrawn_at: datetime | None,
    closed: bool,
    now: datetime,
) -> str:
    """What became of a link: accepted, withdrawn, closed, expired or open."""
    if accepted_at is not None:
        return "accepted"
    if withdrawn_at is not None:
        return "withdrawn"
    if closed:
        return "closed"
    return "open" if now < expires_at else "expired"


def leads_elsewhere(counties: Collection[int], county: int, role: str) -> bool:
    """Whether a leader would lead in two counties: nobody walks two counties' cells."""
    return role == "grid_leader" and any(other != county for other in counties)
