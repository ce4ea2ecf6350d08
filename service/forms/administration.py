"""Opening a tenant, changing its ground, letting its administrators in."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from service.forms.lengths import short
from service.languages import LANGUAGES
from service.words import SYSTEM_WORDS
from tenants.errors import InvalidInput
from tenants.members.roster_texts import has_control_characters
from tenants.organisations.boundaries import Judged, read_boundary
from tenants.organisations.boundary_files import in_system, read_boundary_file
from tenants.organisations.rules import is_slug
from tenants.people.invitations import normal_email
from tenants.people.rules import LEAST_PASSWORD

SYSTEMS = [SelectChoice(code, name) for code, (name, _words) in SYSTEM_WORDS.items()]


def _plain_words(_form: FlaskForm, field: StringField) -> None:
    field.data = (field.data or "").strip()
    if has_control_characters(field.data):
        raise ValidationError(_l("里面有看不见的控制字符，请重新输入。"))


def _address(_form: FlaskForm, field: EmailField) -> None:
    if not field.data:
        return
    try:
        field.data = normal_email(field.data)
    except InvalidInput as invalid:
        raise ValidationError(_l(invalid.msgid)) from invalid


class BoundaryForm(FlaskForm):
    """Ground from a file or pasted, in a system that a person names."""

    file = FileField(_l("边界文件"))
    geojson = TextAreaField(_l("或者粘贴 GeoJSON"), [Length(max=4_000_000)])
    system = RadioField(_l("坐标系"), choices=SYSTEMS, validate_choice=False)

    @property
    def has_ground(self) -> bool:
        return bool(
            (self.file.data and self.file.data.filename) or (self.geojson.data or "").strip()
        )

    def validate_system(self, field: RadioField) -> None:
        if self.has_ground and field.data not in SYSTEM_WORDS:
            raise ValidationError(_l("请选择坐标系：同一个点在不同地图上相差几百米。"))

    def ground(self) -> Judged | None:
        """What was sent, read and judged by itself; None when nothing was."""
        if not self.has_ground:
            return None
        sent = self.file.data
        if sent and sent.filename:
            return read_boundary_file(sent.read(), sent.filename, self.system.data)
        return in_system(read_boundary(self.geojson.data), self.system.data)


class OpenTenantForm(BoundaryForm):
    """A township or a community, with the first person who will administer it."""

    level = RadioField(
        _l("开通什么"),
        choices=[
            SelectChoice("community", _l("社区（村）")),
            SelectChoice("township", _l("乡镇（街道）")),
        ],
        default="community",
    )
    name = StringField(_l("名称"), [InputRequired(_l("请填名称。")), short(80), _plain_words])
    slug = StringField(_l("短名"), [short(60)])
    township = SelectField(_l("属于哪个乡镇（街道）"), default="")
    pack = SelectField(_l("规则包"), default="")
    language = SelectField(
        _l("语言"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )
    admin_name = StringField(_l("第一位管理员的姓名"), [short(60), _plain_words])
    admin_email = EmailField(_l("第一位管理员的邮箱"), [short(254), _address])

    def offer(self, townships: Iterable[tuple[int, str]], packs: Iterable[tuple[str, str]]) -> None:
        """What there is to choose from, now."""
        self.township.choices = [
            SelectChoice("", _l("请选择")),
            *(SelectChoice(str(area), name) for area, name in townships),
        ]
        self.pack.choices = [
            SelectChoice("", _l("用默认的")),
            *(SelectChoice(id_, title) for id_, title in packs),
        ]

    def validate_slug(self, field: StringField) -> None:
        field.data = (field.data or "").strip().lower()
        if field.data and not is_slug(field.data):
            raise ValidationError(_l("短名只能用小写字母、数字和中间的短横，最多 60 个。"))

    def validate_township(self, field: SelectField) -> None:
        if self.level.data == "community" and not field.data:
            raise ValidationError(_l("请选择它属于哪个乡镇（街道）。"))

    def validate_admin_email(self, field: EmailField) -> None:
        if bool(field.data) != bool(self.admin_name.data):
            raise ValidationError(_l("姓名和邮箱要一起填。"))


class OpenManyForm(FlaskForm):
    """A spreadsheet of tenants, the system of its boundaries, the rules they all begin with."""

    file = FileField(
        _l("单位的表"), [FileRequired(_l("请选择一个文件（.xlsx、.xls、.ods 或 .csv）。"))]
    )
    system = RadioField(
        _l("坐标系"),
        choices=SYSTEMS,
        validators=[InputRequired(_l("请选择坐标系：同一个点在不同地图上相差几百米。"))],
    )
    pack = SelectField(_l("规则包"), default="")

    def offer(self, packs: Iterable[tuple[str, str]]) -> None:
        self.pack.choices = [
            SelectChoice("", _l("用默认的")),
            *(SelectChoice(id_, title) for id_, title in packs),
        ]


class InviteForm(FlaskForm):
    """Somebody to let in: as what and, for a leader or an officer, where."""

    shown_name = StringField(_l("姓名"), [InputRequired(_l("请填姓名。")), short(60), _plain_words])
    email = EmailField(_l("邮箱"), [InputRequired(_l("请填邮箱。")), short(254), _address])
    role = SelectField(_l("角色"))
    cell = SelectField(_l("网格"), default="")
    branch = SelectField(_l("支部"), default="")

    def offer(
        self,
        roles: Iterable[tuple[str, Any]],
        cells: Iterable[tuple[str, str]] = (),
        branches: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.role.choices = [SelectChoice(role, title) for role, title in roles]
        for field, found in ((self.cell, cells), (self.branch, branches)):
            field.choices = [SelectChoice("", _l("不选")), *(SelectChoice(*each) for each in found)]

    def validate_cell(self, field: SelectField) -> None:
        if self.role.data == "grid_leader" and not field.data:
            raise ValidationError(_l("请为网格长选择一个网格。"))
        if self.role.data != "grid_leader":
            field.data = ""

    def validate_branch(self, field: SelectField) -> None:
        if self.role.data == "branch_officer" and not field.data:
            raise ValidationError(_l("请为支部委员选择一个支部。"))
        if self.role.data != "branch_officer":
            field.data = ""


class TakeUpForm(FlaskForm):
    """The invited person's password: theirs of old, or a new one."""

    password = PasswordField(
        _l("密码"),
        [
            InputRequired(_l("请填密码。")),
            Length(
                min=LEAST_PASSWORD,
                max=200,
                message=_l("密码至少 10 个字符。用几个不相干的词连起来，好记又安全。"),
            ),
        ],
    )


