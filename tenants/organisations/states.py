"""A tenant's states: paused and going on, closed and opened again; and its limits."""

from datetime import date, timedelta

from sqlalchemy import func, select, update

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotAllowed
from tenants.organisations.below import TenantCard, tenant_below, tenants_below
from tenants.organisations.records import Tenant
from tenants.organisations.rules import KEEPS_CLOSED_DAYS
from tenants.scope import Scope, acting_below

OPENS_TENANTS = ("county_admin", "operator")


def pause(scope: Scope, card: TenantCard, why: str) -> None:
    """Read-only from the next request on; everybody there is told why. The caller commits."""
    _expect(scope, card, "open")
    _change(scope, card, "pause_tenant", paused_at=func.now(), paused_why=_reason(why))


def go_on(scope: Scope, card: TenantCard) -> None:
    """A paused tenant can be changed again."""
    _expect(scope, card, "paused")
    _change(scope, card, "resume_tenant", paused_at=None, paused_why="")


def close(scope: Scope, card: TenantCard, why: str, day: date) -> date:
    """Nobody works in it any more; answers the day on which its data is erased.

    Until then its administrators fetch the export, and the county can open it again.
    """
    _expect(scope, card, "open", "paused")
    if card.level == "township" and _has_open_communities(scope, card):
        raise Conflict("它下面还有没关闭的社区。请先把社区移走或关闭。")
    erase_on = day + timedelta(days=KEEPS_CLOSED_DAYS)
    _change(
        scope,
        card,
        "close_tenant",
        closed_at=func.now(),
        closed_why=_reason(why),
        erase_on=erase_on,
        paused_at=None,
        paused_why="",
    )
    return erase_on


def reopen(scope: Scope, card: TenantCard, day: date) -> None:
    """Within its term a closed tenant is as it was."""
    _expect(scope, card, "closed")
    if card.erase_on is not None and card.erase_on <= day:
        raise Conflict("保留期已过，数据正在清除，不能重新开通。")
    _change(scope, card, "reopen_tenant", closed_at=None, closed_why="", erase_on=None)


def set_limits(
    scope: Scope, card: TenantCard, *, members: int, imports: int, megabytes: int
) -> None:
    """What one tenant may take of what all share."""
    if min(members, imports, megabytes) < 1:
        raise InvalidInput("限额至少是 1。")
    _change(
        scope,
        card,
        "set_limits",
        most_members=members,
        most_imports_an_hour=imports,
        most_megabytes=megabytes,
    )


def _change(scope: Scope, card: TenantCard, act: str, **values: object) -> None:
    """Written down on both sides: with the office that did it and with the tenant it was done to."""
    if scope.level != "county" or scope.role not in OPENS_TENANTS:
        raise NotAllowed
    db.session.execute(update(Tenant).where(Tenant.id == card.id).values(**values))
    note(scope, act, "tenant", None, tenant=card.id)
    below = card.scope(scope)
    with acting_below(below):
        note(below, act, "tenant", None)


def _has_open_communities(scope: Scope, card: TenantCard) -> bool:
    return any(
        other.township_area == card.area and other.level == "community"
        for other in tenants_below(scope)
        if other.state in ("open", "paused")
    )


def _expect(scope: Scope, card: TenantCard, *states: str) -> None:
    """Another administrator may have done the same a moment ago: the row is held from here on."""
    db.session.execute(select(Tenant.id).where(Tenant.id == card.id).with_for_update())
    if tenant_below(scope, card.slug).state not in states:
        raise Conflict("这个单位的状态刚刚变了，请刷新后再看。")


def _reason(why: str) -> str:
    said = why.strip()
    if not said:
        raise InvalidInput("请写明原因。")
    return said[:200]
