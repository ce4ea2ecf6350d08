"""Questions to the register of transfer letters. Whoever asks is answered for whom they may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from tenants.database import db
from tenants.errors import NotFound
from tenants.members.duplicates.records import MemberLink
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.calendar import Term
from tenants.mobility.lookups import chosen_pack
from tenants.mobility.pack import Rule
from tenants.scope import Scope
from tenants.transfers.records import TransferLetter
from tenants.transfers.rules import NEAR_DAYS, OPEN, Stub, near_until

PAGE: Final = 100
SHOWN: Final = ("open", "near", "lapsed", "all")
"""What the register can be narrowed to; `near` and `lapsed` are letters not presented yet."""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter with whom it is of. `here`: the member still stands in the register.

    `replaces`, `replaced_by`: number and id of the letter before and after it, None where none is.
    """

    id: UUID
    member_id: UUID
    name: str
    here: bool
    number: str
    destination: str
    receiver: str
    stub: Stub
    said_by: UUID | None
    replaces: tuple[UUID, str] | None = None
    replaced_by: tuple[UUID, str] | None = None

    @property
    def state(self) -> str:
        return self.stub.state


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """How many letters the scope may see in each of SHOWN."""

    open: int
    near: int
    lapsed: int
    all: int


def letters(
    scope: Scope,
    day: date,
    *,
    show: str = "open",
    within: int = NEAR_DAYS,
    words: str = "",
    after: UUID | None = None,
    limit: int = PAGE,
) -> list[LetterLine]:
    """Letters after `after`, whoever lapses first on top; `all` has the newest on top.

    `words`: part of a number or a name.
    """
    question = _question().where(seen_letters(scope), *_narrowed(show, day, within))
    if words:
        question = question.where(
            or_(
                TransferLetter.number.contains(words, autoescape=True),
                Member.name.contains(words, autoescape=True),
            )
        )
    newest = show == "all"
    first = TransferLetter.issued_on if newest else TransferLetter.valid_to
    if after is not None:
        place = select(first, TransferLetter.id).where(
            TransferLetter.tenant_id == scope.tenant_id, TransferLetter.id == after
        )
        last = db.session.execute(place).one_or_none()
        if last is None:
            raise NotFound
        here = tuple_(first, TransferLetter.id)
        question = question.where(here < tuple_(*last) if newest else here > tuple_(*last))
    order = (first.desc(), TransferLetter.id.desc()) if newest else (first.asc(), TransferLetter.id)
    return [_line(row) for row in db.session.execute(question.order_by(*order).limit(limit))]


def letter(scope: Scope, letter_id: UUID) -> LetterLine:
    """One letter. Raises NotFound."""
    row = db.session.execute(
        _question().where(seen_letters(scope), TransferLetter.id == letter_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _line(row)


def letters_of(scope: Scope, member_id: UUID) -> list[LetterLine]:
    """One member's letters, newest first; those of records that stand behind theirs too."""
    seen = select(Member.id).where(seen_by(scope), Member.id == member_id)
    if db.session.execute(seen).scalar_one_or_none() is None:
        return []
    rows = db.session.execute(
        _question()
        .where(TransferLetter.tenant_id == scope.tenant_id, is_of(scope, member_id))
        .order_by(TransferLetter.issued_on.desc(), TransferLetter.id.desc())
    )
    return [_line(row) for row in rows]


def is_of(scope: Scope, member_id: UUID) -> ColumnElement[bool]:
    """Letters of a member, and of the records linked to be the same person's."""
    behind = select(MemberLink.merged_id).where(
        MemberLink.tenant_id == scope.tenant_id,
        MemberLink.kept_id == member_id,
        MemberLink.unlinked_at.is_(None),
    )
    return or_(TransferLetter.member_id == member_id, TransferLetter.member_id.in_(behind))


def letter_counts(scope: Scope, day: date, within: int = NEAR_DAYS) -> LetterCounts:
    """What the tabs of the register say."""
    filtered = [
        func.count().filter(and_(True, *_narrowed(show, day, within))).label(show) for show in SHOWN
    ]
    row = db.session.execute(
        select(*filtered)
        .select_from(TransferLetter)
        .join(Member, _OF_MEMBER)
        .where(seen_letters(scope))
    ).one()
    return LetterCounts(**row._mapping)


def longest_validity(scope: Scope, day: date) -> Rule[Term] | None:
    """How long a letter may hold by the tenant's rule pack; None where the pack is silent."""
    return chosen_pack(scope, day).pack.letter_valid_for


def seen_letters(scope: Scope) -> ColumnElement[bool]:
    """Letters of members the scope may see; an administrator keeps the stubs of those who left."""
    own = TransferLetter.tenant_id == scope.tenant_id
    if scope.sees_only_own_cells or scope.role == "branch_officer":
        return and_(own, seen_by(scope))
    return own


def _narrowed(show: str, day: date, within: int) -> list[ColumnElement[bool]]:
    unpresented = TransferLetter.state == "issued"
    if show == "near":
        return [unpresented, TransferLetter.valid_to.between(day, near_until(day, within))]
    if show == "lapsed":
        return [unpresented, TransferLetter.valid_to < day]
    return [TransferLetter.state.in_(OPEN)] if show == "open" else []


_BEFORE: Any = aliased(TransferLetter)
_NEXT: Any = aliased(TransferLetter)
_OF_MEMBER = and_(
    Member.tenant_id == TransferLetter.tenant_id, Member.id == TransferLetter.member_id
)


def _question() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TransferLetter,
            Member.name,
            Member.left_on.is_(None),
            _BEFORE.id,
            _BEFORE.number,
            _NEXT.id,
            _NEXT.number,
        )
        .join(Member, _OF_MEMBER)
        .outerjoin(
            _BEFORE,
            and_(
                _BEFORE.tenant_id == TransferLetter.tenant_id,
                _BEFORE.id == TransferLetter.replaces_id,
            ),
        )
        .outerjoin(
            _NEXT,
            and_(
                _NEXT.tenant_id == TransferLetter.tenant_id, _NEXT.replaces_id == TransferLetter.id
            ),
        )
    )


def _line(row: Any) -> LetterLine:
    record, name, here, before_id, before, next_id, next_ = row
    return LetterLine(
        record.id,
        record.member_id,
        name,
        here,
        record.number,
        record.destination,
        record.receiver,
        stub_of(record),
        record.said_by,
        (before_id, before) if before_id else None,
        (next_id, next_) if next_id else None,
    )


def stub_of(record: TransferLetter) -> Stub:
    """A record as the rules see it."""
    return Stub(
        record.state,
        record.issued_on,
        record.valid_to,
        record.presented_on,
        record.lost_on,
        record.ended_on,
    )


def suggested_valid_to(scope: Scope, issued_on: date) -> date | None:
    """The last day of a letter issued then, by the rule pack; None: the person enters it."""
    rule = longest_validity(scope, issued_on)
    return rule.value.after(issued_on) if rule else None
