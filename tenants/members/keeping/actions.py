"""Entering one member, correcting facts, taking somebody out of the register and back again.

Source: domain REG-9 (the facts of the register), REG-11 (who reports in here while the relation
stays at the unit), MOB-7 (changes are told). Nobody is deleted: who is taken out stays in the
history and in the counts of the days before. The caller commits.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import InvalidInput, NoSeat, NotFound
from tenants.members.actions import MemberDraft, enter_members
from tenants.members.holding import held
from tenants.members.keeping.lookups import out_of
from tenants.members.records import LEFT_REASONS, Member
from tenants.members.roster_rows import PartialDate
from tenants.organisations.sealing import seal_of
from tenants.outbox.actions import recount
from tenants.places.actions import give_back_place, take_place
from tenants.scope import Scope

BY_HAND: Final = ("affiliated", "reported_in")
"""Who is entered here; who came from elsewhere is an arrival (`tenants.arrivals`)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in the register from now on. `phone`, `address`: None leaves what is sealed."""

    name: str
    sex: str
    born: PartialDate
    joined: PartialDate
    employer: str
    class_: str
    stage: str
    residence: str
    phone: str | None = None
    address: str | None = None


def enter_by_hand(scope: Scope, draft: MemberDraft) -> UUID:
    """Enter one member; answers the id. Raises InvalidInput for who is an arrival."""
    if draft.affiliation not in BY_HAND:
        raise InvalidInput("从别处来的党员请到“流入党员”里登记。")
    (member_id,) = enter_members(scope, [draft])
    note(scope, "enter_member", "member", member_id, affiliation=draft.affiliation)
    recount(scope)
    return member_id


def correct(scope: Scope, member_id: UUID, seen_version: int, facts: Facts) -> tuple[str, ...]:
    """Keep these facts; answers which of them are new, by name.

    Raises NotFound, and Conflict when the member was changed since `seen_version`.
    """
    record = held(scope, member_id, seen_version)
    changed = {
        name.partition("_")[0]
        for name, value in _columns(facts).items()
        if getattr(record, name) != value
    }
    for name, value in _columns(facts).items():
        setattr(record, name, value)
    changed |= _seal_anew(scope, record, "phone", facts.phone)
    changed |= _seal_anew(scope, record, "address", facts.address)
    if changed:
        record.version += 1
        note(scope, "edit_member", "member", member_id, fields=sorted(changed))
        recount(scope)
    return tuple(sorted(changed))


def take_out(scope: Scope, member_id: UUID, seen_version: int, reason: str, on: date) -> None:
    """Somebody is no longer of this register; their seat becomes free.

    `reason`: one of LEFT_REASONS. Raises NotFound, InvalidInput, Conflict.
    """
    if reason not in LEFT_REASONS:
        raise InvalidInput("请选一个原因。")
    if on > date.today():
        raise InvalidInput("日期还没有到，请填今天或以前的日期。")
    record = held(scope, member_id, seen_version)
    if record.branch_id is not None:
        give_back_place(scope, record.branch_id)
    record.left_on, record.left_reason = on, reason
    record.version += 1
    note(scope, "take_out_member", "member", member_id, reason=reason)
    recount(scope)


def bring_back(scope: Scope, member_id: UUID) -> bool:
    """Undo `take_out`; answers whether there was still a seat for them.

    Without one they stand in the register again without a branch. Raises NotFound.
    """
    record = db.session.execute(
        select(Member).where(out_of(scope), Member.id == member_id).with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    seated = _seat_again(scope, record)
    record.left_on, record.left_reason = None, ""
    record.version += 1
    note(scope, "bring_back_member", "member", member_id)
    recount(scope)
    return seated


def _columns(facts: Facts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "sex": facts.sex,
        "born_on": facts.born.on,
        "born_precision": facts.born.precision,
        "joined_on": facts.joined.on,
        "joined_precision": facts.joined.precision,
        "employer": facts.employer,
        "class_": facts.class_,
        "stage": facts.stage,
        "residence": facts.residence,
    }


def _seal_anew(scope: Scope, record: Member, field: str, text: str | None) -> set[str]:
    """{field} when what is sealed is another text now; None leaves it."""
    if text is None:
        return set()
    seal, sealed = seal_of(scope), getattr(record, f"{field}_sealed")
    if text == (seal.open(bytes(sealed), record.id, field) if sealed else ""):
        return set()
    setattr(record, f"{field}_sealed", seal.close(text, record.id, field) if text else None)
    if field == "phone":
        record.phone_blind = seal.blind(text) if text else None
    return {field}


def _seat_again(scope: Scope, record: Member) -> bool:
    if record.branch_id is None:
        return True
    try:
        take_place(scope, record.branch_id)
    except (NoSeat, NotFound):
        record.branch_id = record.group_id = None
        return False
    return True
