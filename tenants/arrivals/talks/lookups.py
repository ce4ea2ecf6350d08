"""Which addresses are to be called at, and which are to be left alone."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from tenants.arrivals.talks.records import FirstTalk
from tenants.database import db
from tenants.errors import NotFound
from tenants.grid.lookups import in_my_cells
from tenants.organisations.sealing import seal_of
from tenants.places.buildings_lookups import building_titles
from tenants.places.records import Building
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Address:
    """An address to call at. `place`: the building's (WGS-84), where it has one."""

    id: UUID
    building_id: UUID | None
    words: str
    place: tuple[float, float] | None
    signalled_on: date
    state: str
    attempts: int
    next_on: date | None
    no_visit_until: date | None
    version: int


def addresses(scope: Scope, *, state: str = "", limit: int = 200) -> list[Address]:
    """Addresses the scope may call at, longest waiting first; '' is all but those left alone."""
    wanted = FirstTalk.state == state if state else FirstTalk.state != "no_visit"
    rows = db.session.execute(
        select(FirstTalk, func.ST_X(Building.place), func.ST_Y(Building.place))
        .outerjoin(
            Building,
            (Building.tenant_id == FirstTalk.tenant_id) & (Building.id == FirstTalk.building_id),
        )
        .where(_mine(scope), wanted)
        .order_by(func.coalesce(FirstTalk.next_on, FirstTalk.signalled_on), FirstTalk.id)
        .limit(limit)
    ).all()
    titles = building_titles(scope, [talk.building_id for talk, _lon, _lat in rows])
    seal = seal_of(scope) if rows else None
    found = []
    for talk, lon, lat in rows:
        typed = ""
        if seal and talk.address_sealed:
            typed = seal.open(bytes(talk.address_sealed), talk.id, "address")
        words = " ".join(each for each in (titles.get(talk.building_id, ""), typed) if each)
        found.append(
            Address(
                talk.id,
                talk.building_id,
                words,
                None if lon is None else (lon, lat),
                talk.signalled_on,
                talk.state,
                talk.attempts,
                talk.next_on,
                talk.no_visit_until,
                talk.version,
            )
        )
    return found


def left_alone(scope: Scope, building_id: UUID | None, address: str, day: date) -> bool:
    """Whether the address asked not to be visited, or is on the list already."""
    rows = db.session.execute(
        select(FirstTalk).where(
            FirstTalk.tenant_id == scope.tenant_id,
            FirstTalk.building_id.is_not_distinct_from(building_id),
            or_(FirstTalk.no_visit_until.is_(None), FirstTalk.no_visit_until >= day),
        )
    ).scalars()
    seal = seal_of(scope)
    return any(
        _alike(address)
        == _alike(
            seal.open(bytes(talk.address_sealed), talk.id, "address") if talk.address_sealed else ""
        )
        for talk in rows
    )


def _alike(address: str) -> str:
    """The same door however it is typed: 3栋201, ３栋 201. Who asked for no visit is left alone."""
    return "".join(unicodedata.normalize("NFKC", address).casefold().split())


def held(scope: Scope, talk_id: UUID, mine: ColumnElement[bool] | None = None) -> FirstTalk:
    """One address, locked until the commit. Raises NotFound, also outside a leader's cells.

    `mine`: which addresses may be called at, where that is not what the scope leads today.
    """
    wanted = [each.id for each in _of(scope, talk_id, mine)]
    if not wanted:
        raise NotFound
    return db.session.execute(
        select(FirstTalk)
        .where(FirstTalk.tenant_id == scope.tenant_id, FirstTalk.id == wanted[0])
        .with_for_update()
    ).scalar_one()


def _of(scope: Scope, talk_id: UUID, mine: ColumnElement[bool] | None) -> list[FirstTalk]:
    question = (
        select(FirstTalk)
        .outerjoin(
            Building,
            (Building.tenant_id == FirstTalk.tenant_id) & (Building.id == FirstTalk.building_id),
        )
        .where(_mine(scope) if mine is None else mine, FirstTalk.id == talk_id)
    )
    return list(db.session.execute(question).scalars())


def _mine(scope: Scope) -> ColumnElement[bool]:
    """A leader calls in their own cells, and where they put an address without a building."""
    own = FirstTalk.tenant_id == scope.tenant_id
    if not scope.sees_only_own_cells:
        return own
    by_me = FirstTalk.building_id.is_(None) & (FirstTalk.signalled_by == scope.person_id)
    return own & or_(in_my_cells(scope, Building.place), by_me)
