"""Words for activity certificates: where one is, what a step is called, what was entered."""

from flask_babel import lazy_gettext as _l

STATE_WORDS = {
    "requested": ("wait", _l("申领中")),
    "issued": ("good", _l("已发")),
    "presented": ("good", _l("已向流入地出示")),
    "held": ("good", _l("由流入地保管")),
    "returned": ("warn", _l("已交回，待查验")),
    "checked": ("wait", _l("已查验，待注销")),
    "closed": ("quiet", _l("已注销")),
    "lost": ("bad", _l("已报失")),
    "void": ("quiet", _l("已作废")),
}
STEP_WORDS = {
    "issued": _l("发证"),
    "presented": _l("登记已出示"),
    "held": _l("登记交流入地保管"),
    "returned": _l("登记交回"),
    "checked": _l("查验完毕"),
    "closed": _l("注销"),
    "lost": _l("登记遗失"),
    "void": _l("作废"),
}
"""The button that takes a certificate to a state."""
ENTRY_WORDS = {"activity": _l("参加了活动"), "dues": _l("交了党费")}
EVERY: dict[str, object] = {
    "certificate_states": STATE_WORDS,
    "certificate_steps": STEP_WORDS,
    "certificate_entries": ENTRY_WORDS,
}
