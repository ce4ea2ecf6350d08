"""What pages and tablets say of visits, duties and wishes; the facts come from `tenants.visits`."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from service.sentences import translated
from service.written import day
from tenants.visits.rules import Due

KIND_WORDS = {
    "contact": _l("联系"),
    "return_visit": _l("回访"),
    "certificate_check": _l("查验活动证"),
    "care": _l("慰问"),
    "report": _l("本人汇报"),
}
OUTCOME_WORDS = {
    "reached": ("good", _l("联系上了")),
    "not_reached": ("wait", _l("没找到人")),
    "postponed": ("wait", _l("改日再来")),
}
WAY_WORDS = {
    "visit": _l("上门"),
    "phone": _l("电话"),
    "message": _l("短信或微信"),
    "letter": _l("信件"),
    "meeting": _l("见面"),
    "activity": _l("活动中"),
}
TOPIC_WORDS = {
    "news": _l("传达了通知"),
    "study": _l("送了学习材料"),
    "opinions": _l("听了意见"),
    "work": _l("说了工作"),
    "family": _l("看望了家里"),
    "dues": _l("说了党费"),
    "activities": _l("说了活动"),
}
NEXT_STEP_WORDS = {
    "": _l("没有"),
    "call": _l("再打电话"),
    "visit": _l("再上门"),
    "bring": _l("送东西来"),
    "ask_branch": _l("问支部"),
}
SOURCE_WORDS = {"tablet": _l("平板"), "page": _l("网页"), "paper": _l("按纸补录")}
DUE_WORDS = {
    "first_contact": _l("首次联系"),
    "contact": _l("定期联系"),
    "certificate_check": _l("查验活动证"),
    "return_visit": _l("返回谈话"),
    "promised": _l("约好的"),
    "first_talk": _l("首谈"),
}
DUE_STATE_WORDS = {
    "overdue": ("bad", _l("已过期")),
    "today": ("warn", _l("今天到期")),
    "soon": ("wait", _l("快到期")),
}
WISH_WORDS = {
    "job": _l("找工作"),
    "training": _l("技能培训"),
    "business": _l("经营"),
    "housing": _l("住房"),
    "schooling": _l("孩子上学"),
    "rights": _l("维权"),
    "procedure": _l("办手续"),
    "other": _l("其他"),
}
WISH_STATE_WORDS = {
    "received": ("warn", _l("已收到")),
    "answered_at_once": ("good", _l("当场答复")),
    "under_study": ("wait", _l("正在研究")),
    "answered": ("good", _l("已答复")),
    "confirmed": ("good", _l("本人已确认")),
    "closed": ("quiet", _l("已办结")),
}


def why(due: Due) -> str:
    """The one sentence that says why, with the clause it comes from."""
    facts = {name: day(v) if isinstance(v, date) else v for name, v in due.facts.items()}
    said = translated(due.why) % facts
    if due.source is None:
        return said
    ended = said.rstrip("。.")
    return _(
        "%(said)s（依据：%(clause)s“%(quotation)s”）。",
        said=ended,
        clause=due.source.clause,
        quotation=due.source.quotation,
    )


def age(on: date) -> str:
    """How long ago a day was: 今天, 3 天."""
    days = (date.today() - on).days
    return _("今天") if days <= 0 else _("%(n)s 天", n=days)


def due_told(due: Due) -> dict[str, Any]:
    """A duty as a tablet shows it without asking anybody: words included."""
    sign, state = DUE_STATE_WORDS[due.state]
    return {
        "kind": due.kind,
        "title": str(DUE_WORDS[due.kind]),
        "state": due.state,
        "state_title": str(state),
        "state_sign": sign,
        "due_on": due.due_on.isoformat(),
        "why": why(due),
    }


def choices() -> dict[str, list[dict[str, str]]]:
    """Everything a tablet offers to tap, with its words in the reader's language."""
    tables: dict[str, dict[str, Any]] = {
        "kinds": KIND_WORDS,
        "outcomes": {key: word for key, (_sign, word) in OUTCOME_WORDS.items()},
        "ways": WAY_WORDS,
        "topics": TOPIC_WORDS,
        "next_steps": NEXT_STEP_WORDS,
        "wishes": WISH_WORDS,
    }
    return {
        name: [{"value": value, "words": str(words)} for value, words in table.items()]
        for name, table in tables.items()
    }
