"""Any other community: some people of its own, some away, some newly come."""

from collections.abc import Callable
from dataclasses import dataclass

from service.demo.biography import herding_season
from service.demo.draft import Circumstance, Draft
from service.demo.housing import Home
from service.demo.ten_grids import NUMERALS
from service.demo.values import (
    ArrivalState,
    BranchKind,
    Eligibility,
    MatchOutcome,
    Member,
    Place,
)

_REASONS_TO_LEAVE = ("labour", "trade", "with_family", "graduate", "veteran")
_REASONS_TO_COME = ("labour", "trade", "with_family", "firm_closed")
_STATES: tuple[ArrivalState, ...] = (
    "placed", "verified", "served", "placed", "signalled", "placed", "unserved", "placed", "served",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extra:
    """A second branch, and the station of its enterprise where there is one."""

    name: str
    kind: BranchKind
    classes: tuple[Eligibility, ...] = ()
    free: int = 6
    others: int = 4
    station: str | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many people; `herders` of those away follow the herds every year.

    `remote` puts the first unmatched newcomer into the last cell, far out on the pasture; `full`
    leaves no seat in the main branch. That branch and its station are in the first cell.
    """

    here: int
    inflow: int
    outflow: int
    herders: int = 0
    extra: Extra | None = None
    full: bool = False
    remote: bool = False


def ordinary(numbers: Numbers) -> Callable[[Draft], None]:
    """What writes such a community."""

    def write(draft: Draft) -> None:
        site = draft.site("01")
        main = draft.branch(f"{draft.tenant.name}党支部", "general", site, 0 if numbers.full else 5)
        for number, cell in enumerate(draft.cells):
            draft.group(f"第{NUMERALS[number]}党小组", main, (cell,))
        place = _extra_branch(draft, numbers.extra)
        _residents(draft, numbers, main)
        _newcomers(draft, numbers, main, place)
        draft.station("党群服务中心", "service_point", site)
        draft.employ("community_admin", "党务专干")
        draft.employ("grid_leader", "第一网格网格长", draft.cells[:1])

    return write


def _extra_branch(draft: Draft, extra: Extra | None) -> Place | None:
    """A second branch's place when it is where its people work."""
    if extra is None:
        return None
    site = draft.site(draft.cells[-1])
    draft.branch(extra.name, extra.kind, site, extra.free, extra.classes, extra.others)
    if extra.station:
        draft.station(
            extra.station, "service_station", site, "周一至周六 8:00-18:00", enterprise=True
        )
    return Place(*site, "building") if extra.classes else None


def _residents(draft: Draft, numbers: Numbers, main: str) -> None:
    season, began = herding_season(draft.around.today)
    since_began = (draft.around.today - began).days
    for number in range(numbers.here + numbers.outflow):
        cell, group = _turn(draft, number)
        home = draft.housing.home(cell, draft.dice)
        case = Circumstance(branch=main, group=group)
        if number < numbers.herders:
            case = Circumstance(
                "outflow", (1958, 1990), "", main, group,
                days=since_began, reason="seasonal_herding", elsewhere="本县夏冬牧场", season=season,
            )  # fmt: skip
        elif number < numbers.outflow:
            case = Circumstance(
                "outflow", (1972, 2001), "", main, group,
                days=draft.dice.whole(35, 700), reason=draft.dice.pick(_REASONS_TO_LEAVE),
                elsewhere=draft.another_district(),
            )  # fmt: skip
        draft.enrol(home, case)


def _newcomers(draft: Draft, numbers: Numbers, main: str, place: Place | None) -> None:
    extra = numbers.extra
    for number in range(numbers.inflow):
        state = _STATES[number % len(_STATES)]
        to_extra = extra is not None and number % 2 == 0
        member = _newcomer(draft, numbers, number, place if to_extra else None)
        goes_to = "02" if to_extra else main
        placed = state in ("placed", "served")
        draft.arrive(
            member, state, goes_to if placed else None, _expectation(state, member, numbers, number)
        )


def _newcomer(draft: Draft, numbers: Numbers, number: int, work: Place | None) -> Member:
    cell, _ = _turn(draft, number)
    state = _STATES[number % len(_STATES)]
    home = draft.housing.home_in(draft.dice.pick(draft.housing.in_cell(cell)), draft.dice)
    if state == "unserved":
        home, work = Home(None, None, ""), None
    elif _is_remote(numbers, number):
        hut = draft.housing.in_cell(draft.cells[-1])[-1]
        home = draft.housing.home_in(hut, draft.dice)
    classes = numbers.extra.classes if numbers.extra else ()
    eligibility = classes[0] if work and classes else ""
    days = (
        draft.dice.whole(1, 12) if state in ("signalled", "verified") else draft.dice.whole(40, 400)
    )
    return draft.enrol(
        home,
        Circumstance(
            "inflow", (1966, 2001), eligibility, work=work, days=days,
            reason=draft.dice.pick(_REASONS_TO_COME), elsewhere=draft.another_district(),
        ),
    )  # fmt: skip


def _expectation(
    state: ArrivalState, member: Member, numbers: Numbers, number: int
) -> MatchOutcome | None:
    if state in ("placed", "served"):
        return None
    if member.home is None and member.work is None:
        return "no_place"
    if _is_remote(numbers, number):
        return "out_of_reach"
    return "no_seat" if numbers.full else "assigned"


def _is_remote(numbers: Numbers, number: int) -> bool:
    return numbers.remote and number == _STATES.index("verified")


def _turn(draft: Draft, number: int) -> tuple[str, str]:
    """The cell whose turn it is, and its group."""
    turn = number % len(draft.cells)
    return draft.cells[turn], draft.groups[turn].code
