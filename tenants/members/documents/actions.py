"""Keeping a document number that somebody entered, or taking it away."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.marking import N_
from tenants.members.documents.rules import Fault, fault_of, plain_number
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.organisations.sealing import seal_of
from tenants.scope import Scope

SENTENCES: Final[dict[Fault, str]] = {
    "form": N_("这不是居民身份证号码：应为 18 位，最后一位可以是 X。没有登记，请核对证件。"),
    "old_form": N_("这是 15 位的旧号码，已经停用。没有登记，请按现在的证件填 18 位。"),
    "lost_digits": N_("表格软件把号码当成了数，末几位已经丢失。没有登记，请按证件重新填写。"),
    "checksum": N_("校验位对不上，号码里有一位写错了。没有登记，请核对证件后再填。"),
}
"""What is said of a number that is not kept; nothing of the number is repeated."""


def keep_document(scope: Scope, member_id: UUID, seen_version: int, text: str) -> bool:
    """Seal the number of a member's document; the caller commits.

    Answers whether somebody else in the register has the same number: then a person looks.
    Raises NotFound, InvalidInput, and Conflict when the member was changed since `seen_version`.
    """
    record, number = _held(scope, member_id), plain_number(text)
    if not number:
        raise InvalidInput("请填证件号码；要去掉已登记的，请按“去掉”。")
    if fault := fault_of(number):
        raise InvalidInput(SENTENCES[fault])
    seal = seal_of(scope)
    _change(record, seen_version, seal.close(number, member_id, "document"), seal.blind(number))
    note(scope, "keep_document", "member", member_id)
    db.session.flush()
    return _also_of_another(scope, record)


def drop_document(scope: Scope, member_id: UUID, seen_version: int) -> None:
    """Take the number away; the caller commits. Raises NotFound, Conflict."""
    _change(_held(scope, member_id), seen_version, None, None)
    note(scope, "drop_document", "member", member_id)


def _held(scope: Scope, member_id: UUID) -> Member:
    record = db.session.execute(
        select(Member).where(Member.id == member_id, seen_by(scope)).with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    return record


def _change(record: Member, seen_version: int, sealed: bytes | None, blind: bytes | None) -> None:
    if record.version != seen_version:
        raise Conflict("您填的时候，别人已经改过这位同志的资料，请看过现在的内容再填。")
    record.document_sealed, record.document_blind = sealed, blind
    record.version += 1


def _also_of_another(scope: Scope, record: Member) -> bool:
    others = select(Member.id).where(
        Member.tenant_id == scope.tenant_id,
        Member.left_on.is_(None),
        Member.id != record.id,
        Member.document_blind == record.document_blind,
    )
    return db.session.execute(others.limit(1)).first() is not None
