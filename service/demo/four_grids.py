"""The community of four grids: 2,479 resident households, "directly managed 33, in 4, out 9".

Whether the 9 are inside the 33 is not said. Here they are, and both readings are reported.
"""

from service.demo.draft import Circumstance, Draft
from service.demo.ten_grids import NUMERALS
from service.demo.values import ArrivalState, MatchOutcome

HOUSEHOLDS = 2479
GROUP_SIZES = (9, 8, 8, 8)
SOURCE = "四网格社区工作汇报"
_AWAY = (3, 2, 2, 2)
_REASONS_TO_LEAVE = ("labour", "trade", "relocated", "with_family")


def write(draft: Draft) -> None:
    """Everything of this community but its ground."""
    main = draft.branch(f"{draft.tenant.name}党支部", "general", draft.site("03"), 6)
    home = draft.branch("集市流动党员之家", "members_home", draft.site("01"), 5, (), 3)
    draft.branch("商户联合党支部", "joint", draft.site("02"), 2, ("商户",), 11)
    for number, cell in enumerate(draft.cells):
        group = draft.group(f"第{NUMERALS[number]}网格党小组", main, (cell,))
        for place in range(GROUP_SIZES[number]):
            _own(draft, cell, main, group, away=place < _AWAY[number])
    _newcomer(draft, "01", "served", 380, home, None)
    _newcomer(draft, "02", "placed", 88, main, None)
    _newcomer(draft, "04", "verified", 3, None, "assigned")
    _newcomer(draft, "03", "signalled", 1, None, "assigned")
    draft.station("流动党员服务点", "service_point", draft.site("03"), "周一至周六 8:30-17:30")
    draft.station("集市临时管理站", "temporary_station", draft.site("01"), "逢集日 7:00-13:00")
    _staff(draft, main)
    _report(draft)


def _own(draft: Draft, cell: str, branch: str, group: str, away: bool) -> None:
    home = draft.housing.home(cell, draft.dice)
    if not away:
        draft.enrol(home, Circumstance(branch=branch, group=group))
        return
    reason, days = draft.dice.pick(_REASONS_TO_LEAVE), draft.dice.whole(30, 900)
    draft.enrol(
        home,
        Circumstance(
            "outflow", (1968, 2000), "", branch, group,
            days=days, reason=reason, elsewhere=draft.another_district(),
        ),
    )  # fmt: skip


def _newcomer(
    draft: Draft,
    cell: str,
    state: ArrivalState,
    days: int,
    branch: str | None,
    expected: MatchOutcome | None,
) -> None:
    building = draft.dice.pick(draft.housing.in_cell(cell))
    member = draft.enrol(
        draft.housing.home_in(building, draft.dice),
        Circumstance(
            "inflow", (1966, 1998), "商户",
            days=days, reason="trade", elsewhere=draft.another_district(),
        ),
    )  # fmt: skip
    draft.arrive(member, state, branch, expected)


def _staff(draft: Draft, main: str) -> None:
    draft.employ("community_admin", "社区党务专干")
    for numeral, cell in zip(NUMERALS, draft.cells, strict=False):
        draft.employ("grid_leader", f"第{numeral}网格网格长", (cell,))
    draft.employ("branch_officer", "社区党支部书记", branch=main)


def _report(draft: Draft) -> None:
    own = [member for member in draft.members if member.movement != "inflow"]
    out = [member for member in own if member.movement == "outflow"]
    arrived, left = len(draft.members) - len(own), len(out)
    homes = sum(building.households for building in draft.housing.buildings)
    draft.report("households.total", HOUSEHOLDS, homes, "常住户数", SOURCE)
    draft.report("population.total", 8399, None, "总人口；本系统不登记居民，无从计算", SOURCE)
    draft.report("members.affiliated", 33, len(own), "直管党员；按流出 9 人含在 33 人内", SOURCE)
    draft.report("mobility.in", 4, arrived, "流入党员", SOURCE)
    draft.report("mobility.out", 9, left, "流出党员", SOURCE)
    draft.report(
        "members.present", None, len(own) - left + arrived,
        "原报告未给出；流出含在直管内时为 33-9+4=28，不含时为 33+4=37", SOURCE,
    )  # fmt: skip
