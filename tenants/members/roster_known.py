"""Which rows of a roster are people the register knows, and what they would change of them.

Surely the same person: the same name with the same document number or phone. Everything else is a
question to a person: the same number under another name, two document numbers where there can be
one, or the same name with the same birth or joining date. A couple often has one phone: whose
name and date are known is that person, whoever else has the number.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, String, bindparam, cast, func, or_, select
from sqlalchemy.types import NullType

from tenants.database import db
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.members.roster_changes import Facts, date_fact, differing, facts_of
from tenants.members.roster_homes import Homes, home_facts
from tenants.members.roster_rows import RosterRow
from tenants.members.roster_texts import same_key
from tenants.organisations.sealing import Seal, seal_of
from tenants.scope import Scope

Standing = Literal["fresh", "same", "changed", "possible"]
SIGNS: Final = ("card", "card_only", "phone", "name_birth", "name_joined", "phone_only")
_SURE: Final = ("card", "phone")
_AT_ONCE: Final = 5_000
"""So many rows are compared with those they may be before the next are looked up."""
_PHONES: Final = bindparam("phones", type_=NullType())
_DOCUMENTS: Final = bindparam("documents", type_=NullType())
_NAMES: Final = bindparam("names", type_=ARRAY(String))


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody in the register, at the version that was looked at."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Somebody in the register who may be meant. What is sealed is opened when it is compared."""

    kept: Any
    name: str
    born: list[str] | None
    joined: list[str] | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """One row: fresh (nobody we know), same (nothing new), changed, or possible (ask a person).

    `sign` is what gave them away. `fields` differ; `old` and `new` hold those fields alone.
    """

    row: RosterRow
    standing: Standing
    sign: str = ""
    known: Known | None = None
    fields: tuple[str, ...] = ()
    old: Facts = field(default_factory=dict)
    new: Facts = field(default_factory=dict)


def recognise(scope: Scope, rows: Sequence[RosterRow], homes: Homes) -> list[Recognised]:
    """How each row stands to the register, in their order. The scope must see all of it.

    `homes`: buildings for known people who have no place yet; a place that is known stays.
    """
    seal = seal_of(scope)
    taken: set[UUID] = set()
    found: list[Recognised] = []
    for start in range(0, len(rows), _AT_ONCE):
        found += _recognise(scope, seal, rows[start : start + _AT_ONCE], homes, taken)
    return found


def _recognise(
    scope: Scope, seal: Seal, rows: Sequence[RosterRow], homes: Homes, taken: set[UUID]
) -> Iterator[Recognised]:
    """Some of the rows; `taken`: whom rows before them surely are."""
    blinds = [seal.blind(row.phone) if row.phone else None for row in rows]
    cards = [seal.blind(row.document) if row.document else None for row in rows]
    by_phone: dict[bytes | None, list[_Candidate]] = {}
    by_card: dict[bytes | None, list[_Candidate]] = {}
    by_name: dict[str, list[_Candidate]] = {}
    for one in _with_numbers(scope, blinds, cards):
        by_phone.setdefault(one.kept.phone_blind, []).append(one)
        by_card.setdefault(one.kept.document_blind, []).append(one)
    # Nobody's name is looked for whose number is theirs: very many people share one.
    by_phone[None] = by_card[None] = []
    numbers = zip(blinds, cards, strict=True)
    found = [(by_card.get(card, []), by_phone.get(blind, [])) for blind, card in numbers]
    strangers = [
        row.name
        for row, (same_card, same_phone) in zip(rows, found, strict=True)
        if not same_card and not _is_among(row, same_phone)
    ]
    for one in _with_names(scope, strangers):
        by_name.setdefault(one.name, []).append(one)
    for row, (same_card, same_phone) in zip(rows, found, strict=True):
        same_name = by_name.get(same_key(row.name), []) if by_name else []
        recognised = _recognised(seal, row, same_card, same_phone, same_name, taken, homes)
        if recognised.known is not None and recognised.standing != "possible":
            taken.add(recognised.known.id)
        yield recognised


def _is_among(row: RosterRow, some: list[_Candidate]) -> bool:
    """Whether one of them has the row's name; hardly ever is there anybody to compare with."""
    return bool(some) and same_key(row.name) in [one.name for one in some]


def _recognised(
    seal: Seal,
    row: RosterRow,
    same_card: list[_Candidate],
    same_phone: list[_Candidate],
    same_name: list[_Candidate],
    taken: set[UUID],
    homes: Homes,
) -> Recognised:
    if not same_card and not same_phone and not same_name:
        return Recognised(row, "fresh")
    said = facts_of(row)
    sign, one = _sign(said, same_card, same_phone, same_name)
    if one is None:
        return Recognised(row, "fresh")
    ours = _facts(seal, one)
    known = Known(one.kept.id, one.kept.version)
    if "home" not in ours and (building := homes.of(row)) is not None:
        said["home"] = home_facts(building)
        if "residence" not in ours:
            said["residence"] = "inside"
    fields = differing(ours, said)
    two_cards = "document" in ours and "document" in fields
    if sign in _SURE and known.id not in taken and not two_cards:
        standing: Standing = "changed" if fields else "same"
    else:
        # Two numbers of one kind are two people, or one of them is wrong: somebody looks.
        standing = "same" if sign == "name_birth" and not fields else "possible"
    return Recognised(
        row,
        standing,
        sign,
        known,
        tuple(fields),
        {field: ours[field] for field in fields if field in ours},
        {field: said[field] for field in fields},
    )


