"""Opening a tenant with what it needs on its first day: rules and somebody to administer it."""

from dataclasses import dataclass
from datetime import date

from tenants.errors import InvalidInput
from tenants.mobility.actions import choose_pack
from tenants.organisations.below import TenantCard
from tenants.organisations.opening import Opening, open_below
from tenants.people.invitations import InvitationDraft, invite
from tenants.people.rules import may_give
from tenants.scope import Scope, acting_below


@dataclass(frozen=True, slots=True)
class Administrator:
    """The first person to be let in."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A new tenant; `token` is the secret of its administrator's link, told this once."""

    scope: Scope
    token: str | None


def open_ready(
    scope: Scope,
    opening: Opening,
    day: date,
    *,
    pack_id: str = "",
    administrator: Administrator | None = None,
) -> Opened:
    """Open a tenant as a whole, or not at all. The caller commits."""
    opened = open_below(scope, opening, day)
    token = None
    with acting_below(opened):
        if pack_id:
            choose_pack(opened, pack_id, day)
        if administrator is not None:
            token = _let_in(opened, administrator)
    return Opened(opened, token)


def invite_administrator(scope: Scope, card: TenantCard, administrator: Administrator) -> str:
    """A further administrator for a tenant below; answers the link's secret."""
    below = card.scope(scope)
    with acting_below(below):
        return _let_in(below, administrator)


def _let_in(below: Scope, administrator: Administrator) -> str:
    roles = may_give(below.role, below.level)
    if not roles:
        raise InvalidInput("这一级没有可以邀请的角色。")
    return invite(below, InvitationDraft(administrator.email, administrator.name, roles[0]))[1]
