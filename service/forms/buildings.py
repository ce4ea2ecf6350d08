"""A compound or building: its name, where it belongs, and its point in a system a person names."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from shapely.geometry.base import BaseGeometry
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from service.forms.place_faults import fault_sentence
from service.words import SYSTEM_WORDS
from tenants.members.typed_places import Typed, TypedFault, judge_ground, read_typed
from tenants.places.buildings_actions import BuildingDraft
from tenants.places.spelling import normal_name

SYSTEMS = [SelectChoice(code, name) for code, (name, _words) in SYSTEM_WORDS.items()]
KINDS = [SelectChoice("building", _l("楼栋")), SelectChoice("compound", _l("小区"))]


class BuildingForm(FlaskForm):
    """`version` is the one the person saw; empty for a new one."""

    kind = RadioField(_l("是"), choices=KINDS, default="building")
    name = StringField(
        _l("名称"),
        [
            InputRequired(_l("请填名称，例如 3号楼。")),
            Length(max=80, message=_l("太长了，最多 %(max)d 个字。")),
        ],
    )
    compound = SelectField(_l("所在小区"), validators=[Optional()])
    address = StringField(
        _l("门牌地址"), [Length(max=120, message=_l("太长了，最多 %(max)d 个字。"))]
    )
    lon = StringField(_l("经度"))
    lat = StringField(_l("纬度"))
    system = RadioField(
        _l("坐标系"), choices=SYSTEMS, validators=[Optional()], validate_choice=False
    )
    version = HiddenField()

    def offer_compounds(self, compounds: list[tuple[UUID, str]]) -> None:
        """The open compounds a building may belong to."""
        self.compound.choices = [
            SelectChoice("", _("不属于小区")),
            *(SelectChoice(str(id_), name) for id_, name in compounds),
        ]

    def validate_name(self, field: StringField) -> None:
        if not normal_name(field.data or ""):
            raise ValidationError(_("请填名称，例如 3号楼。"))

    def judge_place(self, boundary: BaseGeometry | None) -> bool:
        """Put each fault at its field; True when the point can be used. Call after `validate`."""
        read = self._typed()
        if isinstance(read, Typed) and read.is_blank:
            self.lon.errors = [_("请在地图上点一下，或填经度和纬度。")]
            return False
        if isinstance(read, Typed):
            ground = judge_ground({"place": read}, boundary)
            if ground is None:
                return True
            read = ground[1]
        field = self[read.part]
        field.errors = [*field.errors, fault_sentence(read, _("请核对坐标。"))]
        return False

    def draft(self) -> BuildingDraft:
        """What to keep, after every check said yes."""
        typed = self._typed()
        assert isinstance(typed, Typed)
        inside = self.compound.data if self.kind.data == "building" else ""
        return BuildingDraft(
            kind=self.kind.data,
            name=(self.name.data or "").strip(),
            lon=typed.lon,
            lat=typed.lat,
            system=typed.system,
            address=(self.address.data or "").strip(),
            compound_id=UUID(inside) if inside else None,
        )

    def _typed(self) -> Typed | TypedFault:
        return read_typed(self.lon.data or "", self.lat.data or "", self.system.data or "")


class BuildingListForm(FlaskForm):
    """A list of buildings and the coordinate system it is in, which has no default."""

    file = FileField(
        _l("楼栋清单"), [FileRequired(_l("请选择一个文件（.xlsx、.csv 或 .geojson）。"))]
    )
    system = RadioField(
        _l("坐标系"),
        choices=SYSTEMS,
        validators=[InputRequired(_l("请选择坐标系：同一个点在不同地图上相差几百米。"))],
    )

    def validate_file(self, field: FileField) -> None:
        """What the reader could never take is said before anything is kept."""
        name = (field.data.filename or "").lower() if field.data else ""
        if name and not name.endswith(
            (".csv", ".txt", ".xlsx", ".xls", ".ods", ".geojson", ".json")
        ):
            raise ValidationError(_l("只能读 .xlsx、.xls、.ods、.csv 和 .geojson。"))


class DecisionForm(FlaskForm):
    """Taking a checked list in; `confirmed` where another system fits better."""

    confirmed = BooleanField(_l("我核对过，仍按所选的坐标系导入"))
