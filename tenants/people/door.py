"""The few questions asked before there is a scope: who is this, and where do they stand.

Each calls one SECURITY DEFINER function of migration 0003 and answers plain values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from tenants.database import at_the_door, new_id
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who can sign in."""

    id: UUID
    email: str
    name: str
    password_hash: str
    uniquifier: str
    language: str
    active: bool


def person_by_email(email: str) -> KnownPerson | None:
    """The person who signs in with `email` (any case), or None."""
    return _person("door_person_by_email", email)


def person_by_uniquifier(uniquifier: str) -> KnownPerson | None:
    """The person a session cookie names, or None when it was withdrawn."""
    return _person("door_person_by_uniquifier", uniquifier)


def enter_person(email: str, name: str, password_hash: str) -> UUID:
    """The id of the person with `email`, who is made known first if nobody has it.

    Somebody already known keeps their own name and password.
    """
    with at_the_door() as door:
        return door.execute(
            text("SELECT door_person_enter(:id, :email, :name, :hash, :uniquifier)"),
            {
                "id": new_id(),
                "email": email,
                "name": name,
                "hash": password_hash,
                "uniquifier": new_id().hex,
            },
        ).scalar_one()


def keep_person(
    person_id: UUID,
    *,
    password_hash: str | None = None,
    uniquifier: str | None = None,
    language: str | None = None,
) -> None:
    """Change what a person may change of themselves; None leaves a thing as it is."""
    with at_the_door() as door:
        door.execute(
            text("SELECT door_person_keep(:id, :hash, :uniquifier, :language)"),
            {
                "id": person_id,
                "hash": password_hash,
                "uniquifier": uniquifier,
                "language": language,
            },
        )


def standings_of(person_id: UUID) -> tuple[Scope, ...]:
    """Where a person stands today, in order of area; cells of one tenant are put together."""
    return _scopes(_standings(person_id), person_id)


def scope_of_token(token: str) -> Scope | None:
    """The scope a program's bearer token opens, or None."""
    with at_the_door() as door:
        holder = door.execute(
            text("SELECT * FROM door_token(:hash)"), {"hash": token_hash(token)}
        ).one_or_none()
    if holder is None:
        return None
    # One standing's rights: of a leader's two cells the one that the token was issued for.
    rows = [row for row in _standings(holder.person_id) if row.standing_id == holder.standing_id]
    return next(iter(_scopes(rows, holder.person_id)), None)


def scope_of_tenant(*, tenant_id: int | None = None, slug: str | None = None) -> Scope | None:
    """The scope in which workers and the command line act for an open tenant, or None."""
    with at_the_door() as door:
        tenant = door.execute(
            text("SELECT * FROM door_tenant(:id, :slug)"), {"id": tenant_id, "slug": slug}
        ).one_or_none()
    if tenant is None:
        return None
    return Scope(
        tenant.tenant_id, tenant.slug, tenant.name, tenant.level, tenant.area, role="worker"
    )


def token_hash(token: str) -> bytes:
    """What is kept of a token: it has 256 random bits, so one SHA-256 is enough."""
    return sha256(token.encode()).digest()


def _person(function: str, wanted: str) -> KnownPerson | None:
    with at_the_door() as door:
        row = door.execute(
            text(
                "SELECT id, email, name, password_hash, uniquifier, language, active"
                f" FROM {function}(:wanted)"
            ),
            {"wanted": wanted},
        ).one_or_none()
    return None if row is None else KnownPerson(*row)


def _standings(person_id: UUID) -> Sequence[Row[tuple[Any, ...]]]:
    with at_the_door() as door:
        return door.execute(
            text("SELECT * FROM door_standings(:person)"), {"person": person_id}
        ).all()


def _scopes(rows: Iterable[Row[tuple[object, ...]]], person_id: UUID) -> tuple[Scope, ...]:
    scopes: dict[tuple[int, str], Scope] = {}
    for row in rows:
        key = (row.tenant_id, row.role)
        cells = () if row.cell_id is None else (row.cell_id,)
        if key in scopes:
            scopes[key] = replace(scopes[key], cell_ids=scopes[key].cell_ids + cells)
        else:
            scopes[key] = Scope(
                row.tenant_id,
                row.slug,
                row.name,
                row.level,
                row.area,
                role=row.role,
                person_id=person_id,
                standing_id=row.standing_id,
                cell_ids=cells,
                branch_id=row.branch_id,
            )
    return tuple(scopes.values())
