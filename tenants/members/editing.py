"""Correcting a member's facts with the version one saw. A mismatch shows both facts, no last write.

What a person at the door may correct: phone, exact address, employer. Sealed ones come back masked.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.marking import N_
from tenants.masking import masked
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.members.roster_texts import has_control_characters, read_phone
from tenants.organisations.sealing import Seal, seal_of
from tenants.scope import Scope

LONGEST: Final = {"phone": 80, "address": 200, "employer": 80}
"""Field -> the most signs of it."""
SEALED: Final = {"phone", "address"}


class Changed(Conflict):
    """Somebody changed the member since; `facts`: version, now and yours, field by field."""

    code = "changed"


def edit_member(
    scope: Scope,
    member_id: UUID,
    seen_version: int,
    changes: Mapping[str, str],
    *,
    seen: ColumnElement[bool] | None = None,
) -> int:
    """Keep these fields; answers the member's new version. An empty text takes a fact away.

    Raises NotFound, InvalidInput, Changed when the member is not as it was seen and the facts
    differ. `seen`: which members may be edited, where that is not whom the scope sees today.
    """
    wanted = {field: _read(field, text) for field, text in changes.items()}
    if not wanted:
        raise InvalidInput("没有要改的内容。")
    record = db.session.execute(
        select(Member)
        .where(Member.id == member_id, seen_by(scope) if seen is None else seen)
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    seal = seal_of(scope)
    known = {field: _known(record, seal, field) for field in wanted}
    # What is sealed is told by no answer: with another version, equal or not, both are shown masked.
    may_be_told = record.version == seen_version or not wanted.keys() & SEALED
    if known == wanted and may_be_told:
        return record.version
    if record.version != seen_version:
        raise Changed(
            N_("您改的时候，别人已经改过这位同志的资料。两边的内容都在这里，请选一边。"),
            version=record.version,
            now={field: _shown(field, text) for field, text in known.items()},
            yours={field: _shown(field, text) for field, text in wanted.items()},
        )
    for field, text in wanted.items():
        _keep(record, seal, field, text)
    record.version += 1
    note(scope, "edit_member", "member", member_id, fields=sorted(wanted))
    db.session.flush()
    return record.version


def _read(field: str, text: Any) -> str:
    if field not in LONGEST or not isinstance(text, str):
        raise InvalidInput("只能改电话、住址和工作单位。")
    words = " ".join(text.split())
    if len(words) > LONGEST[field] or has_control_characters(words):
        raise InvalidInput("内容太长，或有看不见的字符，请改过后再试。")
    if field != "phone" or not words:
        return words
    phone = read_phone(words)
    if phone is None:
        raise InvalidInput("这不像一个电话号码。")
    return phone[0]


def _known(record: Member, seal: Seal, field: str) -> str:
    if field == "employer":
        return record.employer
    sealed = record.phone_sealed if field == "phone" else record.address_sealed
    return seal.open(bytes(sealed), record.id, field) if sealed else ""


def _shown(field: str, text: str) -> str:
    """As a list may show it: the end of a phone, whether there is an address."""
    if field == "phone":
        return masked(text)
    if field == "address":
        return "***" if text else ""
    return text


def _keep(record: Member, seal: Seal, field: str, text: str) -> None:
    if field == "employer":
        record.employer = text
    elif field == "phone":
        record.phone_sealed = seal.close(text, record.id, "phone") if text else None
        record.phone_blind = seal.blind(text) if text else None
    else:
        record.address_sealed = seal.close(text, record.id, "address") if text else None
