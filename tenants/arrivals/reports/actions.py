"""Putting the letter out, taking a report in, and what a person makes of it."""

import json
from datetime import UTC, date, datetime, timedelta
from secrets import choice
from uuid import UUID

from sqlalchemy import delete, update

from tenants.arrivals.actions import ArrivalDraft, register_arrival
from tenants.arrivals.records import Arrival
from tenants.arrivals.reports.lookups import is_open, waiting
from tenants.arrivals.reports.records import OpenLetter, SelfReport, Verification
from tenants.arrivals.reports.rules import DOCUMENTS, LASTS_DAYS, MOST_WAITING, WAYS, Facts
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.organisations.sealing import seal_of
from tenants.scope import Scope

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of the letter's code, which people without a scanner type off paper: nothing looks alike."""
LENGTH = 14
"""More than 69 bits: nobody finds a letter by trying."""


def put_letter_out(scope: Scope) -> str:
    """A new open letter; the one before it opens nothing any more. Answers its code."""
    take_letter_in(scope)
    code = "".join(choice(SIGNS) for _ in range(LENGTH))
    db.session.add(OpenLetter(code=code, made_by=scope.person_id))
    note(scope, "put_letter_out", "open_letter")
    db.session.flush()
    return code


def take_letter_in(scope: Scope) -> None:
    """Close the letter that is out, if one is."""
    db.session.execute(
        update(OpenLetter)
        .where(OpenLetter.tenant_id == scope.tenant_id, OpenLetter.closed_at.is_(None))
        .values(closed_at=datetime.now(UTC))
    )


def take_report(scope: Scope, code: str, facts: Facts) -> None:
    """Keep what somebody wrote, sealed as a whole, for a person to look at.

    `scope`: the tenant without a person. Raises NotFound for a letter that is not out, Conflict
    when too many reports wait.
    """
    if not is_open(scope, code):
        raise NotFound
    if waiting(scope) >= MOST_WAITING:
        raise Conflict("现在等待核对的登记太多，请直接联系社区。")
    report_id = new_id()
    texts = json.dumps(facts.as_texts(), ensure_ascii=False)
    sealed = seal_of(scope).close(texts, report_id, "facts")
    db.session.add(SelfReport(id=report_id, facts_sealed=sealed))
    note(scope, "take_self_report", "self_report", report_id)
    db.session.flush()


def verify(
    scope: Scope, report_id: UUID, draft: ArrivalDraft, how: str, document: str, day: date
) -> UUID:
    """The report is true: register the arrival, keep how that was made sure, delete the report.

    Answers the arrival's id. Raises NotFound when somebody else was faster, InvalidInput.
    """
    if how not in WAYS or document not in DOCUMENTS:
        raise InvalidInput("请选怎么核实的、看过什么证件。")
    _delete(scope, report_id)
    arrival_id = register_arrival(scope, draft)
    arrival = db.session.get(Arrival, (scope.tenant_id, arrival_id))
    if arrival is None:
        raise NotFound
    db.session.add(
        Verification(
            member_id=arrival.member_id,
            how=how,
            document=document,
            verified_on=day,
            verified_by=scope.person_id,
        )
    )
    note(scope, "verify_member", "member", arrival.member_id, how=how, document=document)
    db.session.flush()
    return arrival_id


def decline(scope: Scope, report_id: UUID) -> None:
    """The report is of nobody who is to be registered: delete it, and keep nothing of it."""
    _delete(scope, report_id)
    note(scope, "decline_self_report", "self_report")


def purge_reports(scope: Scope, today: date) -> int:
    """Delete what nobody looked at in time; answers how many."""
    before = datetime.combine(today, datetime.min.time(), UTC) - timedelta(days=LASTS_DAYS)
    gone = db.session.execute(
        delete(SelfReport)
        .where(SelfReport.tenant_id == scope.tenant_id, SelfReport.received_at < before)
        .returning(SelfReport.id)
    ).all()
    return len(gone)


def _delete(scope: Scope, report_id: UUID) -> None:
    gone = db.session.execute(
        delete(SelfReport)
        .where(SelfReport.tenant_id == scope.tenant_id, SelfReport.id == report_id)
        .returning(SelfReport.id)
    ).one_or_none()
    if gone is None:
        raise NotFound
