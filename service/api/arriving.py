"""What a program sends to register an arrival, judged and turned into a draft."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length, OneOf, Range
from shapely.geometry.base import BaseGeometry

from geo.coordinates import SYSTEMS
from service.api.blueprint import Sent
from service.words import metres
from tenants.arrivals.actions import ArrivalDraft
from tenants.errors import InvalidInput
from tenants.members.actions import MemberDraft, Place
from tenants.members.roster_texts import has_control_characters, read_phone, tidy_name
from tenants.members.typed_places import Typed, judge_ground


def _text(most: int, description: str, **further: Any) -> fields.String:
    return fields.String(
        validate=Length(max=most, error=_l("最多 {max} 个字。")),
        metadata={"description": description},
        **further,
    )


class SentPlace(Sent):
    """A place as its source has it; the system is never guessed."""

    lon = fields.Float(
        required=True,
        validate=Range(-180, 180, error=_l("经度应在 -180 到 180 之间。")),
        metadata={"description": "经度，度。"},
    )
    lat = fields.Float(
        required=True,
        validate=Range(-90, 90, error=_l("纬度应在 -90 到 90 之间，是否与经度写反了？")),
        metadata={"description": "纬度，度。"},
    )
    system = fields.String(
        required=True,
        validate=OneOf(SYSTEMS, error=_l("应是 wgs84、gcj02、bd09 或 cgcs2000。")),
        metadata={"description": "坐标系：wgs84、gcj02、bd09 或 cgcs2000。"},
    )
    precision = fields.String(
        load_default="building",
        validate=OneOf(("building", "compound", "cell"), error=_l("没有这个选项。")),
        metadata={"description": "building 楼栋、compound 小区或 cell 网格。"},
    )

    @validates_schema
    def _is_somewhere(self, sent: dict[str, Any], **kwargs: Any) -> None:
        if sent["lon"] == 0 and sent["lat"] == 0:
            raise ValidationError(_("0,0 不是住处，没有位置就不要填。"))

    @post_load
    def _convert(self, sent: dict[str, Any], **kwargs: Any) -> Place:
        typed = Typed(sent["lon"], sent["lat"], sent["system"])
        return Place(*typed.wgs84, sent["precision"], typed.system, (typed.lon, typed.lat))


class Arriving(Sent):
    """Somebody who came. Of places and phone, whatever is known."""

    name = _text(60, "姓名。", required=True)
    sex = fields.String(
        load_default="",
        validate=OneOf(("男", "女", ""), error=_l("应是 男 或 女。")),
        metadata={"description": "男 或 女。"},
    )
    phone = _text(80, "手机号。加密保存。", load_default="")
    address = _text(200, "详细地址。加密保存。", load_default="")
    employer = _text(80, "工作单位。", load_default="")
    class_ = _text(40, "类别，决定哪些支部可以接收。", load_default="", data_key="class")
    arrived_on = fields.Date(allow_none=True, metadata={"description": "哪天来的。"})
    from_place = _text(80, "从哪里来，只到县（市、区）。", load_default="")
    reason = _text(40, "为什么来。", load_default="")
    home = fields.Nested(SentPlace, allow_none=True)
    work = fields.Nested(SentPlace, allow_none=True)

    @validates_schema
    def _can_be_read(self, sent: dict[str, Any], **kwargs: Any) -> None:
        if not tidy_name(sent["name"]) or has_control_characters(sent["name"]):
            raise ValidationError(_("姓名不能为空，也不能有看不见的字符。"), "name")
        if sent["phone"] and read_phone(sent["phone"]) is None:
            raise ValidationError(_("这不像一个电话号码。"), "phone")

    @post_load
    def _draft(self, sent: dict[str, Any], **kwargs: Any) -> ArrivalDraft:
        phone = read_phone(sent["phone"]) if sent["phone"] else None
        member = MemberDraft(
            name=tidy_name(sent["name"]),
            affiliation="incoming",
            sex=sent["sex"],
            phone=phone[0] if phone else "",
            address=sent["address"].strip(),
            employer=sent["employer"].strip(),
            class_=sent["class_"].strip(),
            home=sent.get("home"),
            work=sent.get("work"),
        )
        return ArrivalDraft(
            member,
            arrived_on=sent.get("arrived_on"),
            from_place=sent["from_place"].strip(),
            reason=sent["reason"].strip(),
            source="api",
        )


def refuse_elsewhere(draft: ArrivalDraft, boundary: BaseGeometry | None) -> None:
    """One place inside the tenant is enough; raises InvalidInput when all known ones lie outside.

    `fits` says under which reading it would be inside: another system, 'swapped', or ''.
    """
    places = {"home": draft.member.home, "work": draft.member.work}
    typed = {
        name: Typed(*place.raw, place.system)
        for name, place in places.items()
        if place is not None and place.raw is not None
    }
    found = judge_ground(typed, boundary)
    if found is None:
        return
    name, fault = found
    said = _("这个位置在本辖区以外约 %(distance)s。", distance=metres(fault.metres))
    raise InvalidInput(
        said, faults=[{"field": name, "sentence": said, "code": "outside", "fits": fault.fits}]
    )
