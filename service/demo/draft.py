"""A tenant while it is being drawn up: takes one thing at a time and counts the seats."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from service.demo.biography import birth, joining
from service.demo.dice import Dice
from service.demo.ground import Point
from service.demo.housing import Home, Housing
from service.demo.names import OTHER_DISTRICTS, person_name
from service.demo.values import (
    Arrival,
    ArrivalState,
    Branch,
    BranchKind,
    Building,
    Channel,
    DemoTenant,
    Eligibility,
    Group,
    MatchOutcome,
    Member,
    Movement,
    Place,
    ReportedFigure,
    Role,
    Sex,
    Staff,
    Station,
    StationKind,
)

OFFICE_HOURS = "周一至周五 9:00-17:00"

_CHANNELS: tuple[Channel, ...] = ("self_report", "open_letter", "proof_letter", "home_branch")
_ADDRESS_OF_ROLE: dict[Role, str] = {
    "county_admin": "quxian",
    "upper_officer": "jiedao",
    "community_admin": "shequ",
    "branch_officer": "zhibu",
    "grid_leader": "wangge",
}
_WORKS_IN_THE_COUNTY = 0.25
_WORKING_AGE_BORN_FROM = 1968


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What is particular about a person; the rest is drawn.

    `days` ago is when a movement began. `born_years` None means the birthday is not known.
    """

    movement: Movement = "here"
    born_years: tuple[int, int] | None = (1948, 2001)
    eligibility: Eligibility = ""
    branch: str | None = None
    group: str | None = None
    work: Place | None = None
    days: int | None = None
    reason: str | None = None
    elsewhere: str | None = None
    season: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a county's tenants share: today, the next telephone number, all the buildings."""

    today: date
    telephones: Iterator[str]
    buildings: tuple[Building, ...]


@dataclass
class Draft:
    """Collects a tenant's things; `finished` hands them out frozen."""

    tenant: DemoTenant
    housing: Housing
    around: Surroundings
    dice: Dice
    members: list[Member] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    stations: list[Station] = field(default_factory=list)
    staff: list[Staff] = field(default_factory=list)
    reported: list[ReportedFigure] = field(default_factory=list)

    @property
    def cells(self) -> tuple[str, ...]:
        """The codes of the tenant's cells, in order."""
        return tuple(cell.code for cell in self.tenant.cells)

    def enrol(self, home: Home, case: Circumstance) -> Member:
        """One more line of the register."""
        born = birth(self.dice, case.born_years)
        year = born.value.year if born.value else 1960
        sex: Sex = "女" if self.dice.chance(0.42) else "男"
        member = Member(
            key=f"{self.tenant.slug}-{len(self.members) + 1:03d}",
            name=person_name(self.dice, sex, year),
            sex=sex,
            born=born,
            joined=joining(self.dice, year, self.around.today),
            phone=next(self.around.telephones),
            address=home.address,
            home=home.place,
            cell=home.cell,
            work=case.work or self._workplace(case.movement, year),
            eligibility=case.eligibility,
            branch=case.branch,
            group=case.group,
            movement=case.movement,
            since=None if case.days is None else self.around.today - timedelta(days=case.days),
            reason=case.reason,
            elsewhere=case.elsewhere,
            season=case.season,
        )
        self.members.append(member)
        return member

    def arrive(
        self,
        member: Member,
        state: ArrivalState,
        branch: str | None = None,
        expected: MatchOutcome | None = None,
    ) -> None:
        """The inflow case of a member just enrolled, signalled on the day the person came."""
        day = member.since or self.around.today
        channel = self.dice.pick(_CHANNELS)
        self.arrivals.append(Arrival(member.key, state, channel, day, branch, expected))

    def branch(
        self,
        name: str,
        kind: BranchKind,
        site: Point,
        free: int,
        classes: tuple[Eligibility, ...] = (),
        others: int = 0,
    ) -> str:
        """A branch that has `free` seats in the end; `others` sit there from no register."""
        code = f"{len(self.branches) + 1:02d}"
        self.branches.append(Branch(code, name, kind, *site, others + free, others, classes))
        return code

    def group(self, name: str, branch: str, cells: tuple[str, ...]) -> str:
        """A group of that branch, looking after those cells."""
        code = f"{len(self.groups) + 1:02d}"
        self.groups.append(Group(code, name, branch, cells))
        return code

    def station(
        self,
        name: str,
        kind: StationKind,
        site: Point,
        hours: str = OFFICE_HOURS,
        enterprise: bool = False,
    ) -> None:
        """A station kept by this tenant, or by an enterprise in it."""
        keeper = "enterprise" if enterprise else self.tenant.level
        code, phone = f"{len(self.stations) + 1:02d}", next(self.around.telephones)
        self.stations.append(Station(code, name, kind, keeper, *site, hours, phone))

    def employ(
        self, role: Role, title: str, cells: tuple[str, ...] = (), branch: str | None = None
    ) -> None:
        """Somebody who signs in."""
        number = 1 + sum(person.role == role for person in self.staff)
        sex: Sex = "女" if self.dice.chance(0.5) else "男"
        name = person_name(self.dice, sex, self.dice.whole(1973, 1998))
        email = f"{self.tenant.slug}.{_ADDRESS_OF_ROLE[role]}{number}@demo.example"
        self.staff.append(Staff(name, email, role, title, cells, branch))

    def report(
        self, key: str, value: int | None, computed: int | None, reading: str, source: str
    ) -> None:
        """A figure of a report, beside what the records give."""
        self.reported.append(ReportedFigure(key, value, computed, reading, source))

    def site(self, cell: str) -> Point:
        """A building point in that cell, for a branch or a station."""
        building = self.dice.pick(self.housing.in_cell(cell))
        return building.lon, building.lat

    def another_district(self) -> str:
        """Where somebody came from or went to, no more exactly than a district."""
        return self.dice.pick(OTHER_DISTRICTS)

    def finished(self) -> DemoTenant:
        """The tenant with everything in it and every seat counted."""
        return replace(
            self.tenant,
            branches=tuple(self._seated(branch) for branch in self.branches),
            groups=tuple(self.groups),
            stations=tuple(self.stations),
            members=tuple(self.members),
            arrivals=tuple(self.arrivals),
            staff=tuple(self.staff),
            reported=tuple(self.reported),
        )

    def _workplace(self, movement: Movement, birth_year: int) -> Place | None:
        settled = movement == "here" and birth_year >= _WORKING_AGE_BORN_FROM
        if not settled or not self.dice.chance(_WORKS_IN_THE_COUNTY):
            return None
        building = self.dice.pick(self.around.buildings)
        return Place(building.lon, building.lat, "building")

    def _seated(self, branch: Branch) -> Branch:
        registered = sum(member.branch == branch.code for member in self.members)
        placed = sum(arrival.branch == branch.code for arrival in self.arrivals)
        seats = registered + placed
        return replace(branch, taken=branch.taken + seats, capacity=branch.capacity + seats)
