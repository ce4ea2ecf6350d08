"""Words for liaisons: why somebody ought to have one, and why one has nobody behind it."""

from flask_babel import lazy_gettext as _l

NEED_WORDS = {"outflow": _l("流出在外"), "inflow": _l("流入，已编入支部")}
GONE_WORDS = {
    "no_standing": _l("已不在这里任职"),
    "left": _l("已转走"),
    "away": _l("自己也外出了"),
    "untraced": _l("自己也联系不上"),
}
VIEW_WORDS = {
    "without": _l("没有联系人的"),
    "loads": _l("各联系人"),
    "branches": _l("支部的联系人"),
}
EVERY: dict[str, object] = {
    "liaison_needs": NEED_WORDS,
    "liaison_gone": GONE_WORDS,
    "liaison_views": VIEW_WORDS,
}
