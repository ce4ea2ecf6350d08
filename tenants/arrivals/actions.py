"""Registering that somebody came, and moving their case along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from tenants.arrivals.records import Arrival
from tenants.arrivals.rules import may_become
from tenants.audit.actions import note
from tenants.copying import put_rows
from tenants.database import db, new_id
from tenants.errors import Conflict, NotFound
from tenants.members.actions import MemberDraft, enter_members
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.actions import EpisodeDraft, open_episodes
from tenants.outbox.actions import ask, recount
from tenants.scope import Scope

MATCH_JOB = "match_arrivals"


@dataclass(frozen=True, slots=True)
class ArrivalDraft:
    """Somebody who came: who, since when, from where (district level), why."""

    member: MemberDraft
    arrived_on: date | None = None
    from_place: str = ""
    reason: str = ""
    source: str = "office"
    arrived_precision: str = "day"


def register_arrival(scope: Scope, draft: ArrivalDraft) -> UUID:
    """Register one arrival and ask for a proposal, in the same transaction. Answers its id."""
    arrival_id = register_arrivals(scope, [draft])[0]
    ask(scope, MATCH_JOB, {}, dedupe_key=f"match:arrival:{arrival_id}")
    note(scope, "register_arrival", "arrival", arrival_id)
    recount(scope)
    return arrival_id


def register_arrivals(
    scope: Scope, drafts: Sequence[ArrivalDraft], *, import_id: UUID | None = None
) -> list[UUID]:
    """Enter the members, open their inflow episodes and cases. Asks for no match: see above."""
    if not drafts:
        return []
    member_ids = enter_members(
        scope,
        [_incoming(draft.member) for draft in drafts],
        import_id=import_id,
    )
    open_episodes(
        scope,
        [
            EpisodeDraft(
                member_id,
                "inflow",
                draft.arrived_on,
                draft.reason,
                draft.from_place,
                draft.arrived_precision,
            )
            for member_id, draft in zip(member_ids, drafts, strict=True)
        ],
    )
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "member_id": member_id,
            "source": draft.source,
            "arrived_on": draft.arrived_on,
        }
        for member_id, draft in zip(member_ids, drafts, strict=True)
    ]
    put_rows(Arrival, rows)
    return [row["id"] for row in rows]


def _incoming(member: MemberDraft) -> MemberDraft:
    if member.affiliation == "incoming":
        return member
    return member._replace(affiliation="incoming")


def move_on(scope: Scope, arrival_id: UUID, state: str, *, reason: str = "") -> Arrival:
    """Take a case to its next state, its row locked until the commit.

    Raises NotFound, also for a leader whose cells do not hold the person, and Conflict when the case is in a state that does not lead there.
    """
    arrival = db.session.execute(
        select(Arrival)
        .join(Member, and_(Member.tenant_id == Arrival.tenant_id, Member.id == Arrival.member_id))
        .where(Arrival.tenant_id == scope.tenant_id, Arrival.id == arrival_id, seen_by(scope))
        .with_for_update(of=Arrival)
    ).scalar_one_or_none()
    if arrival is None:
        raise NotFound
    if not may_become(arrival.state, state):
        raise Conflict("这件事刚刚被别人处理过,请刷新后再看。", state=arrival.state)
    if (arrival.state, arrival.unserved_reason) != (state, reason):
        arrival.state, arrival.unserved_reason = state, reason
        arrival.state_since = func.now()
        arrival.version += 1
    return arrival
