"""What a tablet may keep: the leader's own cells, the day's list, the cards that the list needs.

Names and masked data only. Whoever is on it is told: the hand-out is written down like any other
reading. What is no longer there is absent from the next answer, and the tablet drops it.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from json import dumps
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import func, select

from tenants.audit.actions import note_people
from tenants.database import db
from tenants.grid.lookups import cells_today
from tenants.masking import masked
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.organisations.sealing import seal_of
from tenants.places.lookups import branch_names
from tenants.scope import Scope
from tenants.visits.devices import HandedKey, hand_out_key, meet_device, note_sync
from tenants.visits.first_talks import TalkLine
from tenants.visits.lookups import done_for
from tenants.visits.requests import requests
from tenants.visits.rules import Done
from tenants.visits.worklist import WorkLine, worklist

LAST_VISITS = 3


@dataclass(frozen=True, slots=True)
class Handout:
    """Everything for one tablet. `version` changes when cells, list or cards do."""

    key: HandedKey
    lead: dict[str, Any]
    cells: list[dict[str, Any]]
    walk: tuple[WorkLine | TalkLine, ...]
    cards: list[dict[str, Any]]
    version: str


def hand_out(scope: Scope, device_id: UUID, now: datetime, *, with_talks: bool = False) -> Handout:
    """What the tablet keeps from now until its key ends. Raises DeviceWithdrawn, DeviceOfAnother.

    `with_talks`: also the addresses of first talks, for whoever calls there.
    """
    meet_device(scope, device_id)
    key = hand_out_key(scope, device_id, now)
    found = worklist(scope, now.date(), with_talks=with_talks)
    lines = found.lines
    cards = _cards(scope, {line.member_id: line for line in lines})
    cells = _cells(scope)
    lead = what_is_led(scope)
    note_people(scope, "keep_offline", (line.member_id for line in lines))
    note_sync(scope, device_id)
    told: list[Any] = [lead, cells, cards, [[str(line.member_id), _dues(line)] for line in lines]]
    told += [[str(talk.talk_id), talk.words, talk.attempts, _dues(talk)] for talk in found.talks]
    return Handout(key, lead, cells, found.walk, cards, _version(told))


def what_is_led(scope: Scope) -> dict[str, Any]:
    """{"role", "cell_ids", "branch_id", "version"}: a tablet whose version is another one asks anew."""
    cells = sorted(str(cell_id) for cell_id in scope.cell_ids)
    branch = str(scope.branch_id) if scope.branch_id else None
    version = _version([scope.tenant_id, scope.role, cells, branch, scope.standing_id is not None])
    return {"role": scope.role, "cell_ids": cells, "branch_id": branch, "version": version}


def _cells(scope: Scope) -> list[dict[str, Any]]:
    """GeoJSON features of the cells the scope leads; of all where it leads the whole."""
    return [
        {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(shapely.set_precision(cell.shape, 1e-7)),
            "properties": {"id": str(cell.id), "code": cell.code, "name": cell.name},
        }
        for cell in cells_today(scope)
        if not scope.sees_only_own_cells or cell.id in scope.cell_ids
    ]


def _cards(scope: Scope, lines: dict[UUID, WorkLine]) -> list[dict[str, Any]]:
    if not lines:
        return []
    rows = db.session.execute(
        select(Member, func.ST_X(Member.home), func.ST_Y(Member.home))
        .where(seen_by(scope), Member.id.in_(lines))
        .order_by(Member.name, Member.id)
    ).all()
    seal, branches = seal_of(scope), branch_names(scope)
    done, wishes = done_for(scope, lines.keys()), _wishes(scope, lines.keys())
    return [
        {
            "member": str(member.id),
            "name": member.name,
            "sex": member.sex,
            "affiliation": member.affiliation,
            "masked_phone": masked(
                seal.open(bytes(member.phone_sealed), member.id, "phone")
                if member.phone_sealed
                else ""
            ),
            "has_address": member.address_sealed is not None,
            "employer": member.employer,
            "branch": branches.get(member.branch_id, "") if member.branch_id else "",
            "home": None if lon is None else [round(lon, 6), round(lat, 6)],
            "home_precision": member.home_precision,
            "version": member.version,
            "visits": [_told(each) for each in done.get(member.id, [])[-LAST_VISITS:][::-1]],
            "wishes": wishes.get(member.id, []),
        }
        for member, lon, lat in rows
    ]


def _told(done: Done) -> dict[str, Any]:
    return {
        "happened_on": done.happened_on.isoformat(),
        "kind": done.kind,
        "outcome": done.outcome,
        "way": done.way,
        "next_on": _iso(done.next_on),
    }


def _wishes(scope: Scope, member_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for wish in requests(scope):
        if wish.member_id in member_ids:
            found[wish.member_id].append(wish.kind)
    return found


def _dues(line: WorkLine | TalkLine) -> list[list[str]]:
    return [[due.kind, due.state, due.due_on.isoformat()] for due in line.dues]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _version(told: Any) -> str:
    return sha256(dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]
