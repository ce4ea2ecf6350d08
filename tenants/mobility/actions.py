"""Opening and closing episodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert

from tenants.database import db, new_id
from tenants.mobility.records import Episode
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class EpisodeDraft:
    """A coming or going to be written down. `other_place`: district level only."""

    member_id: UUID
    direction: str
    started_on: date | None = None
    reason: str = ""
    other_place: str = ""


def open_episodes(scope: Scope, drafts: Sequence[EpisodeDraft]) -> None:
    """Write down that these people left or came."""
    if not drafts:
        return
    db.session.execute(
        insert(Episode),
        [
            {
                "id": new_id(),
                "member_id": draft.member_id,
                "direction": draft.direction,
                "started_on": draft.started_on,
                "reason": draft.reason,
                "other_place": draft.other_place,
            }
            for draft in drafts
        ],
    )
