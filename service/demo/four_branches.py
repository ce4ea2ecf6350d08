"""The community of four branches: 137 members, 54 of them living outside.

The report's age bands, 28 + 20 + 87, add up to 135: for two people no birthday is known. Its 85
retired stay a reported figure; nobody is labelled so.
"""

from datetime import date

from service.demo.draft import Circumstance, Draft
from service.demo.housing import Home
from service.demo.ten_grids import NUMERALS
from service.demo.values import Member

SOURCE = "四支部社区情况报告"
# Birth years keep three years' distance from each limit, so the bands hold whenever the demo is
# loaded within a few years of being written.
_UNDER_50, _FIFTIES, _OVER_60 = (1981, 2000), (1971, 1973), (1938, 1962)
_BANDS: tuple[tuple[tuple[int, int] | None, int], ...] = (
    (_UNDER_50, 28),
    (_FIFTIES, 20),
    (_OVER_60, 87),
    (None, 2),
)
_OUTSIDE, _OUTSIDE_IN_THE_DISTRICT = 54, 40
_BRANCH_NAMES = ("第一党支部", "第二党支部", "第三党支部", "第四党支部")


def age_on(member: Member, day: date) -> int | None:
    """Whole years on that day, None when no birthday is known."""
    born = member.born.value
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def write(draft: Draft) -> None:
    """Everything of this community but its ground."""
    branches = [
        draft.branch(f"{draft.tenant.name}{name}", "general", draft.site(cell), 3)
        for name, cell in zip(_BRANCH_NAMES, ("01", "03", "05", "06"), strict=True)
    ]
    keepers = [
        (cell, draft.group(f"第{NUMERALS[number]}党小组", branches[number * 4 // 6], (cell,)))
        for number, cell in enumerate(draft.cells)
    ]
    distant = [draft.group("居外党员联络组", branch, ()) for branch in branches]
    ages = draft.dice.shuffled([years for years, count in _BANDS for _ in range(count)])
    for number, years in enumerate(ages):
        if number < _OUTSIDE:
            _outside(draft, number, years, branches[number % 4], distant[number % 4])
        else:
            cell, group = keepers[number % len(keepers)]
            branch = next(one.branch for one in draft.groups if one.code == group)
            home = draft.housing.home(cell, draft.dice)
            draft.enrol(home, Circumstance("here", years, "", branch, group))
    draft.station("党群服务中心", "service_point", draft.site("04"))
    draft.employ("community_admin", "社区党务专干")
    draft.employ("grid_leader", "第一至第三网格网格长", draft.cells[:3])
    draft.employ("grid_leader", "第四至第六网格网格长", draft.cells[3:])
    draft.employ("branch_officer", "第一党支部书记", branch=branches[0])
    _report(draft)


def _outside(
    draft: Draft, number: int, years: tuple[int, int] | None, branch: str, group: str
) -> None:
    """Somebody of ours who lives elsewhere in the district, or farther off than we know."""
    home = Home(None, None, "")
    elsewhere = draft.another_district()
    if number < _OUTSIDE_IN_THE_DISTRICT:
        own = {building.compound for building in draft.housing.buildings}
        others = [one for one in draft.around.buildings if one.compound not in own]
        lived_in = draft.housing.home_in(draft.dice.pick(others), draft.dice)
        home, elsewhere = Home(lived_in.place, None, lived_in.address), "本区其他社区"
    draft.enrol(
        home,
        Circumstance(
            "lives_outside", years, "", branch, group,
            days=draft.dice.whole(200, 3000),
            reason=draft.dice.pick(("relocated", "with_family")),
            elsewhere=elsewhere,
        ),
    )  # fmt: skip


def _report(draft: Draft) -> None:
    ages = [age_on(member, draft.around.today) for member in draft.members]
    known = [age for age in ages if age is not None]
    young, old = sum(age < 50 for age in known), sum(age >= 60 for age in known)
    outside = sum(member.movement == "lives_outside" for member in draft.members)
    draft.report("members.total", 137, len(ages), "党员总数", SOURCE)
    draft.report("members.lives_outside", 54, outside, "居住在外的党员", SOURCE)
    draft.report("members.age_under_50", 28, young, "50 岁以下", SOURCE)
    draft.report("members.age_50_to_59", 20, len(known) - young - old, "50 至 59 岁", SOURCE)
    draft.report("members.age_60_and_over", 87, old, "60 岁及以上", SOURCE)
    draft.report(
        "members.age_known", 135, len(known), "三个年龄段之和，比总数少 2 人：出生日期不详", SOURCE
    )
    draft.report("members.retired", 85, None, "退休党员；本系统不给个人贴此标签", SOURCE)
    draft.report("branches.total", 4, len(draft.branches), "党支部数", SOURCE)
    draft.report("households.center", None, None, "党员中心户数，原报告此处空白", SOURCE)
