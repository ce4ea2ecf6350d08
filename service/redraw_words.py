"""What a redraw means for somebody, in words."""

from flask_babel import lazy_gettext as _l

DRAFT_STATE_WORDS = {
    "draft": ("wait", _l("正在画")),
    "proposed": ("warn", _l("已提交，待批准")),
    "approved": ("good", _l("已批准")),
    "withdrawn": ("quiet", _l("已撤回")),
    "undone": ("quiet", _l("批准已撤销")),
}
DIFFERS_WORDS = {
    "same": ("quiet", _l("不变")),
    "renamed": ("wait", _l("换了编号或名称")),
    "changed": ("warn", _l("边线有变")),
    "new": ("warn", _l("新的网格")),
}
REASON_WORDS = {
    "divided": _l("住处所在的一块划给了别的网格"),
    "new_cell": _l("住处划进了新的网格"),
    "given_up": _l("原来的网格并入了别的网格"),
    "left_out": _l("住处不再属于任何网格"),
    "no_cell_yet": _l("住处原来不在任何网格里"),
    "open_arrival": _l("正在办理编入支部，办完以前仍由原网格长负责"),
    "open_redirect": _l("正在转到别的社区，办完以前仍由原网格长负责"),
    "open_request": _l("有求助还没有办结，办结以前仍由原网格长负责"),
}
"""Reason of a line -> the sentence."""
