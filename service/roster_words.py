"""How a roster's columns, coordinate systems and changes are called, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from geo.projected import METRES, PROJECTED, meridian_of, zones_of
from service.movement_words import CLASS_WORDS
from service.words import RESIDENCE_WORDS, STAGE_WORDS, SYSTEM_WORDS
from service.written import metres, partial_day
from tenants.masking import masked
from tenants.members.documents import rules as documents
from tenants.members.roster_changes import Facts, metres_between

FIELD_WORDS = {
    "name": _l("姓名"),
    "sex": _l("性别"),
    "birth": _l("出生日期"),
    "joined": _l("入党日期"),
    "phone": _l("电话"),
    "document": _l("证件号码"),
    "address": _l("住址"),
    "lon": _l("经度（或 X、东坐标）"),
    "lat": _l("纬度（或 Y、北坐标）"),
    "employer": _l("工作单位"),
    "employer_address": _l("单位地址"),
    "work_lon": _l("单位经度"),
    "work_lat": _l("单位纬度"),
    "kind": _l("流动类型"),
    "home_organisation": _l("原所属组织"),
    "arrived": _l("流入时间"),
    "left": _l("流出时间"),
    "branch_class": _l("单位类别"),
    "stage": _l("正式或预备"),
    "community": _l("所属社区"),
}
"""What a column may be taken for."""
CHANGE_WORDS = {
    "name": _l("姓名"),
    "sex": _l("性别"),
    "born": _l("出生日期"),
    "joined": _l("入党日期"),
    "phone": _l("电话"),
    "document": _l("证件号码"),
    "address": _l("住址"),
    "employer": _l("工作单位"),
    "class": _l("单位类别"),
    "stage": _l("正式或预备"),
    "residence": _l("住处"),
    "home": _l("住处位置"),
    "work": _l("工作地点"),
    "away": _l("外出"),
}
"""What may change of somebody known."""
CHOICE_WORDS = {"update": _l("更新"), "add": _l("新增一个人"), "skip": _l("跳过，不动")}
SIGN_WORDS = {
    "card": _l("姓名和证件号码相同"),
    "card_only": _l("证件号码相同，姓名不同"),
    "phone": _l("姓名和电话相同"),
    "phone_only": _l("电话相同，姓名不同"),
    "name_birth": _l("姓名和出生日期相同"),
    "name_joined": _l("姓名和入党日期相同"),
}
REASON_WORDS = {
    "source_said": _l("给名册的单位说明过"),
    "checked_on_map": _l("抽了几个人在地图上核对过"),
    "measured": _l("是我们自己测的"),
    "other": _l("其他依据"),
}
SKIP_WORDS = {
    "total": _l("合计行,不是人员。"),
    "header_repeated": _l("重复的表头,不是人员。"),
    "footer": _l("表尾说明,不是人员。"),
    "note": _l("标题或说明文字，不是人员。"),
}
"""Why a row below the header is nobody's."""
DONE_SINCE_WORDS = {
    "edited": _l("改过资料"),
    "episode": _l("登记过外出或返回"),
    "transfer_letter": _l("开过组织关系介绍信"),
    "liaison": _l("指定过联系人"),
    "arrival": _l("已编入或正在编入支部"),
    "proposal": _l("支部建议已有人答复"),
    "visit": _l("有走访记录"),
    "roster_match": _l("后来的名册改过资料"),
}


def attach(app: Flask) -> None:
    app.jinja_env.filters.update(system_name=system_name, reading=reading_words)
    app.jinja_env.globals.update(
        roster_field_words=FIELD_WORDS,
        roster_change_words=CHANGE_WORDS,
        roster_choice_words=CHOICE_WORDS,
        roster_sign_words=SIGN_WORDS,
        roster_skip_words=SKIP_WORDS,
        movement_class_words=CLASS_WORDS,
        fact_words=fact_words,
        done_since=done_since,
    )


def system_name(code: str) -> str:
    """GCJ-02, or the grid in metres with its meridian and zone."""
    if code == METRES:
        return _("CGCS2000 平面坐标（米）")
    if code in PROJECTED:
        return _(
            "CGCS2000 平面坐标，中央经线 %(meridian)s°（3 度带第 %(zone)s 带）",
            meridian=meridian_of(code),
            zone=zones_of(code)[3],
        )
    return str(SYSTEM_WORDS[code][0])


def reading_words(option: Mapping[str, Any]) -> str:
    """One way to read two columns: the system, and which column is which."""
    name = system_name(option["system"])
    if option["system"] in PROJECTED:
        if option["swapped"]:
            return _("%(system)s，X 列是北、Y 列是东", system=name)
        return _("%(system)s，X 列是东、Y 列是北", system=name)
    return _("%(system)s，两列对调", system=name) if option["swapped"] else name


def fact_words(field: str, facts: Facts, other: Facts) -> str:
    """One value as it may be shown: phones to four digits, addresses by their first signs."""
    value = facts.get(field)
    if not value:
        return _("（空）")
    if field in ("home", "work"):
        if other.get(field):
            return _("相距 %(far)s", far=metres(metres_between(value, other[field])))
        return _("有位置")
    if field in ("born", "joined"):
        return partial_day(date.fromisoformat(value[0]), value[1])
    if field == "away":
        return _("%(day)s 起外出", day=_day(value))
    if field == "phone":
        return masked(str(value))
    if field == "document":
        return documents.masked(str(value))
    if field == "address":
        return str(value)[:3] + "***"
    if field == "stage":
        return str(STAGE_WORDS[value])
    if field == "residence":
        return str(RESIDENCE_WORDS[value])
    return str(value)


def done_since(why: str) -> str:
    """What somebody did since with a person an import brought."""
    return str(DONE_SINCE_WORDS.get(why) or _("有其他记录"))


def _day(value: list[str]) -> str:
    return partial_day(date.fromisoformat(value[0]), value[1]) if value[0] else _("日期未知")
