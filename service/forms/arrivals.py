"""Registering one arrival."""

from collections.abc import Mapping
from datetime import date

import shapely
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from shapely.geometry.base import BaseGeometry
from wtforms import DateField, Field, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from service.forms.places import PlacesForm
from tenants.arrivals.actions import ArrivalDraft
from tenants.members.actions import MemberDraft, Place
from tenants.members.homes import place_of
from tenants.members.roster_texts import has_control_characters, read_phone, tidy_name
from tenants.members.stages import PROBATIONARY
from tenants.places.buildings_lookups import BuildingPlace

REASONS = ("务工", "经商", "随子女或家属居住", "毕业待业", "退役返乡", "拆迁搬迁")


def _short(most: int) -> Length:
    return Length(max=most, message=_l("太长了，最多 %(max)d 个字。"))


class ArrivalForm(PlacesForm):
    """Who came, since when, from where, and where they live or work now."""

    name = StringField(_l("姓名"), [InputRequired(_l("请填姓名。")), _short(60)])
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
    phone = StringField(_l("电话"), [_short(40)])
    address = StringField(_l("住址"), [_short(120)])
    arrived_on = DateField(_l("到来日期"), [Optional()])
    from_place = StringField(_l("从哪里来"), [_short(80)])
    reason = SelectField(
        _l("为什么来"),
        choices=[SelectChoice("", _l("不填")), *(SelectChoice(each, each) for each in REASONS)],
        validators=[Optional()],
    )
    class_ = SelectField(_l("支部类别"), validators=[Optional()])
    employer = StringField(_l("工作单位"), [_short(80)])
    home_building = StringField()
    building: BuildingPlace | None = None
    """What `home_building` names, once the page has looked it up."""

    def offer_classes(self, classes: list[str]) -> None:
        """The kinds of people whom some branches of the tenant are for, and probationary members,
        who do not count where full ones are asked for."""
        self.class_.choices = [
            SelectChoice("", _("不限")),
            *(SelectChoice(each, each) for each in classes if each != PROBATIONARY),
            SelectChoice(PROBATIONARY, _("预备党员")),
        ]

    def validate_name(self, field: StringField) -> None:
        field.data = tidy_name(field.data or "")
        if not field.data or has_control_characters(field.data):
            raise ValidationError(_("请填姓名。"))

    def validate_phone(self, field: StringField) -> None:
        if read_phone(field.data or "") is None:
            raise ValidationError(_("这不像一个电话号码。请填手机号或带区号的固定电话，或留空。"))

    def validate_arrived_on(self, field: DateField) -> None:
        if field.data and field.data > date.today():
            raise ValidationError(_("到来日期还没有到。请填已经到来的日期，或留空。"))
        if field.data and field.data.year < 1950:
            raise ValidationError(_("年份太早了，请核对。"))

    def judge_places(self, boundary: BaseGeometry | None) -> bool:
        """With a building chosen the home needs no numbers, and is inside the tenant's register."""
        if self.building is None:
            return super().judge_places(boundary)
        typed: list[Field] = [field for field in (self.home_lon, self.home_lat) if field.data]
        if typed:
            typed[0].errors = [_("住处已经选了楼栋，经纬度请留空；或在上面改选“都不是”。")]
        return super().judge_places(None) and not typed

    def places(self) -> Mapping[str, Place | None]:
        """As of any places, the home at its building where one was chosen."""
        found = dict(super().places())
        if self.building is not None:
            found["home"] = place_of(self.building)
        return found

    @property
    def number(self) -> str:
        """The phone in its one normal form, '' when none was given."""
        read = read_phone(self.phone.data or "")
        return "" if read is None else read[0]

    def draft(self, boundary: BaseGeometry | None) -> ArrivalDraft:
        """What to register, after every check said yes."""
        places = self.places()
        member = MemberDraft(
            name=self.name.data,
            affiliation="incoming",
            sex=self.sex.data or "",
            phone=self.number,
            address=(self.address.data or "").strip(),
            employer=(self.employer.data or "").strip(),
            class_=self.class_.data or "",
            residence=_residence(places["home"], boundary),
            home=places["home"],
            work=places["work"],
        )
        return ArrivalDraft(
            member,
            self.arrived_on.data,
            (self.from_place.data or "").strip(),
            self.reason.data or "",
        )


def _residence(home: Place | None, boundary: BaseGeometry | None) -> str:
    if home is None or boundary is None:
        return "unknown"
    return "inside" if shapely.intersects_xy(boundary, home.lon, home.lat) else "outside"
