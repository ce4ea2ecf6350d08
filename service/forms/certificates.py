"""A step of a certificate, and what its destination entered."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from service.certificate_words import ENTRY_WORDS
from tenants.certificates.actions import Step
from tenants.certificates.rules import HOLDER_LONGEST, NUMBER_LONGEST, SIGNER_LONGEST

_DAY = _l("请填完整的日期。")


class OnForm(FlaskForm):
    """A day, today unless told otherwise."""

    on = DateField(_l("日期"), [InputRequired(_DAY)], default=date.today)


class StepForm(OnForm):
    """Where it goes, when, and what goes with it."""

    state = HiddenField()
    seen = IntegerField(validators=[Optional()])
    number = StringField(_l("编号"), [Length(max=NUMBER_LONGEST)])
    holder = StringField(_l("由哪个组织保管或查看"), [Length(max=HOLDER_LONGEST)])
    pledged = BooleanField(_l("发证时签了责任书"))

    def step(self) -> Step:
        """What to do, after every check said yes."""
        return Step(
            self.state.data or "",
            self.on.data,
            number=self.number.data or "",
            holder=self.holder.data or "",
            pledged=self.pledged.data,
            seen=self.seen.data,
        )


class EntryForm(OnForm):
    """One entry of the destination."""

    what = SelectField(
        _l("记载了什么"),
        choices=[SelectChoice(key, words) for key, words in ENTRY_WORDS.items()],
    )
    signed_by = StringField(_l("流入地谁签的"), [Length(max=SIGNER_LONGEST)])
