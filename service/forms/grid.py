"""Starting a draft, asking for a balanced one, one cell as text, and cells in a file."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from service.words import SYSTEM_WORDS

_NAME = _l("请填名字，最多 60 个字。")
_DAY = _l("请选一天。")
_PEOPLE = _l("请填 0 到 100000 之间的整数。")


class DraftForm(FlaskForm):
    """What `start_draft` takes."""

    name = StringField(
        _l("草稿的名字"), validators=[InputRequired(_NAME), Length(max=60, message=_NAME)]
    )
    effective_on = DateField(_l("生效的日子"), default=date.today, validators=[InputRequired(_DAY)])
    begin = RadioField(
        _l("从哪里画起"),
        choices=[
            SelectChoice("today", _l("从今天的网格改起")),
            SelectChoice("empty", _l("从空白画起")),
        ],
        default="today",
    )


class BalanceForm(FlaskForm):
    """What `ask_for_balance` takes."""

    name = StringField(
        _l("草稿的名字"), validators=[InputRequired(_NAME), Length(max=60, message=_NAME)]
    )
    effective_on = DateField(_l("生效的日子"), default=date.today, validators=[InputRequired(_DAY)])
    fewest = IntegerField(
        _l("每个网格最少几人"),
        validators=[InputRequired(_PEOPLE), NumberRange(0, 100_000, _PEOPLE)],
    )
    most = IntegerField(
        _l("每个网格最多几人"),
        validators=[InputRequired(_PEOPLE), NumberRange(1, 100_000, _PEOPLE)],
    )


class CellForm(FlaskForm):
    """A cell by its words; the shape as GeoJSON where a map cannot be used."""

    code = StringField(
        _l("编号"),
        validators=[InputRequired(_l("请填编号。")), Length(max=20, message=_l("最多 20 个字。"))],
    )
    name = StringField(_l("名称"), validators=[Length(max=60, message=_l("最多 60 个字。"))])
    group = SelectField(_l("负责的党小组"), validators=[Optional()], validate_choice=False)
    shape = TextAreaField(_l("形状（GeoJSON）"), validators=[Optional()])


class CellsFileForm(FlaskForm):
    """Cells out of a file, in a system that the person names."""

    file = FileField(_l("文件"), validators=[FileRequired(_l("请选一个文件。"))])
    system = RadioField(
        _l("坐标系"),
        choices=[SelectChoice(code, name) for code, (name, _words) in SYSTEM_WORDS.items()],
        validators=[InputRequired(_l("请选择坐标系：同一个点在不同地图上相差几百米。"))],
        validate_choice=True,
    )
    instead = RadioField(
        _l("草稿里已有的网格"),
        choices=[
            SelectChoice("", _l("留下，编号相同的换成文件里的")),
            SelectChoice("1", _l("全部换成文件里的")),
        ],
        default="",
    )
