"""Sentences that `geo` composes in simplified Chinese, said again in the reader's language.

`geo` knows no catalogues, and what it says reaches a page as one finished sentence. Here its form
is recognised, and filled with the numbers found in it.
"""

import re
from typing import Final

from flask_babel import gettext

from tenants.marking import N_

_OR: Final = N_("，或")
_FORMS: Final = {
    re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+?)", re.escape(msgid))): msgid
    for msgid in (
        N_("没有可以接待的中心户：请先为这 %(people)s 人请一户，或由电话联系。"),
        N_("%(people)s 人超过 %(hosts)s 户最多可接待的 %(room)s 人：请再请中心户，或%(ways)s。"),
        N_("%(people)s 人不足一户最少的 %(least)s 人：请%(ways)s。"),
        N_("%(people)s 人无法分成%(bounds)s的组：请%(ways)s。"),
        N_("每户 %(least)s 至 %(most)s 人"),
        N_("合乎各户人数范围"),
        N_("让一户接待 %(people)s 人"),
        N_("让一户只接待 %(people)s 人"),
        N_("让 %(people)s 人改由电话联系"),
        N_("这 %(people)s 人由电话联系"),
        N_("各支部最少人数合计还需 %(wanted)s 人，可安排的只有 %(people)s 人：请调低最少人数。"),
        N_(
            "第 %(number)s 个支部在可达范围内凑不满最少人数(还差 %(lacking)s 人):"
            "请调低最少人数或放宽可达范围。"
        ),
    )
}


def said_again(sentence: str) -> str:
    """The sentence in the reader's language; one of no known form stays as it is."""
    for form, msgid in _FORMS.items():
        found = form.fullmatch(sentence)
        if found:
            parts = {name: _part(value) for name, value in found.groupdict().items()}
            return gettext(msgid) % parts
    return sentence


def _part(value: str) -> str:
    """A number, or several ways out one after the other."""
    return gettext(_OR).join(said_again(way) for way in value.split(_OR))
