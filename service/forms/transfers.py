"""A transfer letter to be entered in the register."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional

from tenants.transfers.actions import LetterDraft

_DAY = _l("请填完整的日期。")


class LetterForm(FlaskForm):
    """What stands on the stub. An empty `valid_to` is as long as the rule pack allows."""

    member_id = HiddenField()
    number = StringField(
        _l("编号"), [InputRequired(_l("请填介绍信的编号，不超过 30 个字。")), Length(max=40)]
    )
    destination = StringField(
        _l("去往哪里（到区县）"), [InputRequired(_l("请填到区县。")), Length(max=80)]
    )
    receiver = StringField(
        _l("接收的党组织"), [InputRequired(_l("请填接收的党组织。")), Length(max=80)]
    )
    issued_on = DateField(_l("开具日期"), [InputRequired(_DAY)], default=date.today)
    valid_to = DateField(_l("有效期到"), [Optional()])

    def draft(self, member_id: object) -> LetterDraft:
        """What to enter, after every check said yes."""
        return LetterDraft(
            member_id,  # type: ignore[arg-type]
            self.number.data or "",
            self.destination.data or "",
            self.receiver.data or "",
            self.issued_on.data or date.today(),
            self.valid_to.data,
        )


class AnotherLetterForm(FlaskForm):
    """Another letter in the place of a lost or lapsed one."""

    number = StringField(_l("新的编号"), [InputRequired(), Length(max=40)])
    issued_on = DateField(_l("开具日期"), [InputRequired(_DAY)], default=date.today)
    valid_to = DateField(_l("有效期到"), [Optional()])
