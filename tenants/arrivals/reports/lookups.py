"""The open letter, the reports that wait, and how a member was verified."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from tenants.arrivals.reports.records import OpenLetter, SelfReport, Verification
from tenants.arrivals.reports.rules import LASTS_DAYS, Facts
from tenants.database import db
from tenants.errors import NotFound
from tenants.organisations.sealing import seal_of
from tenants.people.lookups import shown_names
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Report:
    """A report that waits for somebody to look at it."""

    id: UUID
    facts: Facts
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """How it was made sure that a member is one; `who`: the name of who did."""

    how: str
    document: str
    verified_on: date
    who: str


def letter_code(scope: Scope) -> str | None:
    """The open letter's code, or None where none is out."""
    return db.session.execute(
        select(OpenLetter.code).where(
            OpenLetter.tenant_id == scope.tenant_id, OpenLetter.closed_at.is_(None)
        )
    ).scalar_one_or_none()


def is_open(scope: Scope, code: str) -> bool:
    """Whether a code is that of the tenant's open letter."""
    known = letter_code(scope)
    return known is not None and compare_digest(known.encode(), code.encode())


def waiting(scope: Scope) -> int:
    """How many reports nobody has looked at."""
    return db.session.execute(
        select(func.count())
        .select_from(SelfReport)
        .where(SelfReport.tenant_id == scope.tenant_id, _in_time())
    ).scalar_one()


def reports(scope: Scope, limit: int = 100) -> list[Report]:
    """The reports that wait, oldest first."""
    rows = (
        db.session.execute(
            select(SelfReport)
            .where(SelfReport.tenant_id == scope.tenant_id, _in_time())
            .order_by(SelfReport.received_at, SelfReport.id)
            .limit(limit)
        )
        .scalars()
        .all()
    )
    return [_opened(scope, row) for row in rows]


def report(scope: Scope, report_id: UUID) -> Report:
    """One report. Raises NotFound."""
    row = db.session.execute(
        select(SelfReport).where(
            SelfReport.tenant_id == scope.tenant_id, SelfReport.id == report_id, _in_time()
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return _opened(scope, row)


def verifications(scope: Scope, member_id: UUID) -> list[Verified]:
    """How a member was verified, newest first. The caller has asked who may see the member."""
    rows = db.session.execute(
        select(Verification)
        .where(Verification.tenant_id == scope.tenant_id, Verification.member_id == member_id)
        .order_by(Verification.recorded_at.desc())
    ).scalars()
    found = list(rows)
    names = shown_names(scope, [each.verified_by for each in found if each.verified_by])
    return [
        Verified(
            each.how,
            each.document,
            each.verified_on,
            names.get(each.verified_by, "") if each.verified_by else "",
        )
        for each in found
    ]


def _in_time() -> ColumnElement[bool]:
    return SelfReport.received_at > datetime.now(UTC) - timedelta(days=LASTS_DAYS)


def _opened(scope: Scope, row: SelfReport) -> Report:
    texts = json.loads(seal_of(scope).open(bytes(row.facts_sealed), row.id, "facts"))
    return Report(row.id, Facts.of_texts(texts), row.received_at)
