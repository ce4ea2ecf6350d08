"""When two records may be one person, and which may stand behind the other. Pure.

Source: issue of the ledger, domain REG-2 (duplicate report), REG-12 (two people with one name).
A sign is a reason to look, never a finding: a person says whether they are the same.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

SIGNS: Final = ("document", "phone", "name_and_birth", "name_and_joining")
"""From the stronger to the softer: a document is one person's, one phone is
shared by couples, one name by strangers."""


@dataclass(frozen=True, slots=True)
class Known:
    """What of a record decides about a sign. Precisions: day, month, year, unknown."""

    name: str
    born_on: date | None
    born_precision: str
    joined_on: date | None
    joined_precision: str
    phone_blind: bytes | None
    document_blind: bytes | None = None


def signs(one: Known, other: Known) -> tuple[str, ...]:
    """The signs that two records are one person, strongest first; () where there is none."""
    found = []
    if one.document_blind and one.document_blind == other.document_blind:
        found.append("document")
    if one.phone_blind and one.phone_blind == other.phone_blind:
        found.append("phone")
    if one.name == other.name:
        if _same(one.born_on, one.born_precision, other.born_on, other.born_precision):
            found.append("name_and_birth")
        if _same(one.joined_on, one.joined_precision, other.joined_on, other.joined_precision):
            found.append("name_and_joining")
    return tuple(found)


def _same(one: date | None, precision: str, other: date | None, others: str) -> bool:
    """Equal as far as both are known, to the month at least: a year is shared by too many."""
    if one is None or other is None or {precision, others} & {"unknown", "year"}:
        return False
    if "month" in (precision, others):
        return (one.year, one.month) == (other.year, other.month)
    return one == other
