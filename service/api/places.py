"""Branches and stations of a tenant. No people."""

from uuid import UUID

from flask import g
from marshmallow import Schema, fields

from service.api.blueprint import Noun
from service.rights import needs
from tenants.places import lookups

places = Noun("places", __name__, title="支部和服务站", description="位置、名额、开放时间。")


class Place(Schema):
    """What branches and stations have in common."""

    id = fields.UUID(metadata={"description": "编号。"})
    name = fields.String(metadata={"description": "名称。"})
    kind = fields.String(metadata={"description": "类型。"})
    lon = fields.Float(metadata={"description": "经度（WGS-84）。"})
    lat = fields.Float(metadata={"description": "纬度（WGS-84）。"})
    opens_on = fields.Date(metadata={"description": "从哪天起。"})
    closes_on = fields.Date(allow_none=True, metadata={"description": "到哪天止，含当天。"})


class Branch(Place):
    """A branch with its seats."""

    classes = fields.List(fields.String(), metadata={"description": "接收哪些类别；空表示都接收。"})
    capacity = fields.Integer(allow_none=True, metadata={"description": "名额；空表示不限。"})
    taken = fields.Integer(metadata={"description": "已编入多少人。"})
    free = fields.Integer(allow_none=True, metadata={"description": "还有多少名额；空表示不限。"})


class Station(Place):
    """A service station."""

    hours = fields.String(metadata={"description": "开放时间。"})
    phone = fields.String(metadata={"description": "公布的电话。"})


class Branches(Schema):
    """Every branch of the tenant."""

    items = fields.List(fields.Nested(Branch))


class Stations(Schema):
    """Every station of the tenant."""

    items = fields.List(fields.Nested(Station))


@places.route("/branches")
@needs("see_places")
@places.response(200, Branches)
def branches() -> dict[str, list[lookups.BranchPlace]]:
    """本机构的支部"""
    return {"items": lookups.branches(g.scope)}


@places.route("/branches/<uuid:branch_id>")
@needs("see_places")
@places.response(200, Branch)
@places.alt_response(404, "NOT_FOUND")
def branch(branch_id: UUID) -> lookups.BranchPlace:
    """一个支部"""
    return lookups.branch(g.scope, branch_id)


@places.route("/stations")
@needs("see_places")
@places.response(200, Stations)
def stations() -> dict[str, list[lookups.StationPlace]]:
    """本机构的服务站"""
    return {"items": lookups.stations(g.scope)}


@places.route("/stations/<uuid:station_id>")
@needs("see_places")
@places.response(200, Station)
@places.alt_response(404, "NOT_FOUND")
def station(station_id: UUID) -> lookups.StationPlace:
    """一个服务站"""
    return lookups.station(g.scope, station_id)