class ReasonForm(FlaskForm):
    """Why: said to everybody whom it stops."""

    reason = StringField(_l("原因"), [InputRequired(_l("请写明原因。")), short(200), _plain_words])


class MoveForm(FlaskForm):
    """The township that a community goes to."""

    township = SelectField(_l("移到哪个乡镇（街道）"), coerce=str)

    def offer(self, townships: Iterable[tuple[int, str]]) -> None:
        self.township.choices = [SelectChoice(str(area), name) for area, name in townships]


def _number(most: int) -> list[Any]:
    words = _l("请填 %(min)s 到 %(max)s 之间的整数。")
    return [InputRequired(_l("请填一个整数。")), NumberRange(1, most, words)]


class LimitsForm(FlaskForm):
    """What one tenant may take of what all share."""

    most_members = IntegerField(_l("名册最多多少人"), _number(1_000_000))
    most_imports_an_hour = IntegerField(_l("每小时最多导入几次"), _number(1_000))
    most_megabytes = IntegerField(_l("最多保存多少 MB 的文件"), _number(1_000_000))


class TokenForm(FlaskForm):
    """A program's token: what it is for."""

    name = StringField(
        _l("给哪个程序用"), [InputRequired(_l("请写明给哪个程序用。")), short(60), _plain_words]
    )
