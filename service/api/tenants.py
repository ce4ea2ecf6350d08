"""Counts of the tenants below a county or a township. Never a name of a person."""

from datetime import date
from typing import Any

from flask import g
from marshmallow import Schema, fields

from service.api.blueprint import Noun
from service.rights import needs
from tenants.oversight.lookups import tenants_below
from tenants.oversight.tables import OLDEST, ORGANISATIONS, PEOPLE, Line

tenants = Noun("tenants", __name__, title="下属机构", description="县和乡镇看到的人数，没有姓名。")

_DESCRIPTIONS = {
    "affiliated": "组织关系在这里的党员。",
    "outflow": "其中正在外流动的。",
    "outside": "其中住在辖区外的。",
    "untraced": "其中联系不上、已列入查找的。",
    "inflow": "从别处来、现在在这里的党员。",
    "present": "在本地的党员：直管减去流出的、住在外面的和失联的，加上流入的。",
    "served": "在本地的党员中，在规定的间隔内确实联系上的。",
    "reported_in": "双报到的党员，不计入以上各数。",
    "waiting": "还没有决定的流入党员。",
    "unserved": "没有支部接收的流入党员。",
    "overdue": "流出党员中，逾期没有联系的；规则包没有规定时是 null。",
    "letters_near_expiry": "没有出示、14 天之内到期的组织关系介绍信；以前没有统计的日子是 null。",
    "requests_open": "没有办结的服务诉求。",
    "branches": "今天开放的支部数。",
    "branches_below_three": "编入不足 3 人的支部数。",
    "branches_above_fifty": "编入超过 50 人的支部数。",
    "branches_without_officer": "没有支部委员的支部数。",
    "branches_without_liaison": "没有联系人的支部数；以前没有统计的日子是 null。",
    "cells_without_leader": "没有网格长的网格数。",
    "stations": "今天开放的服务站数。",
    "oldest_unserved_days": "没有支部接收的，等得最久的等了几天。",
    "oldest_request_days": "没有办结的，等得最久的等了几天。",
}

Figures = Schema.from_dict(
    {
        name: fields.Integer(allow_none=True, metadata={"description": _DESCRIPTIONS[name]})
        for name in (*PEOPLE, *ORGANISATIONS, *OLDEST)
    },
    name="Figures",
)


class Counts(Schema):
    """One tenant as of today's last count."""

    slug = fields.String(metadata={"description": "短名。"})
    name = fields.String(metadata={"description": "名称。"})
    level = fields.String(metadata={"description": "county、township 或 community。"})
    counted_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "统计的时间；从来没有统计过时是 null。"}
    )
    figures = fields.Nested(Figures, metadata={"description": "数字；不显示的是 null。"})
    hidden = fields.List(
        fields.String(),
        metadata={"description": "因为人数很少，或由它可以推算出很少的人数，而不显示的数字。"},
    )


class Tenants(Schema):
    """Every tenant at or below one's own, by area."""

    items = fields.List(fields.Nested(Counts))


@tenants.route("/tenants")
@needs("see_tenants")
@tenants.response(200, Tenants)
def index() -> dict[str, list[dict[str, Any]]]:
    """下属机构及其人数"""
    return {"items": [_shown(line) for line in tenants_below(g.scope, date.today())]}


def _shown(line: Line) -> dict[str, Any]:
    names = (*PEOPLE, *ORGANISATIONS, *OLDEST)
    return {
        "slug": line.slug,
        "name": line.name,
        "level": line.level,
        "counted_at": line.counted_at,
        "figures": {name: None if name in line.hidden else line[name] for name in names},
        "hidden": sorted(line.hidden),
    }
