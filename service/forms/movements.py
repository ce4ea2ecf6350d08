"""Leaving, a later word on returning, coming back, and a person's word on the class."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from service.movement_words import CLASS_WORDS, MOVE_WORDS
from tenants.mobility.actions import Departure
from tenants.mobility.rules import OVERRIDES
from tenants.mobility.said import ACTIVITIES, REASONS, is_too_exact

FIXED = {"yes": True, "no": False, "": None}
_DAY = _l("请填完整的日期。")
_MONTH = _l("请填 1 到 12 的月份，或留空。")


_HOW_WELL = [
    SelectChoice("day", _l("这一天")),
    SelectChoice("month", _l("只知道这个月")),
    SelectChoice("year", _l("只知道这一年")),
]


def moves(kept: Iterable[str]) -> list[SelectChoice]:
    """A choice of reasons or activities that may stay empty."""
    return [SelectChoice("", _l("不填")), *(SelectChoice(each, MOVE_WORDS[each]) for each in kept)]


def how_well(label: str) -> SelectField:
    """How well a day is known: people who only know the month need not invent a day."""
    return SelectField(label, choices=_HOW_WELL, default="day", validators=[Optional()])


def _month(label: str) -> IntegerField:
    return IntegerField(label, [Optional(), NumberRange(1, 12, message=_MONTH)])


class DepartureForm(FlaskForm):
    """The five facts of a departure (REG-3): reason, place, time, activity and contact."""

    member_id = HiddenField()
    started_on = DateField(_l("外出日期"), [InputRequired(_DAY)])
    started_precision = how_well(_l("外出日期准到哪里"))
    planned_until = DateField(_l("预计返回"), [Optional()])
    planned_precision = how_well(_l("预计返回准到哪里"))
    other_place = StringField(_l("去哪里"), [Length(max=80)])
    reason = SelectField(
        _l("为什么外出"),
        choices=moves(REASONS),
        validators=[Optional()],
    )
    fixed = RadioField(
        _l("地点或单位"),
        choices=[
            SelectChoice("yes", _l("固定")),
            SelectChoice("no", _l("不固定")),
            SelectChoice("", _l("不知道")),
        ],
        default="",
        validators=[Optional()],
    )
    season_first = _month(_l("每年从几月"))
    season_last = _month(_l("到几月"))
    reported_on = DateField(_l("本人报告的日期"), [Optional()])
    activity = SelectField(
        _l("去做什么"),
        choices=moves(ACTIVITIES),
        validators=[Optional()],
    )
    contact = StringField(_l("外出期间怎么联系"), [Length(max=60)])
    employer = RadioField(
        _l("那边的单位有没有党组织"),
        choices=[
            SelectChoice("yes", _l("有")),
            SelectChoice("no", _l("没有")),
            SelectChoice("", _l("不知道")),
        ],
        default="",
        validators=[Optional()],
    )

    def validate_other_place(self, field: StringField) -> None:
        if is_too_exact(field.data or ""):
            raise ValidationError(_("只写到区县，不要写门牌或电话；电话写在“外出期间怎么联系”里。"))

    def departure(self, member_id: object) -> Departure:
        """What to write down, after every check said yes."""
        return Departure(
            member_id=member_id,  # type: ignore[arg-type]
            started_on=self.started_on.data,
            started_precision=self.started_precision.data or "day",
            planned_until=self.planned_until.data,
            planned_precision=self.planned_precision.data or "day",
            reason=self.reason.data or "",
            other_place=(self.other_place.data or "").strip(),
            fixed=FIXED[self.fixed.data or ""],
            season_first=self.season_first.data,
            season_last=self.season_last.data,
            reported_on=self.reported_on.data,
            activity=self.activity.data or "",
            contact=(self.contact.data or "").strip(),
            employer_has_organisation=FIXED[self.employer.data or ""],
        )


class DayForm(FlaskForm):
    """One day: of a return, of a talk, of the return now expected."""

    on = DateField(_l("日期"), [InputRequired(_DAY)])
    precision = how_well(_l("日期准到哪里"))


class ClassForm(FlaskForm):
    """A person's word over the derived class, and why."""

    name = SelectField(
        _l("类别"),
        choices=[
            SelectChoice("", _l("按规则")),
            *(SelectChoice(each, CLASS_WORDS[each][1]) for each in OVERRIDES),
        ],
        validators=[Optional()],
    )
    reason = StringField(_l("理由"), [Length(max=120)])
