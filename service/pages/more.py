"""Everything that is not one of the three main places, and what this software does not do."""

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, g, render_template, url_for
from flask_babel import lazy_gettext as _l

from service.rights import ROLES, allows, needs
from service.words import RIGHT_WORDS

more = Blueprint("more", __name__)

Way = tuple[str, str, object]

WAYS: Final[dict[str, tuple[object, tuple[Way, ...]]]] = {
    "people": (
        _l("人员"),
        (
            ("register_arrivals", "arrivals.new", _l("登记流入党员")),
            ("see_arrivals", "arrivals.index", _l("流入党员")),
            ("register_arrivals", "talks.index", _l("首谈")),
            ("receive_reports", "reports.index", _l("自己来登记的")),
            ("see_members", "movements.index", _l("流动情况")),
            ("record_movements", "traces.index", _l("查找失联党员")),
            ("see_members", "transfers.index", _l("组织关系介绍信")),
            ("see_members", "liaisons.index", _l("联系人")),
            ("record_visits", "visits.index", _l("求助")),
            ("see_certificates", "certificates.index", _l("流动党员活动证")),
            ("see_redirects", "redirects.index", _l("社区之间的转接")),
            ("import_rosters", "imports.index", _l("导入名册")),
            ("settle_duplicates", "duplicates.index", _l("可能重复")),
        ),
    ),
    "places": (
        _l("组织和地方"),
        (
            ("plan_assignments", "assignments.index", _l("统一安排")),
            ("plan_households", "households.index", _l("党员中心户")),
            ("see_places", "places.index", _l("支部和服务站")),
            ("manage_buildings", "buildings.index", _l("小区和楼栋")),
            ("see_members", "grid.index", _l("网格和网格调整")),
        ),
    ),
    "figures": (
        _l("数字和记录"),
        (
            ("see_figures", "figures.index", _l("数字")),
            ("see_tenants", "tenants.index", _l("各社区的数字")),
            ("export_ledgers", "ledgers.index", _l("台账")),
            ("see_audit", "audit.index", _l("记录")),
            ("see_doors", "doors.index", _l("上级进入社区的记录")),
            ("take_data_away", "exports.index", _l("导出全部数据")),
        ),
    ),
    "running": (
        _l("管理"),
        (
            ("record_visits", "tablet.show", _l("离线工作")),
            ("see_tenants", "administration.index", _l("下级单位")),
            ("manage_people", "people.index", _l("人员和任职")),
            ("manage_devices", "visits.devices", _l("平板")),
            ("manage_tokens", "tokens.index", _l("程序的令牌")),
            ("see_map", "people.rights", _l("每个角色能做什么")),
        ),
    ),
}
"""Heading -> (right, endpoint, words): whoever has the right is offered the way."""


@more.get("/more")
@needs("see_map")
def show() -> str:
    mine = [words for right, words in RIGHT_WORDS.items() if right in ROLES[g.scope.role]]
    return render_template("more/show.html", rights=mine, ways=list(_ways()))


def _ways() -> Iterator[tuple[str, object, list[tuple[str, object]]]]:
    """Each heading under which the person has a way: its key, its words, the ways."""
    for key, (title, ways) in WAYS.items():
        mine = [
            (url_for(endpoint, tenant=g.scope.slug), words)
            for right, endpoint, words in ways
            if allows(g.scope.role, right)
        ]
        if mine:
            yield key, title, mine
