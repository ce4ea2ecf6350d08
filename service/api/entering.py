"""People as programs send them: the facts of the register, and places with their system."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length, OneOf

from service.api.blueprint import Sent
from service.api.schemas import SentPoint
from tenants.members.actions import MemberDraft, Place
from tenants.members.keeping.actions import BY_HAND
from tenants.members.roster_dates import ImpossibleDate, read_date
from tenants.members.roster_rows import NO_DATE, PartialDate
from tenants.members.roster_texts import has_control_characters, read_phone, tidy_name
from tenants.members.stages import FULL, PROBATIONARY
from tenants.members.typed_places import Typed


def short_text(most: int, description: str, **further: Any) -> fields.String:
    return fields.String(
        validate=Length(max=most, error=_l("最多 {max} 个字。")),
        metadata={"description": description},
        **further,
    )


class SentPlace(SentPoint):
    """A place as its source has it; the system is never guessed."""

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


class SentPerson(Sent):
    """What is known of anybody who comes into the register."""

    name = short_text(60, "姓名。", required=True)
    sex = fields.String(
        load_default="",
        validate=OneOf(("男", "女", ""), error=_l("应是 男 或 女。")),
        metadata={"description": "男 或 女。"},
    )
    phone = short_text(80, "手机号。加密保存。", load_default="")
    address = short_text(200, "详细地址。加密保存。", load_default="")
    employer = short_text(80, "工作单位。", load_default="")
    class_ = short_text(40, "类别，决定哪些支部可以接收。", load_default="", data_key="class")
    stage = fields.String(
        load_default=FULL,
        validate=OneOf((FULL, PROBATIONARY), error=_l("没有这个选项。")),
        metadata={"description": "full 正式党员或 probationary 预备党员。"},
    )
    home = fields.Nested(SentPlace, allow_none=True)
    work = fields.Nested(SentPlace, allow_none=True)

    @validates_schema
    def _can_be_read(self, sent: dict[str, Any], **kwargs: Any) -> None:
        if not tidy_name(sent["name"]) or has_control_characters(sent["name"]):
            raise ValidationError(_("姓名不能为空，也不能有看不见的字符。"), "name")
        if sent["phone"] and read_phone(sent["phone"]) is None:
            raise ValidationError(_("这不像一个电话号码。"), "phone")


def drafted(sent: dict[str, Any], affiliation: str, **further: Any) -> MemberDraft:
    """The member out of what a SentPerson was read as."""
    phone = read_phone(sent["phone"]) if sent["phone"] else None
    return MemberDraft(
        name=tidy_name(sent["name"]),
        affiliation=affiliation,
        sex=sent["sex"],
        phone=phone[0] if phone else "",
        address=sent["address"].strip(),
        employer=sent["employer"].strip(),
        class_=sent["class_"].strip(),
        stage=sent["stage"],
        home=sent.get("home"),
        work=sent.get("work"),
        **further,
    )


class Entering(SentPerson):
    """A member whose relation is here, or who reports in here while it stays at the unit."""

    affiliation = fields.String(
        load_default=BY_HAND[0],
        validate=OneOf(BY_HAND, error=_l("没有这个选项。")),
        metadata={"description": "affiliated 组织关系在这里，reported_in 双报到。"},
    )
    born = short_text(20, "出生日期：1985、1985-03 或 1985-03-12。", load_default="")
    joined = short_text(20, "入党日期，写法相同。", load_default="")

    @validates_schema
    def _days_can_be(self, sent: dict[str, Any], **kwargs: Any) -> None:
        for name in ("born", "joined"):
            try:
                _day(sent[name])
            except ImpossibleDate:
                raise ValidationError(
                    _("看不懂这个日期。可以写 1985、1985-03 或 1985-03-12。"), name
                ) from None

    @post_load
    def _draft(self, sent: dict[str, Any], **kwargs: Any) -> MemberDraft:
        born, joined = _day(sent["born"]), _day(sent["joined"])
        return drafted(
            sent,
            sent["affiliation"],
            born_on=born.on,
            born_precision=born.precision,
            joined_on=joined.on,
            joined_precision=joined.precision,
        )


class Leaving(Sent):
    """Why and since when somebody is no longer of this register."""

    version = fields.Integer(
        required=True, strict=True, metadata={"description": "您看到的是第几个版本。"}
    )
    reason = fields.String(
        required=True,
        metadata={
            "description": "moved 转出、returned 离开本地、deceased 去世、mistake 登记错了或 other 其他。"
        },
    )
    on = fields.Date(load_default=date.today, metadata={"description": "哪天起；不填是今天。"})


def _day(text: str) -> PartialDate:
    return read_date(text)[0] if text.strip() else NO_DATE
