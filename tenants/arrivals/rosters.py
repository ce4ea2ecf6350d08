"""A roster that is accepted: members, their episodes, arrivals and the asking for a match.

All in one transaction of the caller: a crash in the middle takes nothing in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tenants.arrivals.actions import MATCH_JOB, ArrivalDraft, register_arrivals
from tenants.members.actions import MemberDraft, Place, enter_members
from tenants.members.lookups import known_people
from tenants.members.roster_rows import CommunityFacts, Roster, RosterPlace, RosterRow
from tenants.members.roster_sentences import ALREADY_REGISTERED
from tenants.mobility.actions import EpisodeDraft, open_episodes
from tenants.organisations.lookups import boundary_shape
from tenants.outbox.actions import ask
from tenants.places.lookups import branches
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Intake:
    """What a roster brings: new people, and rows already in the register.

    counts: rows = accepted + rejected + duplicates; `faults` name every row not taken.
    """

    fresh: tuple[RosterRow, ...]
    counts: dict[str, int]
    faults: list[dict[str, Any]]


def community_facts(scope: Scope) -> CommunityFacts:
    """What judging a roster needs to know of the community."""
    classes = frozenset(name for branch in branches(scope) for name in branch.classes)
    return CommunityFacts(scope.name, boundary_shape(scope), classes)


def sift(scope: Scope, roster: Roster) -> Intake:
    """Set the people already in the register apart: same phone, or same name and birth date."""
    accepted = roster.of("accepted")
    known = known_people(
        scope, [(row.name, row.phone, row.birth.on, row.birth.precision) for row in accepted]
    )
    fresh = tuple(row for row, old in zip(accepted, known, strict=True) if not old)
    again = [row for row, old in zip(accepted, known, strict=True) if old]
    counts = roster.counts()
    counts["accepted"] -= len(again)
    counts["duplicates"] += len(again)
    faults = roster.fault_lines() + [
        {
            "sheet": row.sheet,
            "row": row.number,
            "column": "",
            "code": "already_registered",
            "values": {},
            "sentence": ALREADY_REGISTERED,
        }
        for row in again
    ]
    return Intake(fresh, counts, sorted(faults, key=lambda line: (line["sheet"], line["row"])))


def take_in(scope: Scope, intake: Intake, import_id: UUID) -> int:
    """Enter everybody who is new; answers how many arrivals wait for a match now."""
    here = [row for row in intake.fresh if row.kind != "inflow"]
    member_ids = enter_members(scope, [_member(row) for row in here], import_id=import_id)
    open_episodes(
        scope,
        [
            EpisodeDraft(member_id, "outflow", row.left.on)
            for member_id, row in zip(member_ids, here, strict=True)
            if row.kind == "outflow"
        ],
    )
    arrived = [row for row in intake.fresh if row.kind == "inflow"]
    register_arrivals(scope, _arrivals(arrived), import_id=import_id)
    if arrived:
        ask(scope, MATCH_JOB, {}, dedupe_key=f"match:import:{import_id}")
    return len(arrived)


def _arrivals(rows: Sequence[RosterRow]) -> list[ArrivalDraft]:
    return [
        ArrivalDraft(_member(row), row.arrived.on, row.home_organisation[:80], source="roster")
        for row in rows
    ]


def _member(row: RosterRow) -> MemberDraft:
    return MemberDraft(
        name=row.name,
        affiliation="incoming" if row.kind == "inflow" else "affiliated",
        sex=row.sex,
        born_on=row.birth.on,
        born_precision=row.birth.precision,
        joined_on=row.joined.on,
        joined_precision=row.joined.precision,
        phone=row.phone,
        address=row.address,
        employer=row.employer,
        class_=row.branch_class,
        residence=_residence(row),
        home=_place(row.home),
        work=_place(row.work),
    )


def _residence(row: RosterRow) -> str:
    if row.kind == "living_outside":
        return "outside"
    if row.home is None or row.home.metres_outside is None:
        return "unknown"
    return "inside" if row.home.metres_outside == 0 else "outside"


def _place(place: RosterPlace | None) -> Place | None:
    if place is None:
        return None
    return Place(place.lon, place.lat, system=place.system, raw=(place.raw_lon, place.raw_lat))
