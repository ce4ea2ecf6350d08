"""Words for redirects: where a leg stands as its side sees it, the reasons and the answers."""

from flask_babel import lazy_gettext as _l

STATE_WORDS = {
    "from": {
        "proposed": ("wait", _l("等对方答复")),
        "accepted": ("warn", _l("对方已接收，等我们同意转出")),
        "correction": ("warn", _l("对方请我们更正")),
        "escalated": ("wait", _l("等县里协调")),
        "released": ("wait", _l("正在转交")),
        "done": ("good", _l("已转出")),
        "withdrawn": ("quiet", _l("已撤回")),
    },
    "to": {
        "proposed": ("warn", _l("等我们答复")),
        "accepted": ("wait", _l("已接收，等对方同意转出")),
        "correction": ("wait", _l("等对方更正")),
        "passed_on": ("quiet", _l("已请另一个社区接收")),
        "escalated": ("quiet", _l("已请县里协调")),
        "delivered": ("wait", _l("正在转交")),
        "done": ("good", _l("已转入")),
        "withdrawn": ("quiet", _l("对方已撤回")),
    },
    "county": {
        "escalated": ("warn", _l("等县里协调")),
        "settled": ("good", _l("已协调")),
        "withdrawn": ("quiet", _l("已不需要协调")),
    },
}
REASON_WORDS = {
    "nearer": _l("那边的支部更近"),
    "no_seat": _l("本社区的支部都已满员"),
    "not_allowed": _l("本社区的支部不能接收这一类党员"),
    "out_of_reach": _l("可及范围内没有本社区的支部"),
    "works_there": _l("在那边工作，愿意在那边参加活动"),
    "moved": _l("已搬到那边居住"),
    "other": _l("其他"),
}
CORRECTION_WORDS = {
    "already_here": _l("本社区名册里可能已有这个人，请核对"),
    "place_unclear": _l("住处或工作地点的位置不清楚"),
    "class_unclear": _l("支部类别不清楚"),
    "identity_unclear": _l("身份还没有核实"),
}
WAY_ON_WORDS = {
    "other_nearer": _l("另一个社区的支部更近"),
    "all_full": _l("本社区的支部都已满员"),
    "not_our_ground": _l("住处和工作地点都不在本社区"),
}
ANSWER_WORDS = CORRECTION_WORDS | WAY_ON_WORDS
EVERY: dict[str, object] = {
    "redirect_states": STATE_WORDS,
    "redirect_reasons": REASON_WORDS,
    "redirect_corrections": CORRECTION_WORDS,
    "redirect_ways_on": WAY_ON_WORDS,
    "redirect_answers": ANSWER_WORDS,
}
