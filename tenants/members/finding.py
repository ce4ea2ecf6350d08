"""One box for whoever is looked for: a part of a name, a building, or a whole number.

A telephone's or a document's number is looked up by its blind value and only where the caller says that it did not travel in
an address: addresses are written into logs.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Select, false, select, text, union
from sqlalchemy.orm import aliased

from tenants.database import db
from tenants.members.documents.rules import looks_like_one, plain_number
from tenants.members.records import Member
from tenants.organisations.sealing import seal_of
from tenants.places.address_lookups import candidates_of, named_buildings
from tenants.places.addresses import Candidate
from tenants.scope import Scope

_PHONE: Final = re.compile(r"[\d\s()\-\u2010-\u2015\uff08\uff09\uff0b+]+")
_LEAST_DIGITS: Final = 7
_OTHER: Final = aliased(Member)


def is_phone(words: str) -> bool:
    """Whether the words are a telephone number: digits enough, and nothing but."""
    digits = sum(sign.isdigit() for sign in words)
    return digits >= _LEAST_DIGITS and _PHONE.fullmatch(words.strip()) is not None


def is_number(words: str) -> bool:
    """Whether the words are a telephone's or a document's number, which no address may carry."""
    return is_phone(words) or looks_like_one(words)


def matching(
    scope: Scope,
    words: str,
    *,
    phones: bool = False,
    candidates: Sequence[Candidate] | None = None,
) -> ColumnElement[bool]:
    """The condition that a member is meant. Without `phones` a number finds nobody.

    `candidates`: the buildings that the words may mean, where the caller has asked already.
    """
    words = words.strip()
    if is_number(words):
        if not phones:
            return false()
        if looks_like_one(words):
            # To be found by it is to be told it: with a birth date few numbers are left to try.
            if not scope.may_know_documents:
                return false()
            return Member.document_blind == seal_of(scope).blind(plain_number(words))
        digits = "".join(str(int(sign)) for sign in words if sign.isdigit())
        return Member.phone_blind == seal_of(scope).blind(digits[-11:])
    # A plan that suits all words suits none: 王 is found at once, a whole name after a full scan.
    db.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    # Ids first and apart, so that `ix_member_find` answers without opening a row: told of the
    # page's few lines, the planner would rather open every row in the hope of an early end.
    found: Select[Any] | CompoundSelect[Any] = _own(scope).where(
        _OTHER.name.contains(words, autoescape=True)
    )
    if candidates is None:
        candidates, _one = candidates_of(scope, words)
    homes = named_buildings(scope, candidates)
    if homes:
        found = union(found, _own(scope).where(_OTHER.home_building_id.in_(homes)))
    apart = found.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return Member.id.in_(select(apart.c.id))


def _own(scope: Scope) -> Select[Any]:
    return select(_OTHER.id).where(_OTHER.tenant_id == scope.tenant_id, _OTHER.left_on.is_(None))
