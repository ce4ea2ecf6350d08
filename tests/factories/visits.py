"""Visits through the real actions, operations as a tablet sends them, and what came of both."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, text

from tenants.database import db, new_id
from tenants.scope import Scope
from tenants.visits.actions import VisitDraft, record_visit
from tenants.visits.rules import Done
from tests.factories.counties import Office


def a_visit(office: Office, member_id: UUID, scope: Scope | None = None, **wanted: Any) -> UUID:
    """One visit today at which the member was reached; fields as in VisitDraft."""
    fields = {"happened_on": date.today(), "outcome": "reached", "way": "visit", **wanted}
    with office.acting(scope) as entered:
        return record_visit(entered, VisitDraft(member_id, **fields), date.today())


def visits(office: Office) -> list[Row]:
    """Every visit of the office, in the order it was recorded."""
    with office.acting():
        return list(db.session.execute(text("SELECT * FROM visit ORDER BY recorded_at, id")))


def done(happened_on: str, **wanted: Any) -> Done:
    """A visit as plain values for the rules; a contact at the door unless told otherwise."""
    fields = {"kind": "contact", "outcome": "reached", "way": "visit", **wanted}
    return Done(UUID(int=1), date.fromisoformat(happened_on), **fields)


def an_operation(kind: str = "visit", made_at: datetime | None = None, **wanted: Any) -> dict:
    """One operation as JSON; `body` replaces the whole body, other words are fields of a visit."""
    body = wanted.pop("body", None)
    further = {name: wanted.pop(name) for name in ("seen", "sequence", "id") if name in wanted}
    if body is None:
        body = {
            "happened_on": date.today().isoformat(),
            "outcome": "reached",
            "way": "visit",
            **{
                key: str(value) if isinstance(value, UUID) else value
                for key, value in wanted.items()
            },
        }
    return {
        "id": str(new_id()),
        "kind": kind,
        "made_at": (made_at or datetime.now(UTC)).isoformat(),
        "body": body,
        **further,
    }


def delivered(cast, operations: list[dict], device: UUID | str | None = None, status: int = 200):
    """The answers to a batch, in the order it was sent."""
    answer = cast.client.post(
        f"{cast.office.api}/operations",
        json={"device": str(device or uuid4()), "operations": operations},
    )
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json["answers"] if status == 200 else answer.json
