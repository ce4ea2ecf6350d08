"""Issuing transfer letters and writing down what became of them. Nothing happens by itself."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.marking import N_
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.outbox.actions import recount
from tenants.scope import Scope
from tenants.transfers.lookups import is_of, longest_validity, seen_letters, stub_of
from tenants.transfers.records import TransferLetter
from tenants.transfers.rules import (
    OPEN,
    Stub,
    check_dates,
    latest_valid_to,
    stepped,
    undone,
    voided,
)

_NUMBER = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,28}[^\s\x00-\x1f\x7f])?")
HAS_ONE = N_("这位同志还有一封没有办结的介绍信。遗失的请先登记遗失，再补开。")
_ACTS = {
    "present": "present_letter",
    "lose": "lose_letter",
    "close": "close_letter",
    "withdraw": "withdraw_letter",
}


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter to be entered. `valid_to` None: as long as the rule pack allows."""

    member_id: UUID
    number: str
    destination: str
    receiver: str
    issued_on: date
    valid_to: date | None = None


def issue(scope: Scope, draft: LetterDraft, today: date) -> UUID:
    """Enter a letter in the register; answers its id.

    Raises NotFound for a member one may not see, Conflict for one who has an open letter or whose
    relation is not here, and for a number that was used before; InvalidInput for what cannot be.
    """
    affiliation = db.session.execute(
        select(Member.affiliation)
        .where(seen_by(scope), Member.id == draft.member_id)
        .with_for_update(of=Member)
    ).scalar_one_or_none()
    if affiliation is None:
        raise NotFound
    if affiliation != "affiliated":
        raise Conflict("这位同志的组织关系不在本单位，不能从这里开介绍信。")
    letter_id = _enter(scope, draft, today)
    another = select(TransferLetter.id).where(
        TransferLetter.tenant_id == scope.tenant_id,
        TransferLetter.id != letter_id,
        is_of(scope, draft.member_id),
        TransferLetter.state.in_(OPEN),
    )
    if db.session.execute(another).first():
        raise Conflict(HAS_ONE)
    note(scope, "issue_letter", "member", draft.member_id, letter=str(letter_id))
    recount(scope)
    return letter_id


def step(scope: Scope, letter_id: UUID, act: str, on: date, today: date) -> None:
    """Write one step down: `present`, `lose`, `close` (the receipt came back) or `withdraw`.

    Raises NotFound, Conflict when the letter is past that, InvalidInput for a day that cannot be.
    """
    record = _held(scope, letter_id)
    _keep(scope, record, stepped(stub_of(record), act, on, today))
    note(scope, _ACTS[act], "member", record.member_id, letter=str(letter_id))
    recount(scope)


def replace(
    scope: Scope, letter_id: UUID, number: str, on: date, valid_to: date | None, today: date
) -> UUID:
    """Void a lost or lapsed letter and issue another to the same place; answers the new one's id."""
    record = _held(scope, letter_id)
    _keep(scope, record, voided(stub_of(record), on, today))
    draft = LetterDraft(record.member_id, number, record.destination, record.receiver, on, valid_to)
    new = _enter(scope, draft, today, replaces=letter_id)
    note(
        scope, "replace_letter", "member", record.member_id, letter=str(new), voided=str(letter_id)
    )
    recount(scope)
    return new


def undo(scope: Scope, letter_id: UUID) -> UUID | None:
    """Take the last step back; answers where that leads: this letter, the one before, or nowhere.

    Undoing the issue takes the letter out of the register, and its number is free again; the one
    it replaced is as it was. Raises Conflict for a letter in whose place another was issued.
    """
    record = _held(scope, letter_id)
    member_id, replaces_id = record.member_id, record.replaces_id
    if record.state == "voided":
        raise Conflict("这封已经作废补开。要恢复它，请撤销补开的那一封。")
    before = undone(stub_of(record))
    if before is not None:
        _refuse_second(scope, record, before)
        _keep(scope, record, before)
    else:
        db.session.delete(record)
        db.session.flush()
        if replaces_id is not None:
            old = _held(scope, replaces_id)
            restored = undone(stub_of(old))
            assert restored is not None
            _keep(scope, old, restored)
    note(scope, "undo_letter", "member", member_id, letter=str(letter_id))
    recount(scope)
    return letter_id if before is not None else replaces_id


def _enter(scope: Scope, draft: LetterDraft, today: date, replaces: UUID | None = None) -> UUID:
    rule = longest_validity(scope, draft.issued_on)
    longest = rule.value if rule else None
    valid_to = draft.valid_to or latest_valid_to(draft.issued_on, longest)
    if valid_to is None:
        raise InvalidInput("规则包没有规定有效期，请填有效期到哪一天。")
    check_dates(draft.issued_on, valid_to, longest, today)
    number = _number(draft.number)
    destination, receiver = draft.destination.strip()[:80], draft.receiver.strip()[:80]
    if not destination or not receiver:
        raise InvalidInput("请填去往哪里（到区县）和接收的党组织。")
    entered = db.session.execute(
        insert(TransferLetter)
        .values(
            id=new_id(),
            member_id=draft.member_id,
            number=number,
            destination=destination,
            receiver=receiver,
            issued_on=draft.issued_on,
            valid_to=valid_to,
            replaces_id=replaces,
            said_by=scope.person_id,
        )
        .on_conflict_do_nothing()
        .returning(TransferLetter.id)
    ).scalar_one_or_none()
    if entered is None:
        _say_why(scope, number)
    return entered  # type: ignore[return-value]


def _say_why(scope: Scope, number: str) -> None:
    used = select(TransferLetter.id).where(
        TransferLetter.tenant_id == scope.tenant_id, TransferLetter.number == number
    )
    if db.session.execute(used).first():
        raise Conflict("编号 %(number)s 已经用过。一个编号只能开一封，请核对存根。", number=number)
    raise Conflict(HAS_ONE)


def _refuse_second(scope: Scope, record: TransferLetter, before: Stub) -> None:
    """A letter cannot come back to life beside another open one of the same member."""
    if record.state in OPEN or not before.is_open:
        return
    # Held, so that nobody issues another meanwhile.
    whose = select(Member.id).where(
        Member.tenant_id == scope.tenant_id, Member.id == record.member_id
    )
    db.session.execute(whose.with_for_update())
    other = select(TransferLetter.id).where(
        TransferLetter.tenant_id == scope.tenant_id,
        TransferLetter.member_id == record.member_id,
        TransferLetter.id != record.id,
        TransferLetter.state.in_(OPEN),
    )
    if db.session.execute(other).first():
        raise Conflict("这位同志后来又开了一封介绍信，这一封不能再恢复。")


def _keep(scope: Scope, record: TransferLetter, stub: Stub) -> None:
    record.state = stub.state
    record.presented_on, record.lost_on = stub.presented_on, stub.lost_on
    record.ended_on, record.said_by = stub.ended_on, scope.person_id
    db.session.flush()


def _held(scope: Scope, letter_id: UUID) -> TransferLetter:
    record = db.session.execute(
        select(TransferLetter)
        .join(
            Member,
            (Member.tenant_id == TransferLetter.tenant_id)
            & (Member.id == TransferLetter.member_id),
        )
        .where(seen_letters(scope), TransferLetter.id == letter_id)
        .with_for_update(of=TransferLetter)
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    return record


def _number(written: str) -> str:
    """The number as the register compares it: full-width signs and doubled spaces make no other."""
    number = " ".join(unicodedata.normalize("NFKC", written).split())
    if not _NUMBER.fullmatch(number):
        raise InvalidInput("请填介绍信的编号，不超过 30 个字。")
    return number
