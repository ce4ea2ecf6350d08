"""What happened at a visit: one tap for the outcome, everything else may be left as it is."""

from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from service.visit_words import KIND_WORDS, NEXT_STEP_WORDS, TOPIC_WORDS, WISH_WORDS
from tenants.visits.actions import VisitDraft
from tenants.visits.rules import LONGEST_NOTE

DID = {
    "met": ("reached", "visit", _l("见到了")),
    "called": ("reached", "phone", _l("电话联系上")),
    "wrote": ("reached", "message", _l("发消息联系上")),
    "letter": ("reached", "letter", _l("来信回信")),
    "came": ("reached", "activity", _l("来参加了活动")),
    "missed": ("not_reached", "visit", _l("没找到人")),
    "no_answer": ("not_reached", "phone", _l("没接电话")),
    "later": ("postponed", "visit", _l("改日再来")),
}
"""What a person says happened -> outcome, way, words."""
ONE_TAP = ("met", "called", "missed", "later")
"""The buttons on a line; the others are in the list for paper and for the member's page."""
_CHOOSE = _l("请从列出的选项里选。")


class VisitForm(FlaskForm):
    """A visit to one member. `did` is the button that was tapped."""

    did = StringField(_l("结果"), [InputRequired(_CHOOSE), AnyOf(list(DID), message=_CHOOSE)])
    on = DateField(_l("哪一天"), [Optional()])
    kind = SelectField(
        _l("这次是"),
        choices=[SelectChoice(key, words) for key, words in KIND_WORDS.items()],
        default="contact",
        validators=[Optional()],
    )
    topics = SelectMultipleField(
        _l("做了什么"), choices=[SelectChoice(key, words) for key, words in TOPIC_WORDS.items()]
    )
    next_step = SelectField(
        _l("下一步"),
        choices=[SelectChoice(key, words) for key, words in NEXT_STEP_WORDS.items()],
        validators=[Optional()],
    )
    next_on = DateField(_l("约在哪一天"), [Optional()])
    note = StringField(_l("简注"), [Length(max=LONGEST_NOTE)])
    wish = SelectField(
        _l("有事相求"),
        choices=[
            SelectChoice("", _l("没有")),
            *(SelectChoice(key, words) for key, words in WISH_WORDS.items()),
        ],
        validators=[Optional()],
    )

    def draft(self, member_id: UUID, today: date) -> VisitDraft:
        """What to write down, after every check said yes."""
        outcome, way, _words = DID[self.did.data or ""]
        return VisitDraft(
            member_id,
            self.on.data or today,
            outcome=outcome,
            way=way,
            kind=self.kind.data or "contact",
            topics=tuple(self.topics.data or ()),
            next_step=self.next_step.data or "",
            next_on=self.next_on.data,
            note=(self.note.data or "").strip(),
        )
