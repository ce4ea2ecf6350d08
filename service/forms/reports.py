"""The form behind the open letter, and what a person makes of a report."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from service.forms.lengths import short
from tenants.arrivals.reports.rules import DOCUMENTS, WAYS, Facts
from tenants.members.roster_texts import has_control_characters, read_phone, tidy_name
from tenants.mobility.said import is_too_exact

HOW_WORDS = {
    "phone": _l("电话核实"),
    "visit": _l("上门核实"),
    "office": _l("本人来办"),
    "home_branch": _l("问过原支部"),
}
DOCUMENT_WORDS = {
    "none": _l("没有看证件"),
    "introduction_letter": _l("组织关系介绍信"),
    "proof_letter": _l("党员证明信"),
    "activity_certificate": _l("流动党员活动证"),
    "system_transfer": _l("全国系统里的转接"),
}


class SelfReportForm(FlaskForm):
    """Six facts and a consent; every one but the name and the phone may stay empty."""

    name = StringField(_l("姓名"), [InputRequired(_l("请填姓名。")), short(60)])
    phone = StringField(_l("电话"), [InputRequired(_l("请填电话，好让社区联系您。")), short(40)])
    address = StringField(_l("现在住在哪里"), [short(120)])
    from_place = StringField(_l("组织关系在哪里（写到区县就行）"), [short(80)])
    arrived_on = DateField(_l("什么时候来的"), [Optional()])
    joined_on = DateField(_l("入党日期"), [Optional()])
    agreed = BooleanField(
        _l("我是党员，同意社区为联系我、帮我找到附近的支部而使用以上内容。"),
        [InputRequired(_l("请勾选同意；不同意就不要填，直接关掉这一页。"))],
    )

    def validate_name(self, field: StringField) -> None:
        field.data = tidy_name(field.data or "")
        if not field.data or has_control_characters(field.data):
            raise ValidationError(_("请填姓名。"))

    def validate_phone(self, field: StringField) -> None:
        if read_phone(field.data or "") is None:
            raise ValidationError(_("这不像一个电话号码。请填手机号或带区号的固定电话。"))

    def validate_arrived_on(self, field: DateField) -> None:
        if field.data and not date(1950, 1, 1) <= field.data <= date.today():
            raise ValidationError(_("请填已经过去的日期，或留空。"))

    def validate_from_place(self, field: StringField) -> None:
        if is_too_exact(field.data or ""):
            raise ValidationError(_("写到区县就行，不用写门牌和电话。"))

    validate_joined_on = validate_arrived_on

    def facts(self) -> Facts:
        """What to keep, after every check said yes."""
        read = read_phone(self.phone.data or "")
        return Facts(
            self.name.data,
            read[0] if read else "",
            (self.address.data or "").strip(),
            (self.from_place.data or "").strip(),
            self.arrived_on.data,
            self.joined_on.data,
        )


class VerifyForm(FlaskForm):
    """How somebody made sure, and which document they saw. Neither has a default."""

    how = RadioField(
        _l("怎么核实的"),
        choices=[SelectChoice(code, HOW_WORDS[code]) for code in WAYS],
        validators=[InputRequired(_l("请选怎么核实的。"))],
    )
    document = RadioField(
        _l("看过什么证件（不保存）"),
        choices=[SelectChoice(code, DOCUMENT_WORDS[code]) for code in DOCUMENTS],
        validators=[InputRequired(_l("请选看过什么证件。"))],
    )
