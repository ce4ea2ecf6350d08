"""Who lives in which building, who has no place yet, and what their sealed address may mean.

An address is opened here to be matched and never leaves: pages get buildings, not the text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from tenants.database import db
from tenants.errors import NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.organisations.sealing import seal_of
from tenants.places.address_lookups import candidates_of
from tenants.places.addresses import Candidate
from tenants.places.buildings_lookups import building_titles
from tenants.places.records import Building
from tenants.scope import Scope

MOST_RESIDENTS = 500


@dataclass(frozen=True, slots=True)
class Resident:
    """A member whose home is a building; `metres` from their point to where it stands now."""

    id: UUID
    name: str
    building_id: UUID
    metres: float
    version: int

    @property
    def elsewhere(self) -> bool:
        """The building was moved after the home was registered, and nobody has moved the home."""
        return self.metres >= 1.0


@dataclass(frozen=True, slots=True)
class HomeCard:
    """What choosing a home needs to know of a member; `can_undo`: the last choice can be undone."""

    id: UUID
    name: str
    precision: str
    building_id: UUID | None
    building: str
    has_address: bool
    can_undo: bool
    version: int


def residents(scope: Scope, building_ids: Iterable[UUID]) -> list[Resident]:
    """Members whom the scope may see and whose home is one of the buildings, by name."""
    metres = func.ST_DistanceSphere(Member.home, Building.place)
    rows = db.session.execute(
        select(Member.id, Member.name, Member.home_building_id, metres, Member.version)
        .join(
            Building,
            and_(
                Building.tenant_id == Member.tenant_id,
                Building.id == Member.home_building_id,
            ),
        )
        .where(seen_by(scope), Member.home_building_id.in_(set(building_ids)))
        .order_by(Member.name, Member.id)
        .limit(MOST_RESIDENTS)
    )
    return [Resident(*row) for row in rows]


def unplaced(scope: Scope, *, after: UUID | None = None, limit: int = 1) -> list[HomeCard]:
    """Members without a place who are not known to live outside, by id after `after`."""
    question = select(Member).where(*_unplaced(scope))
    if after is not None:
        question = question.where(Member.id > after)
    found = db.session.execute(question.order_by(Member.id).limit(limit)).scalars().all()
    return [_card(scope, member) for member in found]


def how_many_unplaced(scope: Scope) -> int:
    """How many such members there are."""
    return db.session.execute(
        select(func.count()).select_from(Member).where(*_unplaced(scope))
    ).scalar_one()


def home_card(scope: Scope, member_id: UUID) -> HomeCard:
    """One member. Raises NotFound, also for a leader whose cells do not hold them."""
    member = db.session.execute(
        select(Member).where(seen_by(scope), Member.id == member_id)
    ).scalar_one_or_none()
    if member is None:
        raise NotFound
    return _card(scope, member)


def home_candidates(scope: Scope, member_id: UUID) -> tuple[Sequence[Candidate], Candidate | None]:
    """Buildings that the member's sealed address may mean, and the one to preselect."""
    sealed = db.session.execute(
        select(Member.address_sealed).where(seen_by(scope), Member.id == member_id)
    ).scalar_one_or_none()
    if sealed is None:
        return [], None
    return candidates_of(scope, seal_of(scope).open(bytes(sealed), member_id, "address"))


def _unplaced(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        seen_by(scope),
        Member.home_precision == "unknown",
        Member.home.is_(None),
        Member.residence != "outside",
    )


def _card(scope: Scope, member: Member) -> HomeCard:
    titles = building_titles(scope, [member.home_building_id])
    return HomeCard(
        id=member.id,
        name=member.name,
        precision=member.home_precision,
        building_id=member.home_building_id,
        building=titles.get(member.home_building_id, "") if member.home_building_id else "",
        has_address=member.address_sealed is not None,
        can_undo=member.home_building_id is not None and "before" in (member.home_source or {}),
        version=member.version,
    )
