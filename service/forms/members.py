"""One member of the register: entered by hand, or corrected."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from service.forms.lengths import short
from service.words import AFFILIATION_WORDS, LEFT_REASON_WORDS, RESIDENCE_WORDS, STAGE_WORDS
from tenants.members.actions import MemberDraft
from tenants.members.keeping.actions import BY_HAND, Facts
from tenants.members.lookups import MemberCard, known_people
from tenants.members.roster_dates import ImpossibleDate, read_date
from tenants.members.roster_rows import NO_DATE, PartialDate
from tenants.members.roster_sentences import WHY_DATE
from tenants.members.roster_texts import has_control_characters, read_phone, tidy_name
from tenants.members.stages import FULL
from tenants.scope import Scope


class PersonForm(FlaskForm):
    """What is asked of everybody who comes into the register."""

    name = StringField(_l("姓名"), [InputRequired(_l("请填姓名。")), short(60)])
    sex = RadioField(
        _l("性别"),
        choices=[
            SelectChoice("女", _l("女")),
            SelectChoice("男", _l("男")),
            SelectChoice("", _l("不填")),
        ],
        default="",
        validators=[Optional()],
    )
    phone = StringField(_l("电话"), [short(40)])
    address = StringField(_l("住址"), [short(120)])
    stage = RadioField(
        _l("正式或预备"),
        choices=[SelectChoice(*each) for each in STAGE_WORDS.items()],
        default=FULL,
    )
    class_ = SelectField(_l("支部类别"), validators=[Optional()])
    employer = StringField(_l("工作单位"), [short(80)])

    def offer_classes(self, classes: list[str]) -> None:
        """The kinds of people whom some branches of the tenant are for."""
        self.class_.choices = [
            SelectChoice("", _("不限")),
            *(SelectChoice(each, each) for each in classes),
        ]

    def validate_name(self, field: StringField) -> None:
        field.data = tidy_name(field.data or "")
        if not field.data or has_control_characters(field.data):
            raise ValidationError(_("请填姓名。"))

    def validate_phone(self, field: StringField) -> None:
        if read_phone(field.data or "") is None:
            raise ValidationError(_("这不像一个电话号码。请填手机号或带区号的固定电话，或留空。"))

    def validate_address(self, field: StringField) -> None:
        _no_controls(field)

    def validate_employer(self, field: StringField) -> None:
        _no_controls(field)

    def is_new(self, scope: Scope) -> bool:
        """Whether nobody in the register has the phone; says so at its field."""
        known = known_people(scope, [(self.name.data or "", self.number, None, "unknown")])
        if known == [False]:
            return True
        self.phone.errors = [_("名册里已经有这个电话。请先在名册里查找，确认是不是同一个人。")]
        return False

    @property
    def number(self) -> str:
        """The phone in its one normal form, '' when none was given."""
        read = read_phone(self.phone.data or "")
        return "" if read is None else read[0]


class MemberForm(PersonForm):
    """The facts of the register. Dates are known to the year, the month or the day."""

    born = StringField(_l("出生日期"), [short(20)])
    joined = StringField(_l("入党日期"), [short(20)])
    residence = SelectField(
        _l("居住"),
        choices=[SelectChoice(*each) for each in RESIDENCE_WORDS.items()],
        default="unknown",
    )

    def validate_born(self, field: StringField) -> None:
        _read_day(field)

    def validate_joined(self, field: StringField) -> None:
        joined = _read_day(field)
        if self.born.errors:
            return
        born = _read_day(self.born)
        if born.on and joined.on and joined.on < born.on:
            raise ValidationError(_("入党日期早于出生日期，请核对。"))


class NewMemberForm(MemberForm):
    """A member whose relation is here, or who reports in here while it stays at the unit."""

    affiliation = RadioField(
        _l("组织关系"),
        choices=[SelectChoice(each, AFFILIATION_WORDS[each]) for each in BY_HAND],
        default=BY_HAND[0],
    )

    def draft(self) -> MemberDraft:
        """Whom to enter, after every check said yes."""
        born, joined = _read_day(self.born), _read_day(self.joined)
        return MemberDraft(
            name=self.name.data,
            affiliation=self.affiliation.data,
            sex=self.sex.data or "",
            born_on=born.on,
            born_precision=born.precision,
            joined_on=joined.on,
            joined_precision=joined.precision,
            phone=self.number,
            address=_text(self.address),
            employer=_text(self.employer),
            class_=self.class_.data or "",
            stage=self.stage.data,
            residence=self.residence.data,
        )


class CorrectionForm(MemberForm):
    """The same of somebody known. A phone or an address left empty stays; taking away is ticked."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    no_phone = BooleanField(_l("去掉登记的电话"))
    no_address = BooleanField(_l("去掉登记的住址"))

    def show(self, person: MemberCard) -> None:
        """What stands in the register; what is sealed is not shown."""
        self.name.data, self.sex.data = person.name, person.sex
        self.born.data = _written(person.born_on, person.born_precision)
        self.joined.data = _written(person.joined_on, person.joined_precision)
        self.employer.data, self.class_.data = person.employer, person.class_
        self.stage.data = person.stage
        self.residence.data, self.version.data = person.residence, person.version

    def facts(self) -> Facts:
        """What to keep, after every check said yes."""
        return Facts(
            self.name.data,
            self.sex.data or "",
            _read_day(self.born),
            _read_day(self.joined),
            _text(self.employer),
            self.class_.data or "",
            self.stage.data,
            self.residence.data,
            phone="" if self.no_phone.data else self.number or None,
            address="" if self.no_address.data else _text(self.address) or None,
        )


class TakeOutForm(FlaskForm):
    """Why somebody is no longer of this register, and since when."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    reason = SelectField(
        _l("原因"),
        choices=[
            SelectChoice("", _l("请选择")),
            *(SelectChoice(*each) for each in LEFT_REASON_WORDS.items()),
        ],
    )
    on = DateField(_l("日期"), [InputRequired(_l("请填完整的日期。"))], default=date.today)


def _text(field: StringField) -> str:
    return (field.data or "").strip()


def _no_controls(field: StringField) -> None:
    if has_control_characters(field.data or ""):
        raise ValidationError(_("里面有看不见的控制字符，请重新输入。"))


def _read_day(field: StringField) -> PartialDate:
    """A date as people write it, to the year, the month or the day."""
    text = (field.data or "").strip()
    if not text:
        return NO_DATE
    try:
        return read_date(text)[0]
    except ImpossibleDate as error:
        raise ValidationError(
            _(
                "日期%(why)s。可以写 1985、1985-03 或 1985-03-12，不知道就留空。",
                why=_(WHY_DATE[error.why]),
            )
        ) from None


def _written(day: date | None, precision: str) -> str:
    """A date as it may be typed again: 1985, 1985-03 or 1985-03-12."""
    known = {"year": 4, "month": 7, "day": 10}.get(precision, 0)
    return "" if day is None else day.isoformat()[:known]
