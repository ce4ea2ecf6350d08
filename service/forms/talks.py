"""What may have been said at an address where somebody called."""

from flask_babel import lazy_gettext as _l

OUTCOME_WORDS = {
    "not_home": _l("没人在家"),
    "come_back": _l("约了改天"),
    "no_visit": _l("请不要上门"),
    "not_a_member": _l("不是党员"),
    "prefers_not_to_say": _l("不想说"),
    "declared": _l("是党员，愿意登记"),
}
