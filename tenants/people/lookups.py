"""The people who work in a tenant, the links that let them in, the tokens of their programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from tenants.database import db
from tenants.people.records import ApiToken, Door, Invitation, Standing
from tenants.people.rules import UNDO_WITHIN, Held, link_state, may_give
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class StandingLine(Held):
    """One standing as its page shows it."""

    id: UUID
    shown_name: str
    started_in: UUID | None
    ended_in: UUID | None

    @property
    def can_resume(self) -> bool:
        """Whether its end can still be taken back by itself."""
        return self.ended_in is None and self._ended_lately

    @property
    def can_undo_handover(self) -> bool:
        return self.ended_in is not None and self._ended_lately

    @property
    def _ended_lately(self) -> bool:
        return self.ended_at is not None and datetime.now(UTC) - self.ended_at <= UNDO_WITHIN


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """A link as its page shows it; `state` is open, expired, accepted or withdrawn."""

    id: UUID
    email: str
    shown_name: str
    role: str
    cell_id: UUID | None
    branch_id: UUID | None
    expires_at: datetime
    made_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def state(self) -> str:
        return link_state(
            self.expires_at, self.accepted_at, self.withdrawn_at, False, datetime.now(UTC)
        )


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A program's token as its page shows it: never the token."""

    id: UUID
    name: str
    shown_name: str
    role: str
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_on: date | None

    @property
    def works(self) -> bool:
        return self.revoked_at is None and (
            self.expires_at is None or datetime.now(UTC) < self.expires_at
        )


def standings(scope: Scope) -> list[StandingLine]:
    """Standings that the scope's role may give here, today's and past ones, by role and name."""
    rows = db.session.execute(
        select(*(getattr(Standing, name) for name in StandingLine.__dataclass_fields__))
        .where(
            Standing.tenant_id == scope.tenant_id,
            Standing.role.in_(may_give(scope.role, scope.level)),
        )
        .order_by(Standing.role, Standing.shown_name, Standing.id)
    )
    return [StandingLine(*row) for row in rows]


def invitations(scope: Scope) -> list[InvitationLine]:
    """The newest hundred links that the scope's role may make."""
    rows = db.session.execute(
        select(*(getattr(Invitation, name) for name in InvitationLine.__dataclass_fields__))
        .where(
            Invitation.tenant_id == scope.tenant_id,
            Invitation.role.in_(may_give(scope.role, scope.level)),
        )
        .order_by(Invitation.made_at.desc(), Invitation.id.desc())
        .limit(100)
    )
    return [InvitationLine(*row) for row in rows]


def tokens(scope: Scope) -> list[TokenLine]:
    """Every token of the tenant, newest first."""
    rows = db.session.execute(
        select(
            ApiToken.id,
            ApiToken.name,
            Standing.shown_name,
            Standing.role,
            ApiToken.made_at,
            ApiToken.expires_at,
            ApiToken.revoked_at,
            ApiToken.last_used_on,
        )
        .join(
            Standing,
            and_(Standing.tenant_id == ApiToken.tenant_id, Standing.id == ApiToken.standing_id),
        )
        .where(ApiToken.tenant_id == scope.tenant_id)
        .order_by(ApiToken.made_at.desc(), ApiToken.id.desc())
    )
    return [TokenLine(*row) for row in rows]


def shown_names(scope: Scope, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The name by which the tenant knows each of these people, past standings included.

    Of somebody who came through a door the tenant knows the office and the name.
    """
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Standing.person_id, Standing.shown_name).where(Standing.person_id.in_(wanted))
    )
    names = {person_id: name for person_id, name in rows}
    strangers = wanted - names.keys()
    if strangers:
        visits = db.session.execute(
            select(Door.person_id, Door.office, Door.visitor).where(
                Door.tenant_id == scope.tenant_id, Door.person_id.in_(strangers)
            )
        )
        names |= {person_id: f"{office}{visitor}" for person_id, office, visitor in visits}
    return names


def working_here(scope: Scope, day: date) -> dict[UUID, str]:
    """Everybody who stands in the tenant on a day, with the name by which it knows them."""
    rows = db.session.execute(
        select(Standing.person_id, Standing.shown_name).where(
            Standing.tenant_id == scope.tenant_id, holds_on(day)
        )
    )
    return {person_id: name for person_id, name in rows}


def holds_on(day: date) -> ColumnElement[bool]:
    """Whether a standing counts on a day; as `rules.Held.holds_on` says it."""
    return and_(
        Standing.ended_at.is_(None),
        Standing.valid_from <= day,
        or_(Standing.valid_to.is_(None), Standing.valid_to >= day),
    )


def works_here(person_id: ColumnElement[UUID], tenant_id: int, day: date) -> ColumnElement[bool]:
    """Whether somebody, named by a column, stands in the tenant on a day."""
    return exists().where(
        Standing.tenant_id == tenant_id, Standing.person_id == person_id, holds_on(day)
    )


def everybody_here(scope: Scope) -> list[UUID]:
    """Every person who stands or stood in the tenant."""
    return list(
        db.session.scalars(
            select(Standing.person_id).where(Standing.tenant_id == scope.tenant_id).distinct()
        )
    )
