"""Whether a text is the number of a resident identity card. Pure.

Source: GB 11643-1999, ISO 7064 MOD 11-2. Only the sign that checks the others is judged. What the
digits say of a person's birth, sex and place is not looked at, here or anywhere (domain, section
5): a card may say otherwise than its holder, and the register asks people, not numbers.
"""

import re
import unicodedata
from typing import Final, Literal

from tenants import masking

Fault = Literal["", "form", "old_form", "lost_digits", "checksum"]

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_NUMBER: Final = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_OLD_NUMBER: Final = re.compile(r"[1-9]\d{14}", re.ASCII)
# 1.10101199003074E+17, or eighteen digits that end in zeros because a double holds fifteen.
_AS_A_NUMBER: Final = re.compile(r"\d\.\d+E\+1[67]|[1-9]\d{14}000", re.ASCII)
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015\u00b7.'`]+")


def plain_number(text: str) -> str:
    """One form of however it was typed: no spaces or dashes, narrow digits, X large."""
    narrow = unicodedata.normalize("NFKC", text).strip().upper()
    return narrow if "E+" in narrow else _BETWEEN.sub("", narrow)


def looks_like_one(text: str) -> bool:
    """Whether the text is shaped like a number, right or wrong: such a text never travels openly."""
    return _NUMBER.fullmatch(plain_number(text)) is not None


def fault_of(number: str) -> Fault:
    """What speaks against a plain number; '' for nothing.

    A person decides what becomes of a wrong one: it is told of and not kept, never corrected.
    `lost_digits`: a spreadsheet took it for an amount, and its last digits are gone.
    """
    if _OLD_NUMBER.fullmatch(number):
        return "old_form"
    if _AS_A_NUMBER.fullmatch(number) and not _is_right(number):
        return "lost_digits"
    if not _NUMBER.fullmatch(number):
        return "form"
    return "" if _is_right(number) else "checksum"


def masked(number: str) -> str:
    """As a card shows it. The last four are what hotlines ask for, so fewer than that."""
    return masking.masked(number, 2)


def _is_right(number: str) -> bool:
    if not _NUMBER.fullmatch(number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return number[17] == _CHECKS[total % 11]
