"""Words for transfer letters: where each stands, what can be written down, and how long it holds."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from service.written import day
from tenants.transfers.lookups import LetterLine
from tenants.transfers.rules import Stub

STATE_WORDS = {
    "issued": ("wait", _l("已开出，还没有出示")),
    "presented": ("wait", _l("已出示，等回执")),
    "lost": ("bad", _l("已遗失，等补开")),
    "closed": ("good", _l("回执已到，办结")),
    "voided": ("quiet", _l("已作废，另行补开")),
    "withdrawn": ("quiet", _l("本人撤回")),
}
SHOWN_WORDS = {
    "open": _l("没有办结的"),
    "near": _l("快到期的"),
    "lapsed": _l("已过期没有出示的"),
    "all": _l("全部存根"),
}
STEP_WORDS = {
    "present": _l("对方说已出示"),
    "close": _l("回执收到了"),
    "lose": _l("本人报告遗失"),
    "withdraw": _l("本人不转了，交回"),
}
STEP_DONE = {
    "present": _l("已登记出示。"),
    "close": _l("已登记回执，这封介绍信办结。"),
    "lose": _l("已登记遗失。可以作废补开，也可以由本人撤回。"),
    "withdraw": _l("已登记本人撤回。"),
}
MARK_WORDS = {
    "presented": _l("已出示"),
    "lost": _l("已遗失"),
    "closed": _l("已办结"),
    "voided": _l("作废"),
    "withdrawn": _l("已撤回"),
}
"""What is printed across a letter that is no longer to be shown to anybody."""
LAST_STEP_WORDS = {
    "issued": _l("撤销开具（从登记簿删去）"),
    "presented": _l("撤销出示的登记"),
    "lost": _l("撤销遗失的登记"),
    "closed": _l("撤销回执的登记"),
    "withdrawn": _l("撤销撤回的登记"),
}


def expiry(stub: Stub, today: date) -> tuple[str, str]:
    """(badge, words) on how long a letter still holds; ('', '') where nobody waits for that."""
    left = stub.days_left(today)
    if left is None:
        return "", ""
    if left < 0:
        return "bad", _("已过期 %(n)s 天", n=-left)
    if left == 0:
        return "warn", _("今天到期")
    return "warn" if stub.is_near(today) else "quiet", _("还有 %(n)s 天到期", n=left)


def mark(stub: Stub, today: date) -> str:
    """The words across a printed letter; '' only while it is in force and was not shown yet."""
    if stub.has_lapsed(today):
        return _("已过期")
    return str(MARK_WORDS.get(stub.state, ""))


def columns() -> list[str]:
    """Headings of the register as a workbook."""
    return [
        _("编号"),
        _("姓名"),
        _("去往"),
        _("接收的党组织"),
        _("开具"),
        _("有效期到"),
        _("出示日期"),
        _("办结、作废或交回"),
        _("进展"),
    ]


def cells(letters: Iterable[LetterLine], today: date) -> list[list[str]]:
    """A row of texts per letter, under `columns`."""
    return [
        [
            each.number,
            each.name,
            each.destination,
            each.receiver,
            day(each.stub.issued_on),
            day(each.stub.valid_to),
            day(each.stub.presented_on),
            day(each.stub.ended_on),
            " ".join(filter(None, (str(STATE_WORDS[each.state][1]), expiry(each.stub, today)[1]))),
        ]
        for each in letters
    ]


EVERY: dict[str, object] = {
    "letter_states": STATE_WORDS,
    "letter_shown": SHOWN_WORDS,
    "letter_steps": STEP_WORDS,
    "letter_undo": LAST_STEP_WORDS,
    "letter_expiry": expiry,
}
