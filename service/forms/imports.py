"""Bringing a roster in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from service.words import SYSTEM_WORDS


class ImportForm(FlaskForm):
    """A file and the coordinate system it is in, which has no default."""

    file = FileField(_l("名册文件"), [FileRequired(_l("请选择一个文件（.xlsx、.xls、.ods 或 .csv）。"))])
    system = RadioField(
        _l("坐标系"),
        choices=[SelectChoice(code, name) for code, (name, _words) in SYSTEM_WORDS.items()],
        validators=[InputRequired(_l("请选择坐标系：同一个点在不同地图上相差几百米。"))],
    )

    def validate_file(self, field: FileField) -> None:
        """What the reader could never take is said before anything is kept."""
        name = (field.data.filename or "").lower() if field.data else ""
        if name and not name.endswith((".csv", ".txt", ".xlsx", ".xls", ".ods")):
            raise ValidationError(
                _l("只能读 .xlsx、.xls、.ods 和 .csv。请在表格软件里另存为其中一种，再选一次。")
            )
