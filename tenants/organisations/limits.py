"""What one tenant may take of what all share: people, imports an hour, kept files.

Other capabilities call these in one line before they write. It stands below them, so it counts
their rows in plain SQL under the tenant's own stamp and knows nothing else of them.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, text

from tenants.database import db
from tenants.errors import Conflict, TooOften
from tenants.organisations.records import Tenant
from tenants.scope import Scope

MEGABYTE: Final = 1_000_000
_MEMBERS: Final = "SELECT count(*) FROM member WHERE tenant_id = app_tenant()"
_IMPORTS: Final = (
    "SELECT count(*) FROM roster_import WHERE tenant_id = app_tenant()"
    " AND made_at > now() - interval '1 hour'"
)
_BYTES: Final = (
    "SELECT coalesce((SELECT sum(octet_length(file_sealed)"
    " + coalesce(octet_length(reading_sealed), 0)) FROM roster_import"
    " WHERE tenant_id = app_tenant()), 0)"
    " + coalesce((SELECT sum(octet_length(file_sealed)) FROM tenant_export"
    " WHERE tenant_id = app_tenant()), 0)"
    " + coalesce((SELECT sum(octet_length(file_sealed)) FROM tenant_opening"
    " WHERE tenant_id = app_tenant()), 0)"
)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a tenant takes now, beside what it may."""

    members: int
    most_members: int
    imports_this_hour: int
    most_imports_an_hour: int
    kept_bytes: int
    most_megabytes: int


def usage(scope: Scope) -> Usage:
    """The scope's own tenant, now. Counts only."""
    most_members, most_imports, most_megabytes = _limits(scope)
    return Usage(
        _count(_MEMBERS),
        most_members,
        _count(_IMPORTS),
        most_imports,
        _count(_BYTES),
        most_megabytes,
    )


def keep_to_members(scope: Scope, more: int = 1) -> None:
    """Raises Conflict when `more` people would be too many for the tenant."""
    most = _limits(scope)[0]
    if _count(_MEMBERS) + more > most:
        raise Conflict(
            "名册最多 %(most)s 人，再加 %(more)s 人就超出了。请县级管理员调高限额。",
            most=most,
            more=more,
        )


def keep_to_imports(scope: Scope, more_bytes: int) -> None:
    """Raises TooOften or Conflict when another import of this size would be too much."""
    _members, most_imports, most_megabytes = _limits(scope)
    if _count(_IMPORTS) >= most_imports:
        raise TooOften("一小时内最多导入 %(most)s 次。请过一会儿再导入。", most=most_imports)
    _keep_to_bytes(more_bytes, most_megabytes)


def keep_to_storage(scope: Scope, more_bytes: int) -> None:
    """Raises Conflict when a file of this size would not fit beside what is kept."""
    _keep_to_bytes(more_bytes, _limits(scope)[2])


def _keep_to_bytes(more: int, most_megabytes: int) -> None:
    if _count(_BYTES) + more > most_megabytes * MEGABYTE:
        raise Conflict(
            "本单位保存的文件最多 %(most)s MB，已经放不下了。请先处理完或放弃以前的导入。",
            most=most_megabytes,
        )


def _limits(scope: Scope) -> tuple[int, int, int]:
    found = db.session.execute(
        select(Tenant.most_members, Tenant.most_imports_an_hour, Tenant.most_megabytes).where(
            Tenant.id == scope.tenant_id
        )
    ).one()
    return found[0], found[1], found[2]


def _count(question: str) -> int:
    return int(db.session.execute(text(question)).scalar_one())
