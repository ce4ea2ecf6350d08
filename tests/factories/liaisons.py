"""Liaisons through the real actions."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from tenants.liaisons.actions import assign, assign_branch
from tenants.liaisons.lookups import running_liaison
from tenants.mobility.actions import Departure, leave
from tests.factories.counties import Community
from tests.factories.members import a_member
from tests.factories.people import Cast


def an_absentee(community: Community, **wanted: Any) -> UUID:
    """A member of the first branch who is away."""
    member_id = a_member(community, **{"branch_id": community.branches[0], **wanted})
    with community.acting() as scope:
        leave(scope, Departure(member_id, date(2026, 1, 5), other_place="外地区"))
    return member_id


def named(community: Community, who: Cast | UUID, *member_ids: UUID, **more: Any) -> UUID:
    """Somebody who works here, or a member who agreed, is the liaison; answers the act's id."""
    chosen = ("person", who.person_id) if isinstance(who, Cast) else ("member", who)
    today = date.today()
    with community.acting() as scope:
        return assign(scope, chosen, member_ids, today, today, **{"agreed": True, **more})


def of_branch(community: Community, who: Cast, branch: int = 1) -> UUID:
    today = date.today()
    with community.acting() as scope:
        chosen = ("person", who.person_id)
        return assign_branch(scope, chosen, community.branches[branch - 1], today, today)


def a_liaison(community: Community, who: Cast, **member: Any) -> dict[str, UUID]:
    """One of everything: a member who is a liaison, the liaison, its act, and a person who is one."""
    keeper_id = a_member(community, branch_id=community.branches[0], **member)
    member_id = an_absentee(community, **member)
    batch_id = named(community, keeper_id, member_id)
    named(community, who, an_absentee(community, **member))
    with community.acting() as scope:
        line = running_liaison(scope, member_id, date.today())
    assert line is not None
    return {
        "keeper_id": keeper_id,
        "liaison_id": line.id,
        "batch_id": batch_id,
        "person_id": who.person_id,
    }
