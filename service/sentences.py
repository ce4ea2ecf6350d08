"""Sentences that were raised or kept in simplified Chinese, put into the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext

from service.computed_sentences import said_again
from service.written import metres
from tenants.errors import WanggeError
from tenants.members.roster_sentences import (
    ALREADY_REGISTERED,
    FILE_SENTENCES,
    KNOWN_SENTENCES,
    REMARK_SENTENCES,
    ROW_SENTENCES,
)

_OF_ROWS = {
    **ROW_SENTENCES,
    **KNOWN_SENTENCES,
    **REMARK_SENTENCES,
    "already_registered": ALREADY_REGISTERED,
}
_OUR_WORDS = {"why", "same"}
"""Values that are words of ours: why a date cannot be, in what two rows agree."""


def attach(app: Flask) -> None:
    app.jinja_env.filters.update(
        translated=translated, roster_fault=roster_fault, opening_fault=opening_fault
    )


def translated(sentence: object) -> str:
    """A whole sentence as it is kept, such as what a job is doing; unknown ones stay as they are."""
    kept = str(sentence or "")
    found = gettext(kept) if kept else ""
    return said_again(kept) if found == kept else found


def told(error: WanggeError) -> str:
    """What an error says, its %(name)s places filled from its facts; '' when it says nothing."""
    sentence = translated(error.msgid)
    return sentence % error.facts if "%(" in sentence else sentence


def roster_fault(line: Mapping[str, Any]) -> str:
    """One line of a roster's check. Lines kept without their values stay in Chinese."""
    sentences = _OF_ROWS if line["row"] else FILE_SENTENCES
    if line["code"] not in sentences or "values" not in line:
        return str(line["sentence"])
    values = dict(line["values"])
    for name in _OUR_WORDS & values.keys():
        values[name] = gettext(values[name])
    if "metres" in values:
        values["distance"] = " " + metres(values["metres"])
    return gettext(sentences[line["code"]]) % values


def opening_fault(fault: Mapping[str, Any]) -> str:
    """One fault of a spreadsheet of tenants."""
    kept = str(fault["sentence"])
    sentence = gettext(kept)
    return sentence % fault["values"] if fault["values"] else sentence
