"""A community goes to another township: its number changes, and with it every row that carries it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Table, text

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotAllowed
from tenants.organisations.below import TenantCard, taken_areas, tenants_below
from tenants.organisations.lookups import boundary_shape
from tenants.organisations.opening import OPENS_TENANTS, judge_ground
from tenants.organisations.rules import next_area
from tenants.outbox.lookups import unfinished_jobs
from tenants.scope import Scope, acting_below

QUIET: Final = timedelta(minutes=1)
"""So long a tenant must have been paused: by then every request begun before it has ended."""


def carrying_an_area() -> list[Table]:
    """Every table of tenants whose rows carry the area by which the offices above count."""
    return [
        table
        for table in db.metadata.sorted_tables
        if {"tenant_id", "area"} <= set(table.columns.keys())
    ]


def move_community(scope: Scope, card: TenantCard, township: int) -> int:
    """Give a community the next free number of another township; answers it. Caller commits.

    One transaction over every table that carries the area: the offices above count it in the old
    township or in the new one, never in both, and nothing stays behind. It is paused meanwhile,
    because a request that was begun under the old number could still write it.
    """
    _refuse(scope, card, township)
    area = next_area("community", township, taken_areas(scope))
    if area is None:
        raise Conflict("这里已经有 999 个下级单位，编号用完了。")
    below = card.scope(scope)
    moved = replace(below, area=area)
    with acting_below(below):
        if unfinished_jobs(below):
            raise Conflict("它还有没做完的后台工作。请等做完再移。")
        shape = boundary_shape(below)
    if shape is not None:
        judge_ground(scope, card.level, area, shape, but=card.id)
    with acting_below(moved):
        db.session.execute(text("SELECT door_move_tenant(:area)"), {"area": area})
        for table in carrying_an_area():
            db.session.execute(text("SELECT door_restamp(:name)"), {"name": table.name})
        note(moved, "move_tenant", "tenant", None, before=card.area, after=area)
    note(scope, "move_tenant", "tenant", None, tenant=card.id, before=card.area, after=area)
    return area


def _refuse(scope: Scope, card: TenantCard, township: int) -> None:
    if scope.level != "county" or scope.role not in OPENS_TENANTS:
        raise NotAllowed
    if card.level != "community":
        raise InvalidInput("只有社区可以移到另一个乡镇（街道）。")
    found = {other.area: other for other in tenants_below(scope) if other.level == "township"}
    if township not in found or found[township].state != "open" or township == card.township_area:
        raise InvalidInput("请选择另一个在用的乡镇（街道）。")
    if card.state != "paused" or card.paused_at is None:
        raise Conflict("请先暂停它，一分钟后再移：这样移的时候没有人正在写。")
    if datetime.now(UTC) - card.paused_at < QUIET:
        raise Conflict("刚刚才暂停，还可能有人没写完。请满一分钟后再移。")
