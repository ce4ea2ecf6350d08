"""What pages say of classes, rules and duties; the facts come from `tenants.mobility`."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from service.written import day
from tenants.mobility.calendar import UNKNOWN_DAY, PartialDay, Term, last_of_month
from tenants.mobility.pack import Rule, RulePack

CLASS_WORDS = {
    "short": ("quiet", _l("短期外出")),
    "medium": ("wait", _l("中期外出")),
    "long_fixed": ("warn", _l("长期外出，地点固定")),
    "long_roving": ("warn", _l("长期外出，地点不固定")),
    "seasonal": ("good", _l("季节性外出")),
    "inflow_waiting": ("quiet", _l("还不计入流入")),
    "inflow_candidate": ("warn", _l("应纳入本地管理")),
    "unknown": ("quiet", _l("还说不准")),
    "none": ("quiet", _l("不在流动")),
}
REASON_WORDS = {
    "by_length": _l("按外出时间长短。"),
    "in_season": _l("在本人常年外出的季节里，不催、不提醒。"),
    "settled": _l("已定居外地。可以邀请转移组织关系，是否转由本人决定。"),
    "stayed_long_enough": _l("到来的时间已满。"),
    "stayed_too_short": _l("到来的时间还没有满。"),
    "not_begun": _l("还没有开始。"),
    "over": _l("已经结束。"),
    "pack_silent": _l("这个规则包没有规定怎样分类。"),
    "start_not_known": _l("外出日期不够准确，不知道今天是否已经外出。请补上日期。"),
    "end_not_known": _l("返回日期不够准确，不知道今天是否已经返回。请补上日期。"),
    "length_not_known": _l("日期不够准确，落在两类之间。请补上日期。"),
    "place_not_known": _l("已满长期，但没有登记地点是否固定。请补上。"),
    "basis_not_known": _l("没有登记在这里居住还是工作，也没有证明信。"),
    "basis_not_met": _l("不符合这个规则包计入流入的依据。"),
}
BASIS_WORDS = {"actual": _l("按实际"), "expected": _l("按预计")}
TREATMENT_WORDS = {
    "stay_with_home_branch": _l("仍在原支部参加组织生活"),
    "take_part_there": _l("到所去的地方参加组织生活"),
    "certificate": _l("办理《流动党员活动证》"),
    "report_to_branch": _l("向所在支部报告"),
    "transfer": _l("建议转移组织关系，要本人和两边支部同意"),
    "transfer_or_mobile_management": _l("建议转移组织关系，或按流动党员管理"),
    "mobile_management": _l("按流动党员管理"),
    "take_in": _l("验明身份后编入支部、党小组"),
}
NEEDS_WORDS = {"employer_has_organisation": _l("所在单位已有党组织时")}
FINDING_WORDS = {
    "return_not_recorded": _l("这次没有登记返回，之后又登记了外出"),
    "return_overdue": _l("已过预计返回的日期，还没有登记返回"),
    "season_over": _l("季节已过，还没有登记返回"),
    "left_out_of_season": _l("不是在常年外出的季节出发的"),
    "ends_before_start": _l("返回日期早于外出日期"),
    "overlap": _l("和另一次流动的日期重叠"),
    "registered_late": _l("外出以后才补登的"),
    "extension_crosses": _l("延期以后换了类别"),
}
MOVE_WORDS = {
    "务工": _l("务工"),
    "经商": _l("经商"),
    "务农": _l("务农"),
    "放牧": _l("放牧"),
    "季节性转场放牧": _l("季节性转场放牧"),
    "求学": _l("求学"),
    "毕业待业": _l("毕业待业"),
    "退役返乡": _l("退役返乡"),
    "下岗失业": _l("下岗失业"),
    "原单位改制或关闭": _l("原单位改制或关闭"),
    "所在企业没有党组织": _l("所在企业没有党组织"),
    "离退休": _l("离退休"),
    "随子女或家属居住": _l("随子女或家属居住"),
    "拆迁搬迁": _l("拆迁搬迁"),
    "照顾家人": _l("照顾家人"),
    "休养": _l("休养"),
    "其他": _l("其他"),
}
"""Reasons of a move and what is done there, as they are kept -> the words."""
STAGE_WORDS = {
    "planned": _l("计划外出"),
    "away": _l("外出中"),
    "extended": _l("外出中，改过预计返回"),
    "settled": _l("已定居外地"),
    "returned": _l("已返回，还没有谈话"),
    "debriefed": _l("已返回，已谈话"),
}
"""Of an absence."""
STAY_WORDS = {
    "planned": _l("还没有到"),
    "away": _l("在这里"),
    "extended": _l("在这里"),
    "settled": _l("在这里"),
    "returned": _l("已离开"),
    "debriefed": _l("已离开"),
}
"""Of a stay here."""
DUTY_WORDS = {
    "contact": _l("支部联系本人"),
    "report": _l("本人向支部汇报"),
    "certificate_check": _l("查验活动证"),
}
DUTY_STATE_WORDS = {
    "waits": ("wait", _l("未到期")),
    "overdue": ("warn", _l("已过期")),
    "in_season": ("quiet", _l("季节内不催")),
    "start_not_known": ("quiet", _l("外出日期不详，算不出")),
}
REPORT_WORDS = {
    "not_required": _l("按这个规则包不需要外出前报告"),
    "cannot_say": _l("没有登记预计返回，还说不出是否需要报告"),
    "due": _l("外出前要报告，还没有登记"),
    "kept": _l("外出前已报告"),
    "late": _l("外出以后才报告"),
    "missing": _l("应在外出前报告，没有登记过报告"),
}
STATUS_WORDS = {"from_source": _l("依据原文"), "to_be_confirmed": _l("待核对原文")}


def move_word(kept: str) -> str:
    """A reason or an activity; what a roster said in its own words stays as it is."""
    return str(MOVE_WORDS.get(kept, kept))


def line_of(rule: Rule[object] | None) -> str:
    """Where the rule draws its line, in words; "" where it draws none."""
    if rule is None or not isinstance(rule.value, Term):
        return ""
    count = rule.value.count
    length = _("%(n)s 天", n=count) if rule.value.unit == "days" else _("%(n)s 个月", n=count)
    if rule.key == "medium_from":
        return _("满 %(length)s起算中期。", length=length) if count else _("一外出就算中期。")
    if rule.key == "long_from":
        return _("满 %(length)s起算长期。", length=length)
    if rule.key == "inflow_from":
        return _("来了满 %(length)s起计入。", length=length) if count else _("不看时间长短。")
    return ""


def pack_choices(packs: Iterable[RulePack]) -> list[tuple[str, str]]:
    """(id, title) of packs, for a choice."""
    return [(pack.id, pack.title) for pack in packs]


def known_day(value: PartialDay | None) -> str:
    """A day as well as it is known: 2026年3月5日, 2026年3月, 2026年, 某日以前, or unknown."""
    if value is None or value == UNKNOWN_DAY:
        return _("未知")
    first, last = value.first, value.last
    if value.is_exact:
        return day(first)
    if first.year <= 1:
        return _("%(day)s以前，日期不详", day=day(last))
    if first.day == 1 and last == last_of_month(first.year, first.month):
        return _("%(year)s年%(month)s月", year=first.year, month=first.month)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return _("%(year)s年", year=first.year)
    return _("%(first)s到%(last)s之间", first=day(first), last=day(last))


def days_away(days: tuple[int, int]) -> str:
    """12 天; 12 到 42 天; 至少 12 天 where nobody knows the most."""
    fewest, most = days
    if fewest == most:
        return _("%(n)s 天", n=fewest)
    if most > 36500:
        return _("至少 %(n)s 天", n=fewest)
    return _("%(fewest)s 到 %(most)s 天", fewest=fewest, most=most)
