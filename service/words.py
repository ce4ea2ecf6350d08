"""What templates know besides their page: where we are, and how things are written."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from service.languages import chosen
from service.rights import ROLE_TITLES, allows

BEIJING = ZoneInfo("Asia/Shanghai")

STATE_WORDS = {
    "signalled": ("wait", _l("等待匹配")),
    "verified": ("wait", _l("等待匹配")),
    "proposed": ("warn", _l("有建议,待决定")),
    "consented": ("wait", _l("已同意,待编入")),
    "placed": ("good", _l("已编入支部")),
    "filed": ("good", _l("已备案")),
    "served": ("good", _l("已在服务")),
    "unserved": ("bad", _l("无人接收")),
}
REASON_WORDS = {
    "no_place": _l("没有登记住址或工作地点的位置"),
    "out_of_reach": _l("可及范围内没有支部"),
    "no_seat": _l("附近的支部都已满员"),
    "not_allowed": _l("附近的支部不能接收这一类党员"),
    "closed": _l("未开放"),
    "asked_for_another": _l("本人希望换一个"),
}
KIND_WORDS = {
    "general": _l("普通支部"),
    "enterprise": _l("企业支部"),
    "mobile": _l("流动党支部"),
    "temporary": _l("临时党支部"),
    "joint": _l("联合党支部"),
    "members_home": _l("流动党员之家"),
    "service_center": _l("党员服务中心"),
    "service_station": _l("服务站"),
    "station": _l("流动党员管理站"),
    "temporary_station": _l("临时管理站"),
    "service_point": _l("党群服务中心"),
}
AFFILIATION_WORDS = {"affiliated": _l("组织关系在本社区"), "incoming": _l("流入党员")}
PLACE_WORDS = {"home": _l("住处"), "work": _l("工作地点")}
PRECISION_WORDS = {
    "building": _l("精确到楼栋"),
    "compound": _l("精确到小区"),
    "cell": _l("精确到网格"),
    "unknown": _l("位置未知"),
}


def attach(app: Flask) -> None:
    app.jinja_env.filters.update(metres=metres, day=day, moment=moment, partial_day=partial_day)
    app.jinja_env.globals.update(
        state_words=STATE_WORDS,
        reason_words=REASON_WORDS,
        kind_words=KIND_WORDS,
        affiliation_words=AFFILIATION_WORDS,
        place_words=PLACE_WORDS,
        precision_words=PRECISION_WORDS,
    )
    app.context_processor(_where_we_are)


def metres(length: float) -> str:
    """320 米, 1.2 公里: as people say it."""
    if length < 1000:
        return _("%(n)s 米", n=f"{length:.0f}")
    return _("%(n)s 公里", n=f"{length / 1000:.1f}")


def day(value: date | datetime | None) -> str:
    """2026年11月21日."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(BEIJING).date()
    if chosen() == "en":
        return f"{value.day} {value:%B %Y}"
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime | None) -> str:
    """2026年11月21日 14:05, in Beijing's time."""
    if value is None:
        return ""
    return f"{day(value)} {value.astimezone(BEIJING):%H:%M}"


def partial_day(value: date | None, precision: str) -> str:
    """A date as precisely as it is known: 2015年3月, 2015年, or unknown."""
    if value is None or precision == "unknown":
        return _("未知")
    if precision == "year":
        return _("%(year)s年", year=value.year)
    if precision == "month":
        return _("%(year)s年%(month)s月", year=value.year, month=value.month)
    return day(value)


def _where_we_are() -> dict[str, Any]:
    return {"lang": chosen().replace("_", "-"), "here": _here()}


def _here() -> dict[str, Any] | None:
    scope = g.get("scope")
    if scope is None or not current_user.is_authenticated:
        return None

    def at(endpoint: str) -> str:
        return url_for(endpoint, tenant=scope.slug)

    register = "members.index" if allows(scope.role, "see_members") else "tenants.index"
    today = "arrivals.today" if allows(scope.role, "see_arrivals") else "places.index"
    today_word = _("今日") if allows(scope.role, "see_arrivals") else _("阵地")
    places = [
        ("map", _("地图"), at("map.show"), "map."),
        ("today", today_word, at(today), today),
        ("register", _("名册"), at(register), register),
        ("more", _("更多"), at("more.show"), "more."),
    ]
    endpoint = request.endpoint or ""
    return {
        "tenant_slug": scope.slug,
        "tenant_name": scope.name,
        "person_name": current_user.name,
        "role_title": str(ROLE_TITLES[scope.role]),
        "role": scope.role,
        "places": [(key, word, href, endpoint.startswith(at_)) for key, word, href, at_ in places],
    }
