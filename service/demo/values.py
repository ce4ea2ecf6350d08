"""What a demo county consists of: plain values, nothing of a database.

Places are WGS-84, longitude first. Codes are unique within their tenant; a member's key and every
telephone number are unique over all counties. Everybody and everything here is invented.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shapely import Polygon

Level = Literal["county", "township", "community"]
Movement = Literal["here", "inflow", "outflow", "lives_outside"]
Precision = Literal["building", "compound", "cell", "unknown"]
DatePrecision = Literal["day", "month", "year", "unknown"]
Eligibility = Literal["", "企业", "商户", "新就业群体"]
"""Which branches may take somebody, in the office's words; empty: those that take anyone."""
Sex = Literal["女", "男"]
Channel = Literal["self_report", "open_letter", "proof_letter", "home_branch"]
Role = Literal["county_admin", "upper_officer", "community_admin", "branch_officer", "grid_leader"]
BranchKind = Literal["general", "enterprise", "mobile", "temporary", "joint", "members_home"]
StationKind = Literal[
    "service_center", "service_station", "station", "temporary_station", "service_point"
]
ArrivalState = Literal["signalled", "verified", "placed", "served", "unserved"]
MatchOutcome = Literal["assigned", "no_place", "out_of_reach", "no_seat"]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known this precisely: the first day of its month or year; None when unknown."""

    value: date | None
    precision: DatePrecision


@dataclass(frozen=True, slots=True)
class Place:
    """A point and how exactly it is known. A place that is not known at all is None instead."""

    lon: float
    lat: float
    precision: Precision


@dataclass(frozen=True, slots=True)
class Cell:
    """A grid cell; a community's cells cover its boundary without gap or overlap."""

    code: str
    name: str
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class Building:
    """A building point with its number of resident households; no people in it."""

    code: str
    compound: str
    name: str
    lon: float
    lat: float
    cell: str
    households: int

    @property
    def address(self) -> str:
        """Compound and building as an address begins."""
        return self.compound + self.name


@dataclass(frozen=True, slots=True)
class Branch:
    """`taken` of `capacity` seats are in use at the start: members, arrivals already placed, and
    people of the branch who are in no register of the demo. Empty `classes` = takes anyone."""

    code: str
    name: str
    kind: BranchKind
    lon: float
    lat: float
    capacity: int
    taken: int
    classes: tuple[Eligibility, ...] = ()

    @property
    def free(self) -> int:
        """Seats left."""
        return self.capacity - self.taken


@dataclass(frozen=True, slots=True)
class Group:
    """Part of a branch. It looks after its cells; none when its people live elsewhere."""

    code: str
    name: str
    branch: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Station:
    """A station and whose it is: the tenant's own (its level) or an enterprise's."""

    code: str
    name: str
    kind: StationKind
    keeper: Literal["county", "township", "community", "enterprise"]
    lon: float
    lat: float
    hours: str
    phone: str


@dataclass(frozen=True, slots=True)
class Member:
    """One line of a register.

    `branch` is where the formal relation is: None for an inflow member, whose relation is at home.
    `group` looks after the person by residence, inflow included where a community does so.
    `since`, `reason` (a key of `service.demo.names.REASONS`) and `elsewhere` (origin or
    destination, at district level) are set for whoever is not simply here; `season` is the first
    and last month of an absence that comes every year.
    """

    key: str
    name: str
    sex: Sex
    born: PartialDate
    joined: PartialDate
    phone: str
    address: str
    home: Place | None
    cell: str | None
    work: Place | None
    eligibility: Eligibility
    branch: str | None
    group: str | None
    movement: Movement
    since: date | None = None
    reason: str | None = None
    elsewhere: str | None = None
    season: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """The inflow case of one inflow member.

    `branch` is where a placed or served one takes part. `expected` is what matching over the
    tenant's own branches finds for one who is still waiting; an unserved one has this as reason.
    """

    member: str
    state: ArrivalState
    channel: Channel
    signalled: date
    branch: str | None = None
    expected: MatchOutcome | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who signs in. `cells` for a grid leader, `branch` for a branch officer."""

    name: str
    email: str
    role: Role
    title: str
    cells: tuple[str, ...] = ()
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A figure as a report gives it, kept beside what is computed and never forced to agree.

    `value` is None where the report leaves a blank. `computed` is what the demo's own records give
    for `key`, None where they cannot. `reading` says how the sentence was understood.
    """

    key: str
    value: int | None
    computed: int | None
    reading: str
    source: str


@dataclass(frozen=True, slots=True)
class DemoTenant:
    """An organisation that holds records. `area` is (county, township, community), 0 = none."""

    slug: str
    name: str
    level: Level
    area: tuple[int, int, int]
    parent: str | None
    boundary: Polygon
    reach_metres: int
    cells: tuple[Cell, ...] = ()
    buildings: tuple[Building, ...] = ()
    branches: tuple[Branch, ...] = ()
    groups: tuple[Group, ...] = ()
    stations: tuple[Station, ...] = ()
    members: tuple[Member, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    staff: tuple[Staff, ...] = ()
    reported: tuple[ReportedFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoCounty:
    """The county's own tenant first, then its townships, then its communities."""

    slug: str
    name: str
    tenants: tuple[DemoTenant, ...]

    def tenant(self, slug: str) -> DemoTenant:
        """Raises KeyError."""
        for tenant in self.tenants:
            if tenant.slug == slug:
                return tenant
        raise KeyError(slug)

    def at(self, level: Level) -> tuple[DemoTenant, ...]:
        """The tenants of one level, in the order of their area."""
        return tuple(tenant for tenant in self.tenants if tenant.level == level)
