"""Opening townships and communities, for programs of the county. Nothing of any member."""

from datetime import date
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from geo.coordinates import SYSTEMS
from service.api.blueprint import Noun, Sent
from service.pages.administration.links import link_to
from service.rights import needs
from service.saving import saving
from tenants.administration.opening import Administrator, open_ready
from tenants.errors import InvalidInput
from tenants.organisations.below import TenantCard, tenants_below
from tenants.organisations.boundaries import read_boundary
from tenants.organisations.boundary_files import in_system
from tenants.organisations.opening import LANGUAGES, BadBoundary, Opening

administration = Noun(
    "administration",
    __name__,
    title="下级单位",
    description="县级管理员开通的乡镇和社区，没有党员资料。",
)

_LEVELS = ("township", "community")


class Unit(Schema):
    """One tenant below, as it is administered."""

    slug = fields.String(metadata={"description": "短名。"})
    name = fields.String(metadata={"description": "名称。"})
    level = fields.String(metadata={"description": "township 或 community。"})
    area = fields.Integer(metadata={"description": "编号：县、乡镇、社区合成一个数。"})
    state = fields.String(metadata={"description": "open、paused 或 closed。"})
    opened_at = fields.AwareDateTime(metadata={"description": "开通的时间。"})
    erase_on = fields.Date(
        allow_none=True, metadata={"description": "关闭后哪天清除数据；没有关闭时是 null。"}
    )


class Units(Schema):
    """Every tenant below, by area."""

    items = fields.List(fields.Nested(Unit))


class NewUnit(Sent):
    """What is said of a new tenant."""

    level = fields.String(
        required=True,
        validate=OneOf(_LEVELS, error=_l("应是 township 或 community。")),
        metadata={"description": "township 或 community。"},
    )
    name = fields.String(required=True, validate=Length(max=80), metadata={"description": "名称。"})
    slug = fields.String(
        load_default="", metadata={"description": "短名，出现在网址里；不填按编号起一个。"}
    )
    township = fields.String(
        load_default="", metadata={"description": "社区所属乡镇（街道）的短名。"}
    )
    boundary = fields.Dict(
        load_default=None, metadata={"description": "边界：GeoJSON 的 Polygon 或 MultiPolygon。"}
    )
    system = fields.String(
        load_default="",
        validate=OneOf(("", *SYSTEMS), error=_l("应是 wgs84、gcj02、bd09 或 cgcs2000。")),
        metadata={"description": "边界的坐标系；有边界时必须写明。"},
    )
    pack = fields.String(load_default="", metadata={"description": "规则包的编号；不填用默认的。"})
    language = fields.String(
        load_default="zh_Hans",
        validate=OneOf(LANGUAGES, error=_l("没有这种语言，请从列出的里面选。")),
        metadata={"description": "zh_Hans、zh_Hant 或 en。"},
    )
    admin_name = fields.String(load_default="", metadata={"description": "第一位管理员的姓名。"})
    admin_email = fields.String(load_default="", metadata={"description": "第一位管理员的邮箱。"})


class OpenedUnit(Schema):
    """A new tenant; the link is told this once."""

    slug = fields.String(metadata={"description": "短名。"})
    area = fields.Integer(metadata={"description": "编号。"})
    link = fields.String(
        allow_none=True, metadata={"description": "第一位管理员的邀请链接，只给这一次。"}
    )


@administration.route("/administration/tenants")
@needs("see_tenants")
@administration.response(200, Units)
def index() -> dict[str, list[TenantCard]]:
    """下级单位和它们的状态"""
    return {"items": tenants_below(g.scope)}


@administration.route("/administration/tenants", methods=["POST"])
@needs("manage_tenants")
@administration.arguments(NewUnit)
@administration.response(201, OpenedUnit)
@administration.alt_response(409, "CONFLICT")
@administration.alt_response(422, "UNPROCESSABLE_ENTITY")
def start(said: dict[str, Any]) -> dict[str, Any]:
    """开通一个乡镇或社区

    边界有问题时，faults 里是可以画在地图上的 GeoJSON，每处一个。
    """
    with saving():
        opened = open_ready(
            g.scope,
            _opening(said),
            date.today(),
            pack_id=said["pack"],
            administrator=_administrator(said),
        )
    return {"slug": opened.scope.slug, "area": opened.scope.area, "link": link_to(opened.token)}


def _opening(said: dict[str, Any]) -> Opening:
    shape = None
    if said["boundary"] is not None:
        if not said["system"]:
            raise InvalidInput("请选择坐标系：同一个点在不同地图上相差几百米。")
        judged = in_system(read_boundary(said["boundary"]), said["system"])
        if judged.faults:
            raise BadBoundary(judged.faults)
        shape = judged.shape
    townships = {card.slug: card.area for card in tenants_below(g.scope)}
    return Opening(
        said["level"],
        said["name"].strip(),
        said["slug"].strip().lower(),
        townships.get(said["township"]),
        shape,
        said["language"],
        said["system"] or "wgs84",
    )


def _administrator(said: dict[str, Any]) -> Administrator | None:
    if bool(said["admin_name"]) != bool(said["admin_email"]):
        raise InvalidInput("姓名和邮箱要一起填。")
    if not said["admin_email"]:
        return None
    return Administrator(said["admin_name"], said["admin_email"])
