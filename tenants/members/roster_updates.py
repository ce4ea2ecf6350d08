"""Changing many members at once, each only if nobody changed them since they were looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table

from tenants.copying import copy_rows, count_rows
from tenants.database import db
from tenants.members.records import Member
from tenants.members.roster_changes import Facts, partial_date
from tenants.members.stages import FULL
from tenants.organisations.sealing import Seal, seal_of
from tenants.scope import Scope

_COLUMNS_OF: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name",),
    "sex": ("sex",),
    "born": ("born_on", "born_precision"),
    "joined": ("joined_on", "joined_precision"),
    "phone": ("phone_sealed", "phone_blind"),
    "document": ("document_sealed", "document_blind"),
    "address": ("address_sealed",),
    "employer": ("employer",),
    "class": ("class",),
    "stage": ("stage",),
    "residence": ("residence",),
    "home": ("home", "home_precision", "home_source", "home_building_id"),
    "work": ("work", "work_precision", "work_source"),
}
_SET: Final = ", ".join(
    f'"{column}" = CASE WHEN \'{field}\' = ANY(t.fields) THEN t."{column}" ELSE m."{column}" END'
    for field, columns in _COLUMNS_OF.items()
    for column in columns
)
_CHANGE: Final = f"""
    UPDATE member m SET {_SET}, version = m.version + 1
    FROM change t
    WHERE m.tenant_id = app_tenant() AND m.id = t.id AND m.version = t.version
      AND m.left_on IS NULL
    RETURNING m.id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """These `fields` of a member seen at `version` become `facts`; one that is missing is blank."""

    member_id: UUID
    version: int
    fields: Sequence[str]
    facts: Facts


def change_members(scope: Scope, changes: Sequence[Change]) -> set[UUID]:
    """Answers whom it changed: whoever left, or is at another version by now, is left alone."""
    if not changes:
        return set()
    seal = seal_of(scope)
    table = Member.__table__
    assert isinstance(table, Table)
    columns = ["id", "version", *(name for names in _COLUMNS_OF.values() for name in names)]
    copy_rows(
        "change",
        table,
        {name: name for name in (*columns, "fields")},
        (_row(seal, change) for change in changes),
        "fields text[]",
    )
    count_rows("change")
    connection = db.session.connection()
    changed = {row[0] for row in connection.exec_driver_sql(_CHANGE)}
    connection.exec_driver_sql("DROP TABLE change")
    return changed


def _row(seal: Seal, change: Change) -> dict[str, Any]:
    facts, id_ = change.facts, change.member_id
    phone, address = facts.get("phone", ""), facts.get("address", "")
    document = facts.get("document", "")
    born_on, born_precision = partial_date(facts.get("born"))
    joined_on, joined_precision = partial_date(facts.get("joined"))
    return {
        "id": id_,
        "version": change.version,
        "fields": list(change.fields),
        "name": facts.get("name", ""),
        "sex": facts.get("sex", ""),
        "born_on": born_on,
        "born_precision": born_precision,
        "joined_on": joined_on,
        "joined_precision": joined_precision,
        "phone_sealed": seal.close(phone, id_, "phone") if phone else None,
        "phone_blind": seal.blind(phone) if phone else None,
        "document_sealed": seal.close(document, id_, "document") if document else None,
        "document_blind": seal.blind(document) if document else None,
        "address_sealed": seal.close(address, id_, "address") if address else None,
        "employer": facts.get("employer", ""),
        "class": facts.get("class", ""),
        "stage": facts.get("stage") or FULL,
        "residence": facts.get("residence") or "unknown",
        **_place("home", facts.get("home")),
        "home_building_id": (facts.get("home") or {}).get("building"),
        **_place("work", facts.get("work")),
    }


def _place(name: str, place: dict[str, Any] | None) -> dict[str, Any]:
    if not place:
        return {name: None, f"{name}_precision": "unknown", f"{name}_source": None}
    return {
        name: f"SRID=4326;POINT({place['lon']!r} {place['lat']!r})",
        f"{name}_precision": place["precision"],
        f"{name}_source": place["source"],
    }
