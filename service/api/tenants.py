"""Counts of the tenants below a county or a township. Never a name of a person."""

from flask import g
from marshmallow import Schema, fields

from service.api.blueprint import Noun
from service.rights import needs
from tenants.oversight import lookups

tenants = Noun("tenants", __name__, title="下属机构", description="县和乡镇看到的人数，没有姓名。")


class Counts(Schema):
    """One tenant, counted today."""

    slug = fields.String(metadata={"description": "短名。"})
    name = fields.String(metadata={"description": "名称。"})
    level = fields.String(metadata={"description": "county、township 或 community。"})
    affiliated = fields.Integer(metadata={"description": "组织关系在这里的党员。"})
    outside = fields.Integer(metadata={"description": "其中住在辖区外的。"})
    outflow = fields.Integer(metadata={"description": "正在外流动的。"})
    inflow = fields.Integer(metadata={"description": "正在这里流动的。"})
    waiting = fields.Integer(metadata={"description": "还没有决定的流入党员。"})
    unserved = fields.Integer(metadata={"description": "没有支部接收的流入党员。"})
    oldest_unserved_days = fields.Integer(
        allow_none=True, metadata={"description": "其中等得最久的等了几天。"}
    )
    branches = fields.Integer(metadata={"description": "支部数。"})
    stations = fields.Integer(metadata={"description": "服务站数。"})


class Tenants(Schema):
    """Every tenant at or below one's own, by area."""

    items = fields.List(fields.Nested(Counts))


@tenants.route("/tenants")
@needs("see_tenants")
@tenants.response(200, Tenants)
def index() -> dict[str, list[lookups.TenantCounts]]:
    """下属机构及其人数"""
    return {"items": lookups.tenants_below(g.scope)}
