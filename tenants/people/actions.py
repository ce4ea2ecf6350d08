"""Giving people a standing, and programs a token."""

from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from tenants.audit.actions import note
from tenants.database import db
from tenants.people.door import token_hash
from tenants.people.records import ApiToken, Standing
from tenants.scope import Scope

TOKEN_LASTS = timedelta(days=365)


def give_standing(
    scope: Scope,
    person_id: UUID,
    shown_name: str,
    role: str,
    *,
    cell_id: UUID | None = None,
    branch_id: UUID | None = None,
) -> UUID:
    """Let a person act in the scope's tenant from today on. Answers the standing's id."""
    standing = Standing(
        person_id=person_id,
        shown_name=shown_name,
        role=role,
        cell_id=cell_id,
        branch_id=branch_id,
    )
    db.session.add(standing)
    db.session.flush()
    note(scope, "give_standing", "standing", standing.id, role=role)
    return standing.id


def issue_token(scope: Scope, standing_id: UUID, name: str) -> str:
    """A new bearer token with a standing's rights, for a year.

    It is told once: only its hash is kept.
    """
    token = f"wangge_{token_urlsafe(32)}"
    record = ApiToken(
        standing_id=standing_id,
        name=name,
        token_hash=token_hash(token),
        expires_at=datetime.now(UTC) + TOKEN_LASTS,
    )
    db.session.add(record)
    db.session.flush()
    note(scope, "issue_token", "api_token", record.id)
    return token
