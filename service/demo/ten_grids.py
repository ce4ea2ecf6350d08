"""The community of ten grids: 147 members, mobile ones included, in ten groups, one per grid.

Reported by the source: 10 grids, 147 members, 10 groups. 147 is seven groups of 15 and three of 14;
a group looks after everybody who lives in its grid, people who came from elsewhere included. One
branch of more than a hundred is above the usual ceiling of 50; it is shown as it is.
"""

from typing import NamedTuple

from service.demo.draft import Circumstance, Draft
from service.demo.ground import moved
from service.demo.housing import Home
from service.demo.values import ArrivalState, Eligibility, MatchOutcome, Place

NUMERALS = "一二三四五六七八九十"
SOURCE = "十网格社区调研报告"
GROUP_SIZES = (15, 15, 14, 15, 15, 14, 15, 15, 14, 15)
_AWAY = (1, 1, 2, 1, 1, 2, 1, 1, 1, 1)
_REASONS_TO_LEAVE = ("labour", "trade", "with_family", "graduate")


class _Newcomer(NamedTuple):
    cell: int
    state: ArrivalState
    days: int
    branch: str | None = None
    expected: MatchOutcome | None = None
    eligibility: Eligibility = ""
    whereabouts: str = "home"


# Codes count up in the order in which `_branches` founds them; "03" is the mill's.
_COMMUNITY, _HOME, _MARKET, _RIDERS = "01", "02", "04", "05"
_NEWCOMERS = (
    _Newcomer(0, "served", 412, _COMMUNITY),
    _Newcomer(0, "verified", 2, None, "assigned"),
    _Newcomer(1, "placed", 96, _HOME),
    _Newcomer(2, "verified", 5, None, "assigned", "企业"),
    _Newcomer(3, "placed", 61, _RIDERS, None, "新就业群体"),
    _Newcomer(3, "signalled", 1, None, "assigned"),
    _Newcomer(4, "verified", 9, None, "assigned"),
    _Newcomer(5, "placed", 130, _COMMUNITY),
    _Newcomer(6, "verified", 3, None, "assigned", "新就业群体"),
    _Newcomer(6, "unserved", 74, None, "no_place", "", "nowhere"),
    _Newcomer(7, "signalled", 4, None, "assigned"),
    _Newcomer(8, "unserved", 48, None, "out_of_reach", "", "works_far_out"),
    _Newcomer(9, "verified", 6, None, "assigned", "", "beside_the_full_branch"),
    _Newcomer(9, "placed", 205, _HOME),
)


def write(draft: Draft) -> None:
    """Everything of this community but its ground."""
    _branches(draft)
    for number, cell in enumerate(draft.cells):
        group = draft.group(f"第{NUMERALS[number]}党小组", _COMMUNITY, (cell,))
        _people(draft, number, cell, group)
    draft.station(
        "党群服务中心一站式大厅", "service_point", draft.site("05"), "周一至周日 8:30-18:00"
    )
    draft.station("党建办公室", "service_point", draft.site("02"))
    draft.station("党团活动室", "service_point", draft.site("09"), "周二至周日 9:00-20:00")
    _staff(draft)
    _report(draft)


def _branches(draft: Draft) -> None:
    name = draft.tenant.name
    draft.branch(f"{name}党支部", "general", draft.site("05"), 5)
    draft.branch("流动党员之家", "members_home", draft.site("07"), 4, (), 2)
    draft.branch("云锦纺织厂党支部", "enterprise", draft.site("03"), 3, ("企业",), 9)
    draft.branch("夜市临时党支部", "temporary", draft.site("10"), 0, (), 6)
    draft.branch("骑手流动党支部", "mobile", draft.site("06"), 4, ("新就业群体",), 3)


def _people(draft: Draft, number: int, cell: str, group: str) -> None:
    newcomers = [person for person in _NEWCOMERS if person.cell == number]
    for person in newcomers:
        _newcomer(draft, person, cell, group)
    for _ in range(_AWAY[number]):
        home = draft.housing.home(cell, draft.dice)
        reason, days = draft.dice.pick(_REASONS_TO_LEAVE), draft.dice.whole(40, 500)
        draft.enrol(
            home,
            Circumstance(
                "outflow", (1975, 2001), "", _COMMUNITY, group,
                days=days, reason=reason, elsewhere=draft.another_district(),
            ),
        )  # fmt: skip
    for _ in range(GROUP_SIZES[number] - _AWAY[number] - len(newcomers)):
        home = draft.housing.home(cell, draft.dice)
        draft.enrol(home, Circumstance(branch=_COMMUNITY, group=group))


def _newcomer(draft: Draft, person: _Newcomer, cell: str, group: str) -> None:
    home, work = _whereabouts(draft, person.whereabouts, cell)
    member = draft.enrol(
        home,
        Circumstance(
            "inflow", (1970, 2001), person.eligibility, None, group, work,
            person.days, "labour", draft.another_district(),
        ),
    )  # fmt: skip
    draft.arrive(member, person.state, person.branch, person.expected)


def _whereabouts(draft: Draft, where: str, cell: str) -> tuple[Home, Place | None]:
    if where == "nowhere":
        return Home(None, None, ""), None
    if where == "works_far_out":
        far_out = moved(draft.site(cell), 14_000, -6_000)
        return Home(None, None, "城外工地宿舍"), Place(*far_out, "cell")
    if where == "beside_the_full_branch":
        site = next((branch.lon, branch.lat) for branch in draft.branches if branch.code == _MARKET)
        for building in draft.housing.in_cell(cell):
            if (building.lon, building.lat) == site:
                return draft.housing.home_in(building, draft.dice), None
    home = draft.housing.home_in(draft.dice.pick(draft.housing.in_cell(cell)), draft.dice)
    return home, None


def _staff(draft: Draft) -> None:
    draft.employ("community_admin", "社区党务专干")
    for first in range(0, len(draft.cells), 2):
        pair = draft.cells[first : first + 2]
        title = "、".join(f"第{NUMERALS[first + step]}" for step in range(len(pair)))
        draft.employ("grid_leader", f"{title}网格网格长", pair)
    draft.employ("branch_officer", "社区党支部书记", branch=_COMMUNITY)
    draft.employ("branch_officer", "流动党员之家负责人", branch=_HOME)


def _report(draft: Draft) -> None:
    members, groups = len(draft.members), len(draft.groups)
    draft.report("members.total", 147, members, "党员总数，含流动党员", SOURCE)
    draft.report("groups.total", 10, groups, "党小组数，一个网格一个党小组", SOURCE)
    draft.report("cells.total", 10, len(draft.cells), "网格数", SOURCE)
