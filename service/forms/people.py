"""Handing over: who takes what somebody held."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired


class HandOverForm(FlaskForm):
    """The colleague who takes over."""

    to = SelectField(_l("由谁接手"), [InputRequired(_l("请选择由谁接手。"))])

    def offer(self, others: Mapping[UUID, str]) -> None:
        self.to.choices = [
            SelectChoice("", _l("请选择")),
            *(SelectChoice(str(id_), name) for id_, name in others.items()),
        ]
