"""What is said of an episode afterwards, what is taken back, and reading how to reach somebody.

Each takes back one fact alone; that it was said and taken back stays in the audit.
"""

from typing import Final
from uuid import UUID

from tenants.audit.actions import note
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.revealing import write_reading_down
from tenants.mobility.holding import check_season, open_episode, seen_episode
from tenants.organisations.sealing import seal_of
from tenants.scope import Scope

TAKEN_BACK: Final = {"debrief": "debriefed_on", "settle": "settled_on", "file": "filed_on"}
"""What can be taken back -> the field that holds its day."""


def say_season(scope: Scope, episode_id: UUID, first: int | None, last: int | None) -> None:
    """Keep in which months of every year they are away (MOB-6); None and None, in none.

    Raises NotFound, Conflict when they are back, InvalidInput for months that cannot be.
    """
    episode = open_episode(scope, episode_id)
    if episode.direction != "outflow":
        raise Conflict("只有流出的党员才登记外出的季节。")
    check_season(first, last)
    episode.season_first, episode.season_last = first, last
    note(scope, "say_season", "episode", episode_id, taken_back=first is None)
    db.session.flush()


def take_back(scope: Scope, episode_id: UUID, what: str) -> None:
    """Undo a talk, a settling elsewhere or a filing that was registered by mistake.

    Raises NotFound, InvalidInput for anything else, Conflict when there is nothing to undo.
    """
    episode = seen_episode(scope, episode_id)
    if what not in TAKEN_BACK:
        raise InvalidInput("请说明要撤销哪一项。")
    if getattr(episode, TAKEN_BACK[what]) is None:
        raise Conflict("这一项本来就没有登记，请刷新后再看。")
    setattr(episode, TAKEN_BACK[what], None)
    note(scope, "take_back_word", "episode", episode_id, what=what)
    db.session.flush()


def reveal_contact(scope: Scope, episode_id: UUID, reason: str, remark: str = "") -> str:
    """How to reach somebody while they are away, as it was entered; written down with the reason.

    The rules are those of the register's own telephone (`members.revealing.reveal`).
    """
    episode = seen_episode(scope, episode_id)
    if episode.contact_sealed is None:
        raise NotFound("这一项没有登记。")
    write_reading_down(scope, episode.member_id, "contact", reason, remark)
    return seal_of(scope).open(bytes(episode.contact_sealed), episode_id, "contact")
