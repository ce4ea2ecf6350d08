"""Which rows of a roster are people the register knows, and what they would change of them.

Surely the same person: the same name and phone. Everything else is a question to a person: the
same phone under another name, or the same name with the same birth or joining date.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, String, bindparam, func, or_, select

from tenants.database import db
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.members.roster_changes import Facts, date_fact, differing, facts_of
from tenants.members.roster_rows import RosterRow
from tenants.members.roster_texts import same_key
from tenants.organisations.sealing import Seal, seal_of
from tenants.scope import Scope

Standing = Literal["fresh", "same", "changed", "possible"]
SIGNS: Final = ("phone", "phone_only", "name_birth", "name_joined")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody in the register, as far as a roster can say anything of them."""

    id: UUID
    version: int
    affiliation: str
    facts: Facts


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


def recognise(scope: Scope, rows: Sequence[RosterRow]) -> list[Recognised]:
    """How each row stands to the register, in their order. The scope must see all of it."""
    seal = seal_of(scope)
    blinds = [seal.blind(row.phone) if row.phone else None for row in rows]
    by_phone: dict[bytes, list[Known]] = {}
    by_name: dict[str, list[Known]] = {}
    for blind, known in _candidates(scope, seal, rows, blinds):
        if blind is not None:
            by_phone.setdefault(blind, []).append(known)
        by_name.setdefault(same_key(known.facts["name"]), []).append(known)
    taken: set[UUID] = set()
    found = []
    for row, blind in zip(rows, blinds, strict=True):
        same_phone = by_phone.get(blind, []) if blind else []
        one = _recognised(row, same_phone, by_name.get(same_key(row.name), []), taken)
        if one.known is not None and one.standing != "possible":
            taken.add(one.known.id)
        found.append(one)
    return found


def _recognised(
    row: RosterRow, same_phone: list[Known], same_name: list[Known], taken: set[UUID]
) -> Recognised:
    said = facts_of(row)
    sign, known = _sign(said, same_phone, same_name)
    if known is None:
        return Recognised(row, "fresh")
    fields = differing(known.facts, said)
    if sign == "phone" and known.id not in taken:
        standing: Standing = "changed" if fields else "same"
    else:
        standing = "same" if sign == "name_birth" and not fields else "possible"
    return Recognised(
        row,
        standing,
        sign,
        known,
        tuple(fields),
        {field: known.facts[field] for field in fields if field in known.facts},
        {field: said[field] for field in fields},
    )


def _sign(said: Facts, same_phone: list[Known], same_name: list[Known]) -> tuple[str, Known | None]:
    """The strongest sign there is, and of whom."""
    name = same_key(said["name"])
    for known in same_phone:
        if same_key(known.facts["name"]) == name:
            return "phone", known
    if same_phone:
        return "phone_only", same_phone[0]
    for sign, date_field in (("name_birth", "born"), ("name_joined", "joined")):
        date = said.get(date_field)
        # A year alone is shared by too many people of one name.
        if not date or date[1] == "year" or (sign == "name_birth" and date[1] != "day"):
            continue
        for known in same_name:
            if known.facts.get(date_field) == date:
                return sign, known
    return "", None


def _candidates(
    scope: Scope, seal: Seal, rows: Sequence[RosterRow], blinds: Iterable[bytes | None]
) -> Iterator[tuple[bytes | None, Known]]:
    """Members with one of these phones or names, with their blind value."""
    phones = sorted({blind for blind in blinds if blind})
    names = sorted({row.name for row in rows})
    question = select(
        Member,
        func.ST_X(Member.home),
        func.ST_Y(Member.home),
        func.ST_X(Member.work),
        func.ST_Y(Member.work),
    ).where(
        seen_by(scope),
        or_(
            Member.phone_blind == func.any(bindparam("phones", type_=ARRAY(LargeBinary))),
            Member.name == func.any(bindparam("names", type_=ARRAY(String))),
        ),
    )
    found = db.session.execute(
        question.order_by(Member.id),
        {"phones": phones, "names": names},
        execution_options={"yield_per": 1000},
    )
    for member, *places in found:
        blind = None if member.phone_blind is None else bytes(member.phone_blind)
        yield (
            blind,
            Known(member.id, member.version, member.affiliation, _facts(seal, member, places)),
        )
        db.session.expunge(member)


def _facts(seal: Seal, member: Member, places: Sequence[Any]) -> Facts:
    home_lon, home_lat, work_lon, work_lat = places
    residence = member.residence
    found: Facts = {
        "name": member.name,
        "sex": member.sex,
        "born": date_fact(member.born_on, member.born_precision),
        "joined": date_fact(member.joined_on, member.joined_precision),
        "phone": _opened(seal, member.phone_sealed, member.id, "phone"),
        "address": _opened(seal, member.address_sealed, member.id, "address"),
        "employer": member.employer,
        "class": member.class_,
        "residence": "" if residence == "unknown" else residence,
        "home": _place(home_lon, home_lat, member.home_precision, member.home_source),
        "work": _place(work_lon, work_lat, member.work_precision, member.work_source),
    }
    if found["home"] and member.home_building_id:
        found["home"]["building"] = str(member.home_building_id)
    return {name: value for name, value in found.items() if value}


def _opened(seal: Seal, sealed: bytes | None, row: UUID, field: str) -> str:
    return seal.open(bytes(sealed), row, field) if sealed else ""


def _place(
    lon: float | None, lat: float | None, precision: str, source: dict[str, Any] | None
) -> dict[str, Any] | None:
    if lon is None or lat is None:
        return None
    return {"lon": lon, "lat": lat, "precision": precision, "source": source, "building": None}
