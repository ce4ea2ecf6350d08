"""Compounds and buildings: the register, and what an address may mean. No people."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from service.api.blueprint import Noun, Sent
from service.api.paging import page
from service.api.schemas import Paging, SentPoint
from service.rights import needs
from service.saving import saving
from service.written import metres
from tenants.errors import InvalidInput
from tenants.members.typed_places import Typed, judge_ground
from tenants.organisations.lookups import boundary_shape
from tenants.places import buildings_actions as actions
from tenants.places import buildings_lookups as lookups
from tenants.places.address_lookups import candidates_of

buildings = Noun(
    "buildings", __name__, title="小区和楼栋", description="名称、门牌地址和位置，没有人。"
)


class WantedBuildings(Paging):
    """Which ones."""

    words = fields.String(
        load_default="",
        validate=Length(max=80, error=_l("最多 {max} 个字。")),
        metadata={"description": "名称或门牌地址的一部分。"},
    )
    closed = fields.Boolean(load_default=False, metadata={"description": "true 只要已停用的。"})
    compound = fields.UUID(metadata={"description": "只要这个小区里的。"})


class Building(Schema):
    """A compound or building."""

    id = fields.UUID(metadata={"description": "编号。"})
    kind = fields.String(metadata={"description": "compound 小区或 building 楼栋。"})
    name = fields.String(metadata={"description": "名称。"})
    title = fields.String(metadata={"description": "小区和名称连着写。"})
    address = fields.String(metadata={"description": "门牌地址。"})
    compound = fields.UUID(
        attribute="compound_id", allow_none=True, metadata={"description": "所在小区的编号。"}
    )
    lon = fields.Float(metadata={"description": "经度（WGS-84）。"})
    lat = fields.Float(metadata={"description": "纬度（WGS-84）。"})
    footprint = fields.Boolean(metadata={"description": "有没有登记轮廓。"})
    closed_on = fields.Date(allow_none=True, metadata={"description": "哪天停用的。"})
    version = fields.Integer(metadata={"description": "第几个版本；更正时要带上。"})


class BuildingPage(Schema):
    """One page of the register."""

    items = fields.List(fields.Nested(Building))
    next = fields.UUID(allow_none=True, metadata={"description": "下一页的 after。"})


class SentBuilding(SentPoint):
    """A compound or building as its source has it; the system is never guessed."""

    kind = fields.String(
        required=True,
        validate=OneOf(("compound", "building"), error=_l("没有这个选项。")),
        metadata={"description": "compound 小区或 building 楼栋。"},
    )
    name = fields.String(
        required=True,
        validate=Length(1, 80, error=_l("1 到 {max} 个字。")),
        metadata={"description": "名称，例如 3号楼。"},
    )
    address = fields.String(
        load_default="",
        validate=Length(max=120, error=_l("最多 {max} 个字。")),
        metadata={"description": "门牌地址。"},
    )
    compound = fields.UUID(
        allow_none=True, load_default=None, metadata={"description": "所在小区的编号。"}
    )


class CorrectedBuilding(SentBuilding):
    """The same, with the version that was seen."""

    version = fields.Integer(required=True, metadata={"description": "看到的版本。"})


class SeenVersion(Sent):
    """Which version the decision is about."""

    version = fields.Integer(required=True, metadata={"description": "看到的版本。"})


class SentAddress(Sent):
    """An address to look up; it is kept nowhere."""

    address = fields.String(
        required=True,
        validate=Length(max=200, error=_l("最多 {max} 个字。")),
        metadata={"description": "住址，例如 清和小区三栋2单元301。"},
    )


class BuildingCandidate(Schema):
    """A building that may be meant."""

    id = fields.UUID(attribute="known.id", metadata={"description": "编号。"})
    kind = fields.String(attribute="known.kind", metadata={"description": "小区或楼栋。"})
    title = fields.String(attribute="known.title", metadata={"description": "小区和名称。"})
    reason = fields.String(
        metadata={
            "description": "full 名称一致、address 门牌一致、short 小区名略有不同、loose 号码写法不同、"
            "number 只有号码一致、compound 只有小区一致、similar 名称相近、part 含有所写的字。"
        }
    )


class BuildingCandidates(Schema):
    """What an address may mean, the surest first. A person chooses."""

    items = fields.List(fields.Nested(BuildingCandidate))
    one = fields.UUID(allow_none=True, metadata={"description": "可以预选的那一个；要由人确认。"})


@buildings.route("/buildings")
@needs("see_places")
@buildings.arguments(WantedBuildings, location="query")
@buildings.response(200, BuildingPage)
def index(wanted: dict[str, Any]) -> dict[str, Any]:
    """小区和楼栋的一页"""
    limit = wanted["limit"]
    found = lookups.buildings(
        g.scope,
        words=wanted["words"],
        closed=wanted["closed"],
        compound_id=wanted.get("compound"),
        after=wanted.get("after"),
        limit=limit + 1,
    )
    return page(found, limit)


@buildings.route("/buildings", methods=["POST"])
@needs("manage_buildings")
@buildings.arguments(SentBuilding)
@buildings.response(201, Building)
@buildings.alt_response(409, "CONFLICT")
@buildings.alt_response(422, "UNPROCESSABLE_ENTITY")
def add(sent: dict[str, Any]) -> lookups.BuildingPlace:
    """登记一个小区或楼栋"""
    draft = _draft(sent)
    with saving():
        building_id = actions.add_building(g.scope, draft)
    return lookups.building(g.scope, building_id)


@buildings.route("/buildings/<uuid:building_id>")
@needs("see_places")
@buildings.response(200, Building)
@buildings.alt_response(404, "NOT_FOUND")
def show(building_id: UUID) -> lookups.BuildingPlace:
    """一个小区或楼栋"""
    return lookups.building(g.scope, building_id)


@buildings.route("/buildings/<uuid:building_id>", methods=["POST"])
@needs("manage_buildings")
@buildings.arguments(CorrectedBuilding)
@buildings.response(200, Building)
@buildings.alt_response(404, "NOT_FOUND")
@buildings.alt_response(409, "CONFLICT")
@buildings.alt_response(422, "UNPROCESSABLE_ENTITY")
def correct(sent: dict[str, Any], building_id: UUID) -> lookups.BuildingPlace:
    """更正名称、小区、门牌地址或位置

    登记在这里的住处不会跟着变。
    """
    lookups.building(g.scope, building_id)
    draft = _draft(sent)
    with saving():
        actions.correct_building(g.scope, building_id, draft, sent["version"])
    return lookups.building(g.scope, building_id)


@buildings.route("/buildings/<uuid:building_id>/close", methods=["POST"])
@needs("manage_buildings")
@buildings.arguments(SeenVersion)
@buildings.response(200, Building)
@buildings.alt_response(404, "NOT_FOUND")
@buildings.alt_response(409, "CONFLICT")
def close(sent: dict[str, int], building_id: UUID) -> lookups.BuildingPlace:
    """停用，随时可以恢复"""
    with saving():
        actions.close_building(g.scope, building_id, sent["version"], date.today())
    return lookups.building(g.scope, building_id)


@buildings.route("/buildings/<uuid:building_id>/reopen", methods=["POST"])
@needs("manage_buildings")
@buildings.arguments(SeenVersion)
@buildings.response(200, Building)
@buildings.alt_response(404, "NOT_FOUND")
@buildings.alt_response(409, "CONFLICT")
def reopen(sent: dict[str, int], building_id: UUID) -> lookups.BuildingPlace:
    """恢复使用"""
    with saving():
        actions.reopen_building(g.scope, building_id, sent["version"])
    return lookups.building(g.scope, building_id)


@buildings.route("/buildings/candidates", methods=["POST"])
@needs("see_places")
@buildings.arguments(SentAddress)
@buildings.response(200, BuildingCandidates)
def candidates(sent: dict[str, str]) -> dict[str, Any]:
    """一个住址可能是哪些楼栋

    住址放在请求体里，不留下任何记录。结果只是建议，由人选定。
    """
    found, one = candidates_of(g.scope, sent["address"])
    return {"items": found, "one": one and one.known.id}


def _draft(sent: dict[str, Any]) -> actions.BuildingDraft:
    """What to keep. Raises InvalidInput when the point lies outside the tenant."""
    found = judge_ground(
        {"place": Typed(sent["lon"], sent["lat"], sent["system"])}, boundary_shape(g.scope)
    )
    if found is not None:
        said = _("这个位置在本辖区以外约 %(distance)s。", distance=metres(found[1].metres))
        fault = {"field": "lon", "sentence": said, "code": "outside", "fits": found[1].fits}
        raise InvalidInput(said, faults=[fault])
    return actions.BuildingDraft(
        kind=sent["kind"],
        name=sent["name"],
        lon=sent["lon"],
        lat=sent["lat"],
        system=sent["system"],
        address=sent["address"],
        compound_id=sent["compound"],
    )
