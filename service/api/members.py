"""The register, masked: a phone shows its last four digits, an address only that it is known."""

from typing import Any
from uuid import UUID

from flask import g
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from service.api.blueprint import Noun, Sent
from service.api.paging import page
from service.api.schemas import Paging, Point
from service.rights import READS_ONLY, needs
from service.saving import saving
from tenants.audit.actions import note, note_people
from tenants.errors import InvalidInput
from tenants.marking import N_
from tenants.members import lookups
from tenants.members.finding import is_number
from tenants.members.revealing import reveal

_PHONES_ELSEWHERE = N_("电话和证件号码不要写在网址里。请用 POST 发到 …/search。")

members = Noun("members", __name__, title="党员", description="名册，每次读取都记入审计。")


class Wanted(Paging):
    """Which members."""

    words = fields.String(
        load_default="",
        validate=Length(max=60, error=_l("最多 {max} 个字。")),
        metadata={"description": "姓名或楼栋的一部分。电话和证件号码请用 POST …/search。"},
    )
    affiliation = fields.String(
        validate=OneOf(("affiliated", "incoming", "reported_in"), error=_l("没有这个选项。")),
        metadata={
            "description": "affiliated 组织关系在这里，incoming 流入党员，reported_in 双报到。"
        },
    )
    branch = fields.UUID(metadata={"description": "支部的编号。"})


class MemberLine(Schema):
    """A member in a list."""

    id = fields.UUID(metadata={"description": "编号。"})
    name = fields.String(metadata={"description": "姓名。"})
    sex = fields.String(metadata={"description": "性别；空表示未填。"})
    affiliation = fields.String(metadata={"description": "affiliated 或 incoming。"})
    residence = fields.String(metadata={"description": "inside、outside 或 unknown。"})
    branch = fields.UUID(
        attribute="branch_id", allow_none=True, metadata={"description": "所在支部的编号。"}
    )
    group = fields.UUID(
        attribute="group_id", allow_none=True, metadata={"description": "所在小组的编号。"}
    )
    class_ = fields.String(data_key="class", metadata={"description": "类别。"})


class Members(Schema):
    """One page of the register."""

    items = fields.List(fields.Nested(MemberLine))
    next = fields.UUID(allow_none=True, metadata={"description": "下一页的 after。"})


class KnownPlace(Point):
    """Where a member lives or works, and how exactly that is known."""

    precision = fields.String(metadata={"description": "building、compound、cell 或 unknown。"})


class Member(MemberLine):
    """One member."""

    born_on = fields.Date(allow_none=True, metadata={"description": "出生日期。"})
    born_precision = fields.String(metadata={"description": "day、month、year 或 unknown。"})
    joined_on = fields.Date(allow_none=True, metadata={"description": "入党日期。"})
    joined_precision = fields.String(metadata={"description": "day、month、year 或 unknown。"})
    masked_phone = fields.String(metadata={"description": "手机号，只显示后四位。"})
    masked_document = fields.String(
        metadata={"description": "证件号码，只显示后两位；没有登记的，或对方用不着知道的，是空的。"}
    )
    has_address = fields.Boolean(metadata={"description": "是否登记了详细地址。"})
    employer = fields.String(metadata={"description": "工作单位。"})
    stage = fields.String(metadata={"description": "full 正式党员或 probationary 预备党员。"})
    home = fields.Nested(KnownPlace, allow_none=True)
    home_building = fields.String(metadata={"description": "住在哪个小区、楼栋；空表示没有选定。"})
    work = fields.Nested(KnownPlace, allow_none=True)
    version = fields.Integer(metadata={"description": "第几个版本。"})


@members.route("/members")
@needs("see_members")
@members.arguments(Wanted, location="query")
@members.response(200, Members)
@members.alt_response(422, "UNPROCESSABLE_ENTITY")
def index(wanted: dict[str, Any]) -> dict[str, Any]:
    """名册的一页"""
    if is_number(wanted["words"]):
        raise InvalidInput(_PHONES_ELSEWHERE)
    limit = wanted["limit"]
    found = lookups.members(
        g.scope,
        words=wanted["words"],
        affiliation=wanted.get("affiliation", ""),
        branch_id=wanted.get("branch"),
        after=wanted.get("after"),
        limit=limit + 1,
    )
    answer = page(found, limit)
    with saving():
        note_people(g.scope, "read_members", (line.id for line in answer["items"]))
    return answer


@members.route("/members/<uuid:member_id>")
@needs("see_members")
@members.response(200, Member)
@members.alt_response(404, "NOT_FOUND")
def show(member_id: UUID) -> dict[str, Any]:
    """一位党员"""
    card = lookups.member_card(g.scope, member_id)
    with saving():
        note(g.scope, "read_member", "member", member_id)
    return {
        **{name: getattr(card, name) for name in card.__slots__},
        "home": _place(card.home, card.home_precision),
        "work": _place(card.work, card.work_precision),
        # Where somebody lives is told without a reason to whoever may have to go there.
        **(dict.fromkeys(("home", "work")) if g.scope.role in READS_ONLY else {}),
    }


class Reason(Sent):
    """Which field is wanted, and why."""

    field = fields.String(load_default="", metadata={"description": "phone、address 或 document。"})
    reason = fields.String(
        load_default="",
        metadata={"description": "call 电话联系、visit 上门走访、check 核对信息或 other 其他。"},
    )
    remark = fields.String(
        load_default="", metadata={"description": "reason 为 other 时必填，一句话，不写号码。"}
    )


class Revealed(Schema):
    """One field as it was entered."""

    field = fields.String(metadata={"description": "哪一项。"})
    value = fields.String(metadata={"description": "完整的内容。"})


@members.route("/members/<uuid:member_id>/reveal", methods=["POST"])
@needs("reveal_fields")
@members.arguments(Reason)
@members.response(200, Revealed)
@members.alt_response(404, "NOT_FOUND")
@members.alt_response(422, "UNPROCESSABLE_ENTITY")
@members.alt_response(429, "TOO_MANY_REQUESTS")
def show_field(wanted: dict[str, str], member_id: UUID) -> dict[str, str]:
    """写明原因，查看完整的电话或住址

    每次都连同原因记入审计，本人可以要求查看。每人每小时最多 60 次。
    """
    with saving():
        value = reveal(g.scope, member_id, wanted["field"], wanted["reason"], wanted["remark"])
    return {"field": wanted["field"], "value": value}


def _place(point: tuple[float, float] | None, precision: str) -> dict[str, Any] | None:
    return None if point is None else {"lon": point[0], "lat": point[1], "precision": precision}
