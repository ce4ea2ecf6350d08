"""Reading the audit: what happened, page by page; and its chain, link by link."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, or_, select

from tenants.audit.records import AuditEntry, AuditLink
from tenants.audit.rules import Break, Entry, Walk, anchors_in
from tenants.database import db
from tenants.scope import Scope

PAGE = 50
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the audit as a list shows it; `person_id` None: a worker did it."""

    id: UUID
    at: datetime
    person_id: UUID | None
    role: str
    act: str
    subject_kind: str
    subject_id: UUID | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a tenant's chain."""

    seq: int
    hash: bytes
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of the audit is narrowed to; empty fields narrow nothing.

    `since` and `until`: moments, the second excluded. `subject_ids`: any of these; lists in
    which a member stood are found as well. None: whatever it is about.
    """

    person_id: UUID | None = None
    act: str = ""
    since: datetime | None = None
    until: datetime | None = None
    subject_ids: tuple[UUID, ...] | None = None


def entries(
    scope: Scope, wanted: Wanted, *, after: UUID | None = None, limit: int = PAGE
) -> list[Line]:
    """The tenant's entries, newest first; `after` is the last id of the page before."""
    question = select(
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.person_id,
        AuditEntry.role,
        AuditEntry.act,
        AuditEntry.subject_kind,
        AuditEntry.subject_id,
        AuditEntry.facts,
    ).where(AuditEntry.tenant_id == scope.tenant_id, *_conditions(wanted))
    if after is not None:
        question = question.where(AuditEntry.id < after)
    rows = db.session.execute(question.order_by(AuditEntry.id.desc()).limit(limit))
    return [Line(*row) for row in rows]


def head(scope: Scope) -> Head | None:
    """The last link of the tenant's chain, or None while nothing was noted."""
    row = db.session.execute(
        select(AuditLink.seq, AuditLink.hash, AuditLink.linked_at)
        .where(AuditLink.tenant_id == scope.tenant_id)
        .order_by(AuditLink.seq.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Head(*row)


def first_break(scope: Scope, anchors: Mapping[int, bytes]) -> tuple[int, Break | None]:
    """Walk the tenant's chain: how many links hold, and where it first fails.

    `anchors`: number of a link -> its hash, as it was written down outside the database.
    """
    walk = Walk(anchors)
    for batch in _batches(scope):
        found = walk.first_break(batch)
        if found:
            return walk.seq, found
    last = head(scope)
    if last is not None and last.seq > walk.seq:
        return walk.seq, Break(walk.seq + 1, last.linked_at, "", "missing")
    return walk.seq, walk.first_break(_unlinked(scope)) or walk.end()


def anchors_of(scope: Scope, folder: Path) -> dict[int, bytes]:
    """The tenant's anchors in a folder of anchor files; see `audit.rules.anchor_line`."""
    found: dict[int, bytes] = {}
    for path in sorted(folder.glob("audit-*.txt")):
        with path.open(encoding="utf-8") as lines:
            found |= anchors_in(lines, scope.tenant_id)
    return found


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.person_id is not None:
        yield AuditEntry.person_id == wanted.person_id
    if wanted.act:
        yield AuditEntry.act == wanted.act
    if wanted.since is not None:
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.at < wanted.until
    if wanted.subject_ids is not None:
        yield or_(
            AuditEntry.subject_id.in_(wanted.subject_ids),
            *(AuditEntry.facts.contains({"people": [str(one)]}) for one in wanted.subject_ids),
        )


def _batches(scope: Scope) -> Iterator[list[Entry]]:
    last = 0
    while True:
        rows = db.session.execute(
            _chained()
            .where(AuditLink.tenant_id == scope.tenant_id, AuditLink.seq > last)
            .order_by(AuditLink.seq)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        yield [Entry(*row) for row in rows]
        last = rows[-1].seq


def _unlinked(scope: Scope) -> list[Entry]:
    rows = db.session.execute(
        _chained(outer=True)
        .where(AuditEntry.tenant_id == scope.tenant_id, AuditLink.id.is_(None))
        .order_by(AuditEntry.id)
        .limit(1)
    )
    return [Entry(*row) for row in rows]


def _chained(*, outer: bool = False) -> Any:
    return select(
        AuditEntry.tenant_id,
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.person_id,
        AuditEntry.role,
        AuditEntry.act,
        AuditEntry.subject_kind,
        AuditEntry.subject_id,
        cast(AuditEntry.facts, Text),
        AuditLink.seq,
        AuditLink.hash,
    ).join(
        AuditLink,
        and_(AuditLink.tenant_id == AuditEntry.tenant_id, AuditLink.id == AuditEntry.id),
        isouter=outer,
    )
