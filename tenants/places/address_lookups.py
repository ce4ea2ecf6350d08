"""Which buildings of the tenant an address may mean: proposals, a person chooses.

A grid leader is answered for their own cells only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from tenants.database import db
from tenants.places.addresses import AddressBook, Candidate, Known, the_one
from tenants.places.buildings_lookups import BuildingPlace, buildings, buildings_by_id, visible
from tenants.places.records import Building
from tenants.places.spelling import normal_name, normalised
from tenants.scope import Scope

MOST_CANDIDATES = 8
NAMED = ("full", "address", "short", "loose", "part")
"""Reasons under which search words name a building; see `addresses.REASONS`."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """Addresses that name one building beyond doubt, and those that may mean one or several."""

    certain: dict[str, BuildingPlace]
    unsure: frozenset[str]


def candidates_of(
    scope: Scope, address: str, *, limit: int = MOST_CANDIDATES
) -> tuple[list[Candidate], Candidate | None]:
    """The open buildings an address may mean, and the one that may be preselected."""
    found = AddressBook(_shortlist(scope, address), (scope.name,)).candidates(address, limit=limit)
    return found, the_one(found)


def places_of(scope: Scope, found: Iterable[Candidate]) -> list[BuildingPlace]:
    """The buildings that were found, in the same order."""
    ids = [each.known.id for each in found]
    known = buildings_by_id(scope, ids) if ids else {}
    return [known[id_] for id_ in ids if id_ in known]


def named_buildings(scope: Scope, found: Iterable[Candidate]) -> list[UUID]:
    """Ids of the buildings that were named, of a compound every building in it.

    Only what is named: a number alone, or something that is merely similar, names no building.
    """
    named = [each.known for each in found if each.reason in NAMED]
    compounds = [known.id for known in named if known.kind == "compound"]
    ids = [known.id for known in named]
    if compounds:
        inside = select(Building.id).where(
            Building.tenant_id == scope.tenant_id, Building.parent_id.in_(compounds)
        )
        ids += db.session.execute(inside).scalars()
    return ids


def places_by_address(scope: Scope, texts: Iterable[str]) -> Addressed:
    """Which of many addresses name an open building. Each is looked up once, nothing is guessed.

    A proposal: the caller shows it to a person.
    """
    book = AddressBook(_known(scope), (scope.name,))
    meant = {text: book.meant(text) for text in set(texts)}
    unsure = frozenset(text for text, (known, any_) in meant.items() if any_ and known is None)
    named = {text: known.id for text, (known, _any) in meant.items() if known is not None}
    places = {each.id: each for each in buildings(scope, limit=None)} if named else {}
    certain = {text: places[id_] for text, id_ in named.items()}
    return Addressed(certain, unsure)


def _shortlist(scope: Scope, address: str) -> list[Known]:
    """Every compound, and the buildings that can have to do with the address."""
    wanted = normalised(address)
    if not wanted:
        return []
    bare = normal_name(address)
    ends = [wanted[start:] for start in range(len(wanted))]
    return _known(
        scope,
        or_(
            Building.kind == "compound",
            Building.normal_name.in_({*ends, bare, bare.removesuffix("楼"), f"{bare}楼"}),
            Building.address != "",
            func.strpos(Building.normal_name, wanted) > 0,
        ),
    )


def _known(scope: Scope, *conditions: ColumnElement[bool]) -> list[Known]:
    """Open buildings; `conditions` leave every compound in, or their buildings lose its name."""
    rows = db.session.execute(
        select(
            Building.id,
            Building.kind,
            Building.name,
            Building.normal_name,
            Building.address,
            Building.parent_id,
        ).where(visible(scope), Building.closed_on.is_(None), *conditions)
    ).all()
    compounds = {row.id: row.name for row in rows if row.kind == "compound"}
    return [Known(*row, compounds.get(row.parent_id, "")) for row in rows]
