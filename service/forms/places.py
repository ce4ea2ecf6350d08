"""Where somebody lives and works, typed as coordinates: fields and their faults in words."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from shapely.geometry.base import BaseGeometry
from wtforms import Field, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from service.forms.place_faults import fault_sentence
from service.words import SYSTEM_WORDS
from tenants.members.actions import Place
from tenants.members.typed_places import Typed, TypedFault, judge_ground, read_typed

PRECISIONS = [
    SelectChoice("building", _l("楼栋")),
    SelectChoice("compound", _l("小区")),
    SelectChoice("cell", _l("只知道在哪个网格")),
]


class PlacesForm(FlaskForm):
    """Home and work, each as longitude and latitude in one system that the person names."""

    home_lon = StringField(_l("住处经度"))
    home_lat = StringField(_l("住处纬度"))
    work_lon = StringField(_l("工作地点经度"))
    work_lat = StringField(_l("工作地点纬度"))
    system = RadioField(
        _l("坐标系"),
        choices=[SelectChoice(code, name) for code, (name, _words) in SYSTEM_WORDS.items()],
        validators=[Optional()],
        validate_choice=False,
    )
    precision = SelectField(_l("精确到"), choices=PRECISIONS, default="building")

    def judge_places(self, boundary: BaseGeometry | None) -> bool:
        """Put each fault at its field; True when the places can be used. Call after `validate`."""
        read = {name: self._read(name) for name in ("home", "work")}
        faults = [(name, found) for name, found in read.items() if isinstance(found, TypedFault)]
        if not faults:
            typed = {name: found for name, found in read.items() if isinstance(found, Typed)}
            ground = judge_ground(typed, boundary)
            faults = [ground] if ground else []
        for name, fault in faults:
            self._say(name, fault)
        return not faults

    def places(self) -> Mapping[str, Place | None]:
        """{"home": Place | None, "work": Place | None}, after `judge_places` said yes."""
        found = {name: self._read(name) for name in ("home", "work")}
        return {
            name: _place(typed, self.precision.data)
            if isinstance(typed, Typed) and not typed.is_blank
            else None
            for name, typed in found.items()
        }

    def _read(self, name: str) -> Typed | TypedFault:
        return read_typed(
            self[f"{name}_lon"].data or "", self[f"{name}_lat"].data or "", self.system.data or ""
        )

    def _say(self, name: str, fault: TypedFault) -> None:
        field: Field = self.system if fault.part == "system" else self[f"{name}_{fault.part}"]
        field.errors = [
            *field.errors,
            fault_sentence(fault, _("请核对坐标；住处和工作地点至少有一处在本辖区。")),
        ]


def _place(typed: Typed, precision: str) -> Place:
    return Place(*typed.wgs84, precision, typed.system, (typed.lon, typed.lat))
