"""A run over a whole county: it sees places and classes, and never who anybody is.

People are read through `wangge_oversee`, which is granted no name and no phone, and are numbers
here. What is kept for the county is one row a branch and one a community (design, section 7);
whom it would concern only their own community's run says. For temporary branches see
`shared_sites`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, select, text

from tenants.audit.actions import note
from tenants.database import db, overseeing
from tenants.matching.assignments.findings import Found, Line, Person, Price
from tenants.matching.assignments.records import AssignmentBranch, AssignmentCommunity
from tenants.matching.assignments.runs import asked_run, finish_run, keep_prices
from tenants.matching.rules import Branch
from tenants.members.stages import FULL
from tenants.organisations.lookups import tenant_names
from tenants.places.lookups import directory
from tenants.scope import Scope

FEWEST_SUMMED = 3
"""A sum of fewer ways would tell the county how far one person lives."""

_WAITING = text("""
    SELECT area, ST_X(home), ST_Y(home), ST_X(work), ST_Y(work), "class", stage
    FROM door_waiting_places()
""")


@dataclass(frozen=True, slots=True)
class Community:
    """What a run would mean for one community; see `records.AssignmentCommunity`."""

    area: int
    people: int
    here: int
    elsewhere: int
    from_elsewhere: int
    unserved: int
    total_centimetres: int

    @property
    def told_centimetres(self) -> int | None:
        """The sum of ways; None where it would tell how far one person lives."""
        return self.total_centimetres if self.here + self.elsewhere >= FEWEST_SUMMED else None


@dataclass(frozen=True, slots=True)
class CommunityCard:
    """A community's numbers with its name."""

    name: str
    numbers: Community


@dataclass(frozen=True, slots=True)
class CountyPrice:
    """A branch of the county with its name and who keeps it."""

    name: str
    keeper: str
    price: Price


def waiting_in_county(scope: Scope) -> tuple[list[Person], list[int]]:
    """Everybody who waits at or below the scope's area, as numbers, and each one's community."""
    people: list[Person] = []
    areas: list[int] = []
    with overseeing() as connection:
        # Cases and members by the thousand, perhaps brought in a moment ago and not counted yet:
        # joined row by row they would never come.
        connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
        for area, home_lon, home_lat, work_lon, work_lat, class_, stage in connection.execute(
            _WAITING
        ):
            home = None if home_lon is None else (home_lon, home_lat)
            work = None if work_lon is None else (work_lon, work_lat)
            who = UUID(int=len(people))
            people.append(Person(who, home, work, class_, full=stage == FULL))
            areas.append(area)
    return people, areas


def county_branches(scope: Scope, today: date) -> tuple[list[Branch], dict[UUID, int]]:
    """Every branch of the county's directory with its free seats, and each one's community."""
    found, _stations = directory(scope)
    branches = [
        Branch(
            place.id,
            (place.lon, place.lat),
            place.free,
            frozenset(place.classes),
            place.open_on(today),
        )
        for place in found
    ]
    return branches, {place.id: place.area for place in found}


def by_community(
    areas: Sequence[int], lines: Sequence[Line], area_of_branch: dict[UUID, int]
) -> list[Community]:
    """The numbers of every community that has people or takes some in, by area. Pure."""
    counts: dict[int, list[int]] = {}

    def of(area: int) -> list[int]:
        return counts.setdefault(area, [0, 0, 0, 0, 0, 0])

    for area, line in zip(areas, lines, strict=True):
        own = of(area)
        own[0] += 1
        if line.branch_id is None:
            own[4] += 1
            continue
        keeper = area_of_branch[line.branch_id]
        if keeper == area:
            own[1] += 1
        else:
            own[2] += 1
            of(keeper)[3] += 1
        own[5] += line.centimetres or 0
    return [Community(area, *counts[area]) for area in sorted(counts)]


def keep_county(
    scope: Scope, run_id: UUID, found: Found, communities: Sequence[Community], seconds: float
) -> bool:
    """Write a county's run: prices, sites and numbers. The lines themselves are dropped here.

    False when somebody discarded the run meanwhile: nothing is written.
    """
    run = asked_run(scope, run_id)
    if run is None:
        return False
    keep_prices(run_id, found.prices, found.sites)
    if communities:
        db.session.execute(
            insert(AssignmentCommunity),
            [
                {
                    "run_id": run_id,
                    "id": one.area,
                    "people": one.people,
                    "here": one.here,
                    "elsewhere": one.elsewhere,
                    "from_elsewhere": one.from_elsewhere,
                    "unserved": one.unserved,
                    "total_centimetres": one.total_centimetres,
                }
                for one in communities
            ],
        )
    finish_run(run, found, seconds)
    note(scope, "assign_county", "assignment_run", run_id, people=run.people)
    return True


def communities_of(scope: Scope, run_id: UUID) -> list[CommunityCard]:
    """The numbers of each community in a run, in the order of the areas: nobody is ranked."""
    table = AssignmentCommunity
    rows = db.session.execute(
        select(
            table.id,
            table.people,
            table.here,
            table.elsewhere,
            table.from_elsewhere,
            table.unserved,
            table.total_centimetres,
        )
        .where(table.tenant_id == scope.tenant_id, table.run_id == run_id)
        .order_by(table.id)
    )
    names = tenant_names(scope)
    return [CommunityCard(names.get(row[0], ""), Community(*row)) for row in rows]


def worth_most(scope: Scope, run_id: UUID, *, limit: int = 50) -> tuple[list[CountyPrice], int]:
    """Branches where one more seat would help the county most, and how many there are."""
    table = AssignmentBranch
    helps = (
        table.tenant_id == scope.tenant_id,
        table.run_id == run_id,
        table.is_open,
        table.places_one_more | (table.saved_centimetres > 0),
    )
    rows = db.session.execute(
        select(
            table.id,
            table.is_open,
            table.seats,
            table.given,
            table.saved_centimetres,
            table.places_one_more,
        )
        .where(*helps)
        .order_by(table.places_one_more.desc(), table.saved_centimetres.desc(), table.id)
        .limit(limit)
    ).all()
    total = db.session.execute(select(func.count()).select_from(table).where(*helps)).scalar_one()
    places = {place.id: place for place in directory(scope)[0]}
    keepers = tenant_names(scope)
    return [
        CountyPrice(places[row[0]].name, keepers.get(places[row[0]].area, ""), Price(*row))
        for row in rows
        if row[0] in places
    ], total
