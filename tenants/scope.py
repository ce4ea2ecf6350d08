"""Who is asking, and for which tenant. Every lookup and action takes a Scope first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from tenants.area import county_range, own_range
from tenants.database import Stamps, restamped, stamped


@dataclass(frozen=True, slots=True)
class Scope:
    """One person's (or a worker's) place in one tenant.

    `area` is the tenant's number in county > township > community; `cell_ids` are the cells that
    a grid leader leads today, empty for every other role; `person_id` is None for a worker.
    `state` is the tenant's: open, paused (read-only) or closed.
    """

    tenant_id: int
    slug: str
    name: str
    level: str
    area: int
    role: str
    person_id: UUID | None = None
    standing_id: UUID | None = None
    cell_ids: tuple[UUID, ...] = ()
    branch_id: UUID | None = None
    state: str = "open"

    @property
    def stamps(self) -> Stamps:
        """What each of its transactions carries (`SET LOCAL`)."""
        low, high = own_range(self.area, self.level)
        county_low, county_high = county_range(self.area)
        stamps: dict[str, int | str] = {
            "app.tenant_id": self.tenant_id,
            "app.area": self.area,
            "app.area_lo": low,
            "app.area_hi": high,
            "app.county_lo": county_low,
            "app.county_hi": county_high,
        }
        if self.person_id is not None:
            stamps["app.person_id"] = str(self.person_id)
        return stamps

    @property
    def sees_only_own_cells(self) -> bool:
        """A grid leader sees the people of their own cells and nobody else."""
        return self.role == "grid_leader"

    @property
    def came_through_a_door(self) -> bool:
        """Somebody from an office above who reads for a while, places nobody and walks nowhere."""
        return self.role == "visitor_from_above"

    @property
    def may_know_documents(self) -> bool:
        """Whoever works in single cells or for one branch has no use for a document number."""
        return self.role not in ("grid_leader", "branch_officer")


@contextmanager
def entered(scope: Scope) -> Iterator[Scope]:
    """Everything asked of the database inside is asked for `scope`."""
    with stamped(scope.stamps):
        yield scope


@contextmanager
def acting_below(scope: Scope) -> Iterator[Scope]:
    """The open transaction acts in a tenant below for a while, and then in its own again."""
    with restamped(scope.stamps):
        yield scope
