"""Bringing a roster in, and what only a person can say of it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from geo.projected import METRES, PROJECTED
from service.roster_words import CHOICE_WORDS, REASON_WORDS, reading_words, system_name
from service.words import SYSTEM_WORDS
from tenants.members.import_lookups import ImportCard
from tenants.members.import_states import CHOICES

UPLOADED = {
    **SYSTEM_WORDS,
    METRES: (_l("平面坐标"), _l("测绘单位给的、以米为单位的 CGCS2000 坐标")),
}
"""What a roster's coordinates may be: degrees, or metres whose zone is asked for next."""
OTHER = "other"


class ImportForm(FlaskForm):
    """A file and the coordinate system it is in, which has no default."""

    file = FileField(
        _l("名册文件"), [FileRequired(_l("请选择一个文件（.xlsx、.xls、.ods 或 .csv）。"))]
    )
    system = RadioField(
        _l("坐标系"),
        choices=[SelectChoice(code, name) for code, (name, _words) in UPLOADED.items()],
        validators=[InputRequired(_l("请选择坐标系：同一个点在不同地图上相差几百米。"))],
    )

    def validate_file(self, field: FileField) -> None:
        """What the reader could never take is said before anything is kept."""
        name = (field.data.filename or "").lower() if field.data else ""
        if name and not name.endswith((".csv", ".txt", ".xlsx", ".xls", ".ods")):
            raise ValidationError(
                _l("只能读 .xlsx、.xls、.ods 和 .csv。请在表格软件里另存为其中一种，再选一次。")
            )


class SystemForm(FlaskForm):
    """How two columns of numbers are to be read, and on what ground; nothing is chosen before."""

    reading = RadioField(
        _l("按哪一种来读"),
        validators=[InputRequired(_l("请选择按哪一种坐标系来读。"))],
    )
    meridian = SelectField(
        _l("中央经线"),
        choices=[SelectChoice(code, code) for code in PROJECTED],
        validate_choice=False,
    )
    order = SelectField(
        _l("坐标轴"),
        choices=[
            SelectChoice("1", _l("X 列是北、Y 列是东（测绘习惯）")),
            SelectChoice("0", _l("X 列是东、Y 列是北")),
        ],
        validate_choice=False,
    )
    reason = SelectField(
        _l("依据"),
        choices=[
            SelectChoice("", _l("请选择")),
            *(SelectChoice(code, words) for code, words in REASON_WORDS.items()),
        ],
        validators=[InputRequired(_l("请选择依据。"))],
    )

    @classmethod
    def of(cls, card: ImportCard) -> "SystemForm":
        """With the readings that fit this roster, as declared among them."""
        form = cls()
        options = (card.question or {}).get("options", [])
        choices = [SelectChoice(_value(option), reading_words(option)) for option in options]
        form.meridian.choices = [SelectChoice(code, system_name(code)) for code in PROJECTED]
        fault = card.faults[0]["code"] if card.faults else ""
        declared = {"system": card.system, "swapped": bool(card.decisions.get("swapped"))}
        if card.system == METRES or fault == "projected_metres":
            choices.append(SelectChoice(OTHER, _l("其他中央经线，在下面选")))
        elif _value(declared) not in {choice.value for choice in choices}:
            choices.append(SelectChoice(_value(declared), reading_words(declared)))
        form.reading.choices = choices
        return form

    @property
    def system(self) -> str:
        return str(self.meridian.data if self._is_other else self.reading.data.split("/")[0])

    @property
    def swapped(self) -> bool:
        return bool((self.order.data if self._is_other else self.reading.data.split("/")[1]) == "1")

    @property
    def _is_other(self) -> bool:
        return bool(self.reading.data == OTHER)


class AcceptForm(FlaskForm):
    """What becomes of the people the register knows: said for all whom nobody decided one by one."""

    changed = RadioField(
        _l("资料有变化的"),
        choices=[SelectChoice(code, CHOICE_WORDS[code]) for code in CHOICES["changed"]],
        validators=[InputRequired(_l("请选择：更新，还是不动。"))],
    )
    possible = RadioField(
        _l("可能是同一个人的"),
        choices=[SelectChoice(code, CHOICE_WORDS[code]) for code in CHOICES["possible"]],
        validators=[InputRequired(_l("请选择：跳过、新增，还是更新。"))],
    )

    @classmethod
    def of(cls, undecided: dict[str, int]) -> "AcceptForm":
        """Asking only about what there is."""
        form = cls()
        for standing in CHOICES:
            if not undecided.get(standing):
                del form[standing]
        return form

    def said(self) -> dict[str, str]:
        """Standing -> what was chosen, of those that were asked."""
        return {name: self[name].data for name in CHOICES if name in self}


def _value(option: Any) -> str:
    return f"{option['system']}/{int(option['swapped'])}"
