"""What a roster says of somebody the register knows already, field by field. Pure.

A fact is a plain value that can be kept sealed: text, [day, precision] of a date, or a place as
{lon, lat, precision, source, building}. What a roster leaves blank it says nothing of, and a date
that is only less precise than the one we have is no change.
"""

from collections.abc import Mapping
from datetime import date
from math import cos, hypot, radians
from typing import Any, Final, TypeAlias

from tenants.members.roster_rows import PartialDate, RosterPlace, RosterRow
from tenants.members.roster_texts import same_key

Facts: TypeAlias = dict[str, Any]

FIELDS: Final = (
    "name", "sex", "born", "joined", "phone", "document", "address", "employer", "class", "stage",
    "residence", "home", "work",
)  # fmt: skip
_DATES: Final = ("born", "joined")
_PLACES: Final = ("home", "work")
_SPELLED: Final = ("name", "address", "employer")
_LEAST_METRES: Final = 1.0
_METRES_A_DEGREE: Final = 111_195.0
_KNOWN_PARTS: Final = {"day": 3, "month": 2, "year": 1}


def facts_of(row: RosterRow) -> Facts:
    """What the row says; fields it leaves blank are not in it."""
    residence = residence_of(row)
    found: Facts = {
        "name": row.name,
        "sex": row.sex,
        "born": _date(row.birth),
        "joined": _date(row.joined),
        "phone": row.phone,
        "document": row.document,
        "address": row.address,
        "employer": row.employer,
        "class": row.branch_class,
        "stage": row.stage,
        "residence": "" if residence == "unknown" else residence,
        "home": _place(row.home),
        "work": _place(row.work),
    }
    return {field: value for field, value in found.items() if value}


def residence_of(row: RosterRow) -> str:
    """Inside or outside the community by what the row says, unknown where it does not."""
    if row.kind == "living_outside":
        return "outside"
    if row.home is None or row.home.metres_outside is None:
        return "unknown"
    return "inside" if row.home.metres_outside == 0 else "outside"


def differing(known: Facts, said: Facts) -> list[str]:
    """The fields of `said` that would change `known`, in the order of FIELDS."""
    return [field for field in FIELDS if field in said and _differs(field, known, said)]


def metres_between(known: Mapping[str, Any], said: Mapping[str, Any]) -> float:
    """Metres between two places that lie close together."""
    east = (said["lon"] - known["lon"]) * cos(radians(known["lat"]))
    return hypot(east, said["lat"] - known["lat"]) * _METRES_A_DEGREE


def _differs(field: str, known: Facts, said: Facts) -> bool:
    old, new = known.get(field), said[field]
    if not old:
        return True
    if field in _DATES:
        return not _agree(old, new)
    if field in _PLACES:
        return metres_between(old, new) > _LEAST_METRES
    if field in _SPELLED:
        return same_key(old) != same_key(new)
    return bool(old != new)


def _agree(old: list[str], new: list[str]) -> bool:
    """Whether the roster's date says nothing that ours does not."""
    parts = _KNOWN_PARTS[new[1]]
    if parts > _KNOWN_PARTS[old[1]]:
        return False
    return old[0].split("-")[:parts] == new[0].split("-")[:parts]


def partial_date(fact: list[str] | None) -> tuple[date | None, str]:
    """A date's fact as two columns keep it."""
    return (date.fromisoformat(fact[0]), fact[1]) if fact else (None, "unknown")


def date_fact(on: date | None, precision: str) -> list[str] | None:
    """The way back; None where nothing is known."""
    return [on.isoformat(), precision] if on and precision != "unknown" else None


def _date(found: PartialDate) -> list[str] | None:
    return date_fact(found.on, found.precision)


def _place(place: RosterPlace | None) -> dict[str, Any] | None:
    if place is None:
        return None
    source: dict[str, Any] = {"system": place.system, "x": place.raw_lon, "y": place.raw_lat}
    if place.swapped:
        source["swapped"] = True
    return {
        "lon": round(place.lon, 7),
        "lat": round(place.lat, 7),
        "precision": "building",
        "source": source,
        "building": None,
    }
