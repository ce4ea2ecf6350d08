"""Questions to the register. A grid leader is answered for their own cells only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tenants.database import db
from tenants.errors import NotFound
from tenants.grid.lookups import in_my_cells, stays_in_my_cells
from tenants.masking import masked
from tenants.members.documents import rules as documents
from tenants.members.finding import matching
from tenants.members.records import Member
from tenants.organisations.sealing import seal_of
from tenants.places.addresses import Candidate
from tenants.places.buildings_lookups import building_titles
from tenants.scope import Scope

PAGE = 50


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member as a list shows them."""

    id: UUID
    name: str
    sex: str
    affiliation: str
    residence: str
    branch_id: UUID | None
    group_id: UUID | None
    class_: str
    home_building_id: UUID | None


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A member as a card shows them; the phone is masked to its last four digits.

    `masked_document`: the last two signs, and nothing to whoever has no use for it.
    `home_building`: compound and building they live in, '' where none was chosen.
    """

    id: UUID
    name: str
    sex: str
    born_on: date | None
    born_precision: str
    joined_on: date | None
    joined_precision: str
    masked_phone: str
    masked_document: str
    has_address: bool
    employer: str
    class_: str
    stage: str
    affiliation: str
    residence: str
    home: tuple[float, float] | None
    home_precision: str
    home_building: str
    work: tuple[float, float] | None
    work_precision: str
    branch_id: UUID | None
    group_id: UUID | None
    version: int


def members(
    scope: Scope,
    *,
    words: str = "",
    affiliation: str = "",
    branch_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE,
    phones: bool = False,
    candidates: Sequence[Candidate] | None = None,
) -> list[MemberLine]:
    """Members of the register by id after `after`, `limit` at most.

    `words`: part of a name or a building; with `phones` also a whole phone or document number.
    `candidates`: the buildings that the words may mean, where the caller has asked already.
    """
    question = select(
        Member.id,
        Member.name,
        Member.sex,
        Member.affiliation,
        Member.residence,
        Member.branch_id,
        Member.group_id,
        Member.class_,
        Member.home_building_id,
    ).where(seen_by(scope))
    if words:
        question = question.where(matching(scope, words, phones=phones, candidates=candidates))
    if affiliation:
        question = question.where(Member.affiliation == affiliation)
    if branch_id is not None:
        question = question.where(Member.branch_id == branch_id)
    if after is not None:
        question = question.where(Member.id > after)
    rows = db.session.execute(question.order_by(Member.id).limit(limit))
    return [MemberLine(*row) for row in rows]


def member_card(scope: Scope, member_id: UUID) -> MemberCard:
    """One member. Raises NotFound, also for a leader whose cells do not hold them."""
    record = db.session.execute(
        select(
            Member,
            func.ST_X(Member.home),
            func.ST_Y(Member.home),
            func.ST_X(Member.work),
            func.ST_Y(Member.work),
        ).where(seen_by(scope), Member.id == member_id)
    ).one_or_none()
    if record is None:
        raise NotFound
    member, home_lon, home_lat, work_lon, work_lat = record
    return MemberCard(
        id=member.id,
        name=member.name,
        sex=member.sex,
        born_on=member.born_on,
        born_precision=member.born_precision,
        joined_on=member.joined_on,
        joined_precision=member.joined_precision,
        masked_phone=_masked_phone(scope, member),
        masked_document=_masked_document(scope, member),
        has_address=member.address_sealed is not None,
        employer=member.employer,
        class_=member.class_,
        stage=member.stage,
        affiliation=member.affiliation,
        residence=member.residence,
        home=None if home_lon is None else (home_lon, home_lat),
        home_precision=member.home_precision,
        home_building=_building_of(scope, member),
        work=None if work_lon is None else (work_lon, work_lat),
        work_precision=member.work_precision,
        branch_id=member.branch_id,
        group_id=member.group_id,
        version=member.version,
    )


def names_of(scope: Scope, member_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of members the scope may see."""
    wanted = set(member_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Member.id, Member.name).where(seen_by(scope), Member.id.in_(wanted))
    )
    return {id_: name for id_, name in rows}


def known_people(scope: Scope, people: Sequence[tuple[str, str, date | None, str]]) -> list[bool]:
    """For each (name, normalised phone, born on, precision): is that person in the register?

    By phone through its blind value; without a phone by name and a birth date known to the day.
    Only people the scope may see are known to it: the question tells a leader of nobody else.
    """
    seal = seal_of(scope)
    blinds = [seal.blind(phone) if phone else None for _name, phone, _born, _precision in people]
    phones = _stored(Member.phone_blind, scope, {blind for blind in blinds if blind})
    names = {name for name, _phone, _born, _precision in people}
    births = {
        (name, born)
        for name, born in db.session.execute(
            select(Member.name, Member.born_on).where(
                seen_by(scope), Member.name.in_(names), Member.born_precision == "day"
            )
        )
    }
    return [
        blind in phones if blind else precision == "day" and (name, born) in births
        for blind, (name, _phone, born, precision) in zip(blinds, people, strict=True)
    ]


def _stored(column: InstrumentedAttribute[Any], scope: Scope, wanted: set[bytes]) -> set[bytes]:
    rows = db.session.execute(select(column).where(seen_by(scope), column.in_(wanted)))
    return {bytes(value) for (value,) in rows}


def seen_by(scope: Scope) -> ColumnElement[bool]:
    """Members of the tenant whom this scope may see, those who left excepted."""
    own = and_(Member.tenant_id == scope.tenant_id, Member.left_on.is_(None))
    if scope.sees_only_own_cells:
        mine = or_(
            in_my_cells(scope, Member.home),
            in_my_cells(scope, Member.work),
            stays_in_my_cells(scope, Member.id),
        )
        return and_(own, mine)
    if scope.role == "branch_officer":
        return and_(own, Member.branch_id == scope.branch_id)
    return own


def _building_of(scope: Scope, member: Member) -> str:
    chosen = member.home_building_id
    return "" if chosen is None else building_titles(scope, [chosen]).get(chosen, "")


def _masked_phone(scope: Scope, member: Member) -> str:
    if member.phone_sealed is None:
        return ""
    phone = seal_of(scope).open(bytes(member.phone_sealed), member.id, "phone")
    return masked(phone)


def _masked_document(scope: Scope, member: Member) -> str:
    if member.document_sealed is None or not scope.may_know_documents:
        return ""
    number = seal_of(scope).open(bytes(member.document_sealed), member.id, "document")
    return documents.masked(number)
