"""Members of a register: invented names, places inside the community."""

from __future__ import annotations

from itertools import count
from typing import Any
from uuid import UUID

from tenants.members.actions import MemberDraft, Place, enter_members
from tests.factories.counties import Community

_numbers = count(1)


def a_draft(community: Community, **wanted: Any) -> MemberDraft:
    """A draft of a member at home in the middle of cell 1; `home`, `work`: (lon, lat) or None."""
    number = next(_numbers)
    home = wanted.pop("home", community.inside(1))
    work = wanted.pop("work", None)
    return MemberDraft(
        **{
            "name": f"虚构党员{number}",
            "affiliation": "affiliated",
            "phone": f"1990000{number % 10_000:04}",
            "address": f"虚构路{number}号",
            "home": Place(*home) if home else None,
            "work": Place(*work) if work else None,
            **wanted,
        }
    )


def a_member(community: Community, **wanted: Any) -> UUID:
    """One member; fields as in MemberDraft, places as in `a_draft`."""
    return some_members(community, 1, **wanted)[0]


def some_members(community: Community, how_many: int, **wanted: Any) -> list[UUID]:
    """Several members alike but for name, phone and address."""
    with community.acting() as scope:
        return enter_members(scope, [a_draft(community, **wanted) for _ in range(how_many)])
