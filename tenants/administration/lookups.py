"""The people of a tenant beside what they are for: cells, branches, and where somebody lacks."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tenants.grid.lookups import cells_today
from tenants.people.lookups import InvitationLine, StandingLine, invitations, standings
from tenants.people.rules import Vacancy, may_give, vacancies
from tenants.places.lookups import branches
from tenants.scope import Scope, acting_below


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who works here, who was invited, what lacks somebody."""

    present: list[StandingLine]
    past: list[StandingLine]
    invited: list[InvitationLine]
    vacant: list[Vacancy]
    cells: dict[UUID, str]
    branches: dict[UUID, str]
    roles: tuple[str, ...]

    def where(self, cell_id: UUID | None, branch_id: UUID | None) -> str:
        """The cell or branch of a standing, by name."""
        if cell_id is not None:
            return self.cells.get(cell_id, "")
        return self.branches.get(branch_id, "") if branch_id is not None else ""


def people_page(scope: Scope, day: date) -> PeoplePage:
    """Everybody whom the scope's role may let in or ask to stop."""
    roles = may_give(scope.role, scope.level)
    held = standings(scope)
    cells = {cell.id: cell.name for cell in cells_today(scope)}
    found = {
        branch.id: branch.name
        for branch in branches(scope)
        if branch.closes_on is None or branch.closes_on >= day
    }
    return PeoplePage(
        present=[each for each in held if each.holds_on(day)],
        past=[each for each in held if not each.holds_on(day)],
        invited=invitations(scope),
        vacant=vacancies(cells, found, held, day) if "grid_leader" in roles else [],
        cells=cells,
        branches=found,
        roles=roles,
    )


def administrators_below(scope: Scope) -> PeoplePage:
    """The administrators of a tenant below, asked in its scope: nobody else is looked at."""
    with acting_below(scope):
        held, invited = standings(scope), invitations(scope)
    today = date.today()
    return PeoplePage(
        present=[each for each in held if each.holds_on(today)],
        past=[each for each in held if not each.holds_on(today)],
        invited=invited,
        vacant=[],
        cells={},
        branches={},
        roles=may_give(scope.role, scope.level),
    )