def _sign(
    said: Facts,
    same_card: list[_Candidate],
    same_phone: list[_Candidate],
    same_name: list[_Candidate],
) -> tuple[str, _Candidate | None]:
    """The strongest sign there is, and of whom."""
    name = same_key(said["name"])
    for one in same_card:
        if one.name == name:
            return "card", one
    if same_card:
        return "card_only", same_card[0]
    for one in same_phone:
        if one.name == name:
            return "phone", one
    born, joined = said.get("born"), said.get("joined")
    # A year alone is shared by too many people of one name.
    if born and born[1] == "day":
        for one in same_name:
            if one.born == born:
                return "name_birth", one
    if joined and joined[1] != "year":
        for one in same_name:
            if one.joined == joined:
                return "name_joined", one
    return ("phone_only", same_phone[0]) if same_phone else ("", None)


def _with_numbers(
    scope: Scope, blinds: Iterable[bytes | None], cards: Iterable[bytes | None]
) -> Iterator[_Candidate]:
    """Members with one of these phones or document numbers."""
    asked = {"phones": _array(blinds)}
    wanted = Member.phone_blind == func.any(cast(_PHONES, ARRAY(LargeBinary)))
    if any(cards):
        asked["documents"] = _array(cards)
        documents = func.any(cast(_DOCUMENTS, ARRAY(LargeBinary)))
        wanted = or_(wanted, Member.document_blind == documents)
    yield from _candidates(scope, wanted, asked)


def _with_names(scope: Scope, names: Iterable[str]) -> Iterator[_Candidate]:
    if some := sorted(set(names)):
        yield from _candidates(scope, Member.name == func.any(_NAMES), {"names": some})


def _array(blinds: Iterable[bytes | None]) -> str:
    """As PostgreSQL writes an array of them: made by the driver it takes five times as long."""
    return "{" + ",".join(f'"\\\\x{blind.hex()}"' for blind in blinds if blind) + "}"


def _candidates(
    scope: Scope, wanted: ColumnElement[bool], asked: dict[str, Any]
) -> Iterator[_Candidate]:
    question = select(*_ASKED).where(seen_by(scope), wanted).order_by(Member.id)
    for kept in db.session.execute(question, asked, execution_options={"yield_per": 1000}):
        born = date_fact(kept.born_on, kept.born_precision)
        joined = date_fact(kept.joined_on, kept.joined_precision)
        yield _Candidate(kept, same_key(kept.name), born, joined)


_ASKED: Final = (
    Member.id,
    Member.version,
    Member.name,
    Member.sex,
    Member.born_on,
    Member.born_precision,
    Member.joined_on,
    Member.joined_precision,
    Member.phone_blind,
    Member.phone_sealed,
    Member.document_blind,
    Member.document_sealed,
    Member.address_sealed,
    Member.employer,
    Member.class_,
    Member.stage,
    Member.residence,
    Member.home_precision,
    Member.home_source,
    Member.home_building_id,
    Member.work_precision,
    Member.work_source,
    func.ST_X(Member.home).label("home_lon"),
    func.ST_Y(Member.home).label("home_lat"),
    func.ST_X(Member.work).label("work_lon"),
    func.ST_Y(Member.work).label("work_lat"),
)


def _facts(seal: Seal, one: _Candidate) -> Facts:
    kept = one.kept
    found: Facts = {
        "name": kept.name,
        "sex": kept.sex,
        "born": one.born,
        "joined": one.joined,
        "phone": _opened(seal, kept.phone_sealed, kept.id, "phone"),
        "document": _opened(seal, kept.document_sealed, kept.id, "document"),
        "address": _opened(seal, kept.address_sealed, kept.id, "address"),
        "employer": kept.employer,
        "class": kept.class_,
        "stage": kept.stage,
        "residence": "" if kept.residence == "unknown" else kept.residence,
        "home": _place(kept.home_lon, kept.home_lat, kept.home_precision, kept.home_source),
        "work": _place(kept.work_lon, kept.work_lat, kept.work_precision, kept.work_source),
    }
    if found["home"] and kept.home_building_id:
        found["home"]["building"] = str(kept.home_building_id)
    return {name: value for name, value in found.items() if value}


def _opened(seal: Seal, sealed: bytes | None, row: UUID, field: str) -> str:
    return seal.open(bytes(sealed), row, field) if sealed else ""


def _place(
    lon: float | None, lat: float | None, precision: str, source: dict[str, Any] | None
) -> dict[str, Any] | None:
    if lon is None or lat is None:
        return None
    return {"lon": lon, "lat": lat, "precision": precision, "source": source, "building": None}
