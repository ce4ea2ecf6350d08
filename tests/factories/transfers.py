"""Transfer letters through the real actions."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from tenants.transfers.actions import LetterDraft, issue
from tests.factories.counties import Community
from tests.factories.members import a_member

_numbers = count(1)


def a_number() -> str:
    """A number nobody has used."""
    return f"虚构字第{next(_numbers):05}号"


def a_letter(
    community: Community,
    member_id: UUID | None = None,
    *,
    issued_on: date | None = None,
    valid_to: date | None = None,
    number: str = "",
    **member: Any,
) -> UUID:
    """A letter issued today unless told otherwise, of a new member unless one is given."""
    whose = member_id or a_member(community, branch_id=community.branches[0], **member)
    with community.acting() as scope:
        return issue(
            scope,
            LetterDraft(
                whose,
                number or a_number(),
                "虚构区",
                "虚构街道党工委",
                issued_on or date.today(),
                valid_to,
            ),
            date.today(),
        )
