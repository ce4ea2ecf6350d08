"""Activity certificates through the real actions."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from tenants.certificates.actions import Step, add_entry, move_certificate, request_certificate
from tests.factories.counties import Community

_numbers = count(1)


def a_certificate(
    community: Community, member_id: UUID, *states: str, on: date | None = None
) -> UUID:
    """A certificate that went through these steps, all on one day; requested when none."""
    day = on or date.today()
    with community.acting() as scope:
        found = request_certificate(scope, member_id, day, date.today())
    for state in states:
        stepped(community, found, state, on=day)
    return found


def stepped(community: Community, certificate_id: UUID, state: str, **wanted: Any) -> None:
    """One step; other fields as in Step."""
    number = f"虚证{next(_numbers):05}" if state == "issued" else ""
    fields = {"on": date.today(), "number": number, **wanted}
    with community.acting() as scope:
        move_certificate(scope, certificate_id, Step(state, **fields), date.today())


def an_entry(community: Community, certificate_id: UUID, on: date | None = None) -> UUID:
    """The destination entered that the member took part."""
    day = on or date.today()
    with community.acting() as scope:
        return add_entry(scope, certificate_id, "activity", day, "虚构签字人", date.today())
