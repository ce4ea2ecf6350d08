"""The few questions asked before there is a scope: who is this, and where do they stand.

Each calls one SECURITY DEFINER function of the migrations and answers plain values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from tenants.database import at_the_door, new_id
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who can sign in. `password_hash` is answered at sign-in only, else empty."""

    id: UUID
    email: str
    name: str
    uniquifier: str
    language: str
    active: bool
    password_hash: str = ""


def person_by_email(email: str) -> KnownPerson | None:
    """The person who signs in with `email` (any case), or None."""
    return _person(
        "SELECT id, email, name, uniquifier, language, active, password_hash"
        " FROM door_person_by_email(:wanted)",
        email,
    )


def person_by_uniquifier(uniquifier: str) -> KnownPerson | None:
    """The person a session cookie names, or None when it was withdrawn."""
    return _person("SELECT * FROM door_person_by_uniquifier(:wanted)", uniquifier)


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
                "uniquifier": token_hex(16),
            },
        ).scalar_one()


def keep_person(
    known: str,
    *,
    password_hash: str | None = None,
    uniquifier: str | None = None,
    language: str | None = None,
) -> None:
    """Change what a person may change of themselves; None leaves a thing as it is.

    `known` is their present uniquifier, the secret of their session: an id alone changes nobody.
    A new uniquifier ends every session they have.
    """
    with at_the_door() as door:
        door.execute(
            text("SELECT door_person_keep(:known, :hash, :uniquifier, :language)"),
            {
                "known": known,
                "hash": password_hash,
                "uniquifier": uniquifier,
                "language": language,
            },
        )


def end_sessions(known: str) -> None:
    """Sign a person out everywhere: what a cookie or a copy of one holds opens nothing more."""
    keep_person(known, uniquifier=token_hex(16))


def standings_of(person_id: UUID) -> tuple[Scope, ...]:
    """Where a person stands today, in order of area; cells of one tenant are put together.

    Then the communities into which they hold an open door, as `visitor_from_above`.
    """
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


def former_scope(person_id: UUID, slug: str) -> Scope | None:
    """Where somebody stood within the last 90 days: a scope without cell or branch, or None.

    It sees nobody today; what was done while they stood there may still arrive.
    """
    with at_the_door() as door:
        tenant = door.execute(
            text("SELECT * FROM door_former_standing(:person, :slug)"),
            {"person": person_id, "slug": slug},
        ).one_or_none()
    return None if tenant is None else _scope(tenant, role="grid_leader", person_id=person_id)


def scope_of_tenant(*, tenant_id: int | None = None, slug: str | None = None) -> Scope | None:
    """The scope in which workers and the command line act for an open tenant, or None."""
    with at_the_door() as door:
        tenant = door.execute(
            text("SELECT * FROM door_tenant(:id, :slug)"), {"id": tenant_id, "slug": slug}
        ).one_or_none()
    return None if tenant is None else _scope(tenant, role="worker")


def scope_of_closed(tenant_id: int) -> Scope | None:
    """The scope in which a worker exports or erases a tenant that was closed, or None."""
    with at_the_door() as door:
        tenant = door.execute(
            text("SELECT * FROM door_closed_tenant(:id)"), {"id": tenant_id}
        ).one_or_none()
    return None if tenant is None else _scope(tenant, role="worker", state="closed")


def audited_tenants(slug: str | None = None) -> list[Scope]:
    """Every tenant there ever was, or the one named: what was noted of it stays to be verified.

    `state` is open, paused, closed or erased.
    """
    with at_the_door() as door:
        rows = door.execute(text("SELECT * FROM door_audited_tenants(:slug)"), {"slug": slug}).all()
    return [_scope(row, role="worker", state=row.state) for row in rows]


@dataclass(frozen=True, slots=True)
class FoundInvitation:
    """What a link leads to, before anybody signed in. Nothing of the tenant but its name."""

    tenant_id: int
    slug: str
    tenant_name: str
    level: str
    area: int
    language: str
    closed_at: datetime | None
    id: UUID
    email: str
    shown_name: str
    role: str
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None


def invitation_of(token: str) -> FoundInvitation | None:
    """The invitation behind a link's secret, whatever became of it; None when there is none."""
    with at_the_door() as door:
        row = door.execute(
            text("SELECT * FROM door_invitation(:hash)"), {"hash": token_hash(token)}
        ).one_or_none()
    return None if row is None else FoundInvitation(*row)


def token_hash(token: str) -> bytes:
    """What is kept of a token: it has 256 random bits, so one SHA-256 is enough."""
    return sha256(token.encode()).digest()


def _person(question: str, wanted: str) -> KnownPerson | None:
    with at_the_door() as door:
        row = door.execute(text(question), {"wanted": wanted}).one_or_none()
    return None if row is None else KnownPerson(*row)


def _standings(person_id: UUID) -> Sequence[Row[tuple[Any, ...]]]:
    with at_the_door() as door:
        return door.execute(
            text(
                "SELECT * FROM door_standings(:person) UNION ALL SELECT * FROM door_visits(:person)"
            ),
            {"person": person_id},
        ).all()


def _scopes(rows: Iterable[Row[tuple[object, ...]]], person_id: UUID) -> tuple[Scope, ...]:
    scopes: dict[tuple[int, str], Scope] = {}
    for row in rows:
        key = (row.tenant_id, row.role)
        cells = () if row.cell_id is None else (row.cell_id,)
        if key in scopes:
            scopes[key] = replace(scopes[key], cell_ids=scopes[key].cell_ids + cells)
        else:
            scopes[key] = _scope(
                row,
                role=row.role,
                person_id=person_id,
                standing_id=row.standing_id,
                cell_ids=cells,
                branch_id=row.branch_id,
                state=row.state,
            )
    return tuple(scopes.values())


def _scope(tenant: Row[tuple[Any, ...]], **standing: Any) -> Scope:
    """The scope of whoever stands so in the tenant of a row."""
    return Scope(tenant.tenant_id, tenant.slug, tenant.name, tenant.level, tenant.area, **standing)
