"""Registering one arrival."""

from collections.abc import Mapping
from datetime import date

import shapely
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from shapely.geometry.base import BaseGeometry
from wtforms import DateField, Field, SelectField, StringField, ValidationError
from wtforms.validators import Optional

from service.forms.lengths import short
from service.forms.members import PersonForm
from service.forms.movements import moves
from service.forms.places import PlacesForm
from tenants.arrivals.actions import ArrivalDraft
from tenants.members.actions import MemberDraft, Place
from tenants.members.homes import place_of
from tenants.mobility.said import REASONS, is_too_exact
from tenants.places.buildings_lookups import BuildingPlace


class ArrivalForm(PersonForm, PlacesForm):
    """Who came, since when, from where, and where they live or work now."""

    arrived_on = DateField(_l("到来日期"), [Optional()])
    from_place = StringField(_l("从哪里来"), [short(80)])
    reason = SelectField(
        _l("为什么来"),
        choices=moves(REASONS),
        validators=[Optional()],
    )
    home_building = StringField()
    building: BuildingPlace | None = None
    """What `home_building` names, once the page has looked it up."""

    def validate_arrived_on(self, field: DateField) -> None:
        if field.data and field.data > date.today():
            raise ValidationError(_("到来日期还没有到。请填已经到来的日期，或留空。"))
        if field.data and field.data.year < 1950:
            raise ValidationError(_("年份太早了，请核对。"))

    def validate_from_place(self, field: StringField) -> None:
        if is_too_exact(field.data or ""):
            raise ValidationError(_("从哪里来只写到区县，不要写门牌或电话。"))

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
            stage=self.stage.data,
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
