"""Changing a tenant's key: a new one is made, then every sealed field moves over in batches.

Each batch is a transaction of the caller. A sealed value names its key, so everything stays
readable before, during and after, and whoever was stopped half-way just goes on.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from tenants.audit.actions import note
from tenants.database import db
from tenants.members.records import Member, RosterImport, RosterMatch
from tenants.organisations.sealing import Seal, make_newest_key, seal_of
from tenants.scope import Scope

BATCH: Final = 500
SEALED_COLUMNS: Final = frozenset({
    ("member", "phone_sealed"),
    ("member", "document_sealed"),
    ("member", "address_sealed"),
    ("roster_import", "file_sealed"),
    ("roster_import", "reading_sealed"),
    ("roster_match", "values_sealed"),
    ("visit", "note_sealed"),
    ("device", "key_sealed"),
    ("first_talk", "address_sealed"),
    ("self_report", "facts_sealed"),
    ("episode", "contact_sealed"),
    ("tenant_opening", "file_sealed"),
    ("tenant_opening", "links_sealed"),
    ("tenant_export", "file_sealed"),
})  # fmt: skip
"""Every sealed column there is; a test compares this with the database."""
FURTHER: Final = (
    ("visit", "note_sealed", "note"),
    ("device", "key_sealed", "key"),
    ("first_talk", "address_sealed", "address"),
    ("self_report", "facts_sealed", "facts"),
    ("episode", "contact_sealed", "contact"),
    ("tenant_opening", "file_sealed", "file"),
    ("tenant_opening", "links_sealed", "links"),
    ("tenant_export", "file_sealed", "file"),
)
"""Of later capabilities, known here by name only: table, column, and the field it is sealed as."""


def begin_rotation(scope: Scope) -> bool:
    """Make a new key, unless fields are still waiting for the newest one. True when made."""
    if fields_behind(scope):
        return False
    seal = make_newest_key(scope)
    note(scope, "make_key", "tenant_key", seal.key_id)
    return True


def end_rotation(scope: Scope, moved: int) -> None:
    """Write down that a rotation ran to its end."""
    note(scope, "rotate_key", "tenant_key", seal_of(scope).key_id, moved=moved)


def fields_behind(scope: Scope) -> int:
    """How many rows hold something that an older key closed."""
    newest = seal_of(scope).key_id
    return sum(
        db.session.execute(
            select(func.count()).select_from(table).where(table.tenant_id == scope.tenant_id, old)
        ).scalar_one()
        for table, old in (
            (Member, _old_member(newest)),
            (RosterImport, _old_file(newest)),
            (RosterMatch, _old(RosterMatch.values_sealed, newest)),
        )
    ) + sum(_further_behind(scope, name, column, newest) for name, column, _field in FURTHER)


def reseal_members(scope: Scope, limit: int = BATCH) -> int:
    """Move up to `limit` members to the newest key; answers how many there were.

    Their blind values and versions stay: nothing about the person has changed.
    """
    newest = seal_of(scope).key_id
    rows = db.session.execute(
        select(Member.id, Member.phone_sealed, Member.document_sealed, Member.address_sealed)
        .where(Member.tenant_id == scope.tenant_id, _old_member(newest))
        .order_by(Member.id)
        .limit(limit)
        .with_for_update()
    ).all()
    seal = seal_of(scope)
    for id_, phone, document, address in rows:
        db.session.execute(
            update(Member)
            .where(Member.tenant_id == scope.tenant_id, Member.id == id_)
            .values(
                phone_sealed=_moved(seal, phone, id_, "phone"),
                document_sealed=_moved(seal, document, id_, "document"),
                address_sealed=_moved(seal, address, id_, "address"),
            )
        )
    return len(rows)


def reseal_one_file(scope: Scope) -> int:
    """Move one waiting roster, and what was read of it, to the newest key; 0 when none was left."""
    newest = seal_of(scope).key_id
    row = db.session.execute(
        select(RosterImport.id, RosterImport.file_sealed, RosterImport.reading_sealed)
        .where(RosterImport.tenant_id == scope.tenant_id, _old_file(newest))
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return 0
    seal = seal_of(scope)
    db.session.execute(
        update(RosterImport)
        .where(RosterImport.tenant_id == scope.tenant_id, RosterImport.id == row.id)
        .values(
            file_sealed=_moved(seal, row.file_sealed, row.id, "file"),
            reading_sealed=_moved(seal, row.reading_sealed, row.id, "reading"),
        )
    )
    return 1


def reseal_matches(scope: Scope, limit: int = BATCH) -> int:
    """As `reseal_members`, for what a roster would change, or has changed and can take back."""
    newest = seal_of(scope).key_id
    rows = db.session.execute(
        select(RosterMatch.id, RosterMatch.values_sealed)
        .where(RosterMatch.tenant_id == scope.tenant_id, _old(RosterMatch.values_sealed, newest))
        .limit(limit)
        .with_for_update()
    ).all()
    seal = seal_of(scope)
    for id_, values in rows:
        db.session.execute(
            update(RosterMatch)
            .where(RosterMatch.tenant_id == scope.tenant_id, RosterMatch.id == id_)
            .values(values_sealed=_moved(seal, values, id_, "values"))
        )
    return len(rows)


def reseal_further(scope: Scope, limit: int = BATCH) -> int:
    """As `reseal_members`, for the sealed columns of later capabilities."""
    newest, moved = seal_of(scope).key_id, 0
    for name, column, field in FURTHER:
        table = db.metadata.tables[name]
        own, sealed = table.c.tenant_id == scope.tenant_id, table.c[column]
        rows = db.session.execute(
            select(table.c.id, sealed)
            .where(own, _old(sealed, newest))
            .limit(limit)
            .with_for_update()
        ).all()
        seal = seal_of(scope)
        for id_, value in rows:
            newly = _moved(seal, value, id_, field)
            db.session.execute(update(table).where(own, table.c.id == id_).values({column: newly}))
        moved += len(rows)
    return moved


def _moved(seal: Seal, sealed: bytes | None, row: UUID, field: str) -> bytes | None:
    if sealed is None or seal.is_newest(bytes(sealed)):
        return sealed
    return seal.close_bytes(seal.open_bytes(bytes(sealed), row, field), row, field)


def _further_behind(scope: Scope, name: str, column: str, newest: UUID) -> int:
    table = db.metadata.tables[name]
    return db.session.execute(
        select(func.count())
        .select_from(table)
        .where(table.c.tenant_id == scope.tenant_id, _old(table.c[column], newest))
    ).scalar_one()


def _old_member(newest: UUID) -> ColumnElement[bool]:
    return or_(
        _old(Member.phone_sealed, newest),
        _old(Member.document_sealed, newest),
        _old(Member.address_sealed, newest),
    )


def _old_file(newest: UUID) -> ColumnElement[bool]:
    return or_(_old(RosterImport.file_sealed, newest), _old(RosterImport.reading_sealed, newest))


def _old(column: Any, newest: UUID) -> ColumnElement[bool]:
    # Bytes 2 to 17 of a sealed value name its key; an empty column compares to nothing.
    return func.substr(column, 2, 16) != newest.bytes
