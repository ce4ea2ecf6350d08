"""A roster that is accepted: members, their episodes, arrivals and the asking for a match.

All in one transaction of the caller: a crash in the middle takes nothing in.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from tenants.arrivals.actions import MATCH_JOB, ArrivalDraft, register_arrivals
from tenants.arrivals.roster_movements import AWAY, class_counts, with_departures
from tenants.members.actions import MemberDraft, Place, enter_members
from tenants.members.homes import place_of
from tenants.members.roster_changes import residence_of
from tenants.members.roster_homes import FOUND_BY, Homes, homes_of
from tenants.members.roster_known import Recognised, recognise
from tenants.members.roster_matches import Decided, keep_applied
from tenants.members.roster_rows import CommunityFacts, Roster, RosterPlace, RosterRow
from tenants.members.roster_sentences import (
    ALREADY_REGISTERED,
    KNOWN_SENTENCES,
    SIGN_WORDS,
)
from tenants.members.roster_updates import Change, change_members
from tenants.members.stages import FULL
from tenants.mobility.actions import EpisodeDraft, open_episodes
from tenants.organisations.lookups import boundary_shape
from tenants.outbox.actions import ask
from tenants.places.lookups import branches
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person said of rows that are (`changed`) or may be (`possible`) known people.

    update, add or skip; '' is skip. `rows` is what they saw and said row by row; None where nobody
    looked at rows, as on the command line.
    """

    changed: str = ""
    possible: str = ""
    rows: Mapping[tuple[str, int], Decided] | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What a roster brings: new people, and people known already.

    counts: rows = accepted + rejected + duplicates; `faults` name every row not taken. `updates`
    are to be applied, `matches` all rows that are or may be somebody known and differ. `homes` are
    the buildings that addresses name. `impact` is what a person sees before they accept.
    """

    fresh: tuple[RosterRow, ...]
    updates: tuple[Recognised, ...]
    matches: tuple[Recognised, ...]
    counts: dict[str, int]
    faults: list[dict[str, Any]]
    homes: Homes = field(default_factory=Homes)
    impact: dict[str, Any] = field(default_factory=dict)


class ChangedMeanwhile(RuntimeError):
    """Somebody changed one of these people between the judging and the writing."""


def community_facts(scope: Scope) -> CommunityFacts:
    """What judging a roster needs to know of the community."""
    classes = frozenset(name for branch in branches(scope) for name in branch.classes)
    return CommunityFacts(scope.name, boundary_shape(scope), classes)


def sift(scope: Scope, roster: Roster, today: date, decisions: Decisions | None = None) -> Intake:
    """Tell new people from known ones, and what becomes of each by the decisions taken so far."""
    decisions = decisions or Decisions()
    rows = roster.of("accepted")
    homes = homes_of(scope, rows)
    found = with_departures(scope, recognise(scope, rows, homes))
    fresh, updates, left_out = [], [], []
    updated: set[UUID] = set()
    for one in found:
        what, why = _becomes(one, decisions, updated)
        if what == "add":
            fresh.append(one.row)
        elif what == "update":
            assert one.known is not None
            updated.add(one.known.id)
            updates.append(one)
        else:
            left_out.append(_fault(one, why))
    counts = roster.counts()
    counts["accepted"] = len(fresh) + len(updates)
    counts["duplicates"] += len(left_out)
    faults = sorted(roster.fault_lines() + left_out, key=lambda line: (line["sheet"], line["row"]))
    waiting = tuple(one for one in found if one.standing in ("changed", "possible"))
    impact = _impact(scope, found, homes, today)
    return Intake(tuple(fresh), tuple(updates), waiting, counts, faults, homes, impact)


def take_in(scope: Scope, intake: Intake, import_id: UUID) -> int:
    """Enter everybody new, change who is known; answers how many arrivals wait for a match now."""
    here = [row for row in intake.fresh if row.kind != "inflow"]
    _enter(scope, here, intake.homes, import_id)
    arrived = [row for row in intake.fresh if row.kind == "inflow"]
    register_arrivals(scope, _arrivals(arrived, intake.homes), import_id=import_id)
    _apply(scope, intake.updates, import_id)
    if arrived:
        ask(scope, MATCH_JOB, {}, dedupe_key=f"match:import:{import_id}")
    return len(arrived)


def _becomes(one: Recognised, decisions: Decisions, updated: set[UUID]) -> tuple[str, str]:
    """(add, update or skip, the code of why it is skipped) of one row."""
    if one.standing == "fresh" or one.known is None:
        return "add", ""
    if one.standing == "same":
        return "skip", "already_registered"
    why = "known_changed" if one.standing == "changed" else "possibly_known"
    overall = decisions.changed if one.standing == "changed" else decisions.possible
    if decisions.rows is None:
        what = overall
    else:
        seen = decisions.rows.get((one.row.sheet[:100], one.row.number))
        what = (seen.decision or overall) if seen else ""
        if (
            what == "update"
            and seen
            and (seen.member_id, seen.version)
            != (
                one.known.id,
                one.known.version,
            )
        ):
            return "skip", "changed_meanwhile"
    if what == "update" and one.known.id in updated:
        return "skip", "already_registered"
    return what or "skip", why


def _fault(one: Recognised, code: str) -> dict[str, Any]:
    values = {"same": SIGN_WORDS[one.sign]} if code == "possibly_known" else {}
    msgid = KNOWN_SENTENCES.get(code, ALREADY_REGISTERED)
    return {
        "sheet": one.row.sheet,
        "row": one.row.number,
        "column": "",
        "code": code,
        "values": values,
        "sentence": msgid % values if values else msgid,
    }


def _impact(scope: Scope, found: Sequence[Recognised], homes: Homes, today: date) -> dict[str, Any]:
    """Counts of what the rows would do, of new people's homes, and of whose class it would change."""
    standings = Counter(one.standing for one in found)
    fields = Counter(name for one in found if one.standing == "changed" for name in one.fields)
    fresh = [one.row for one in found if one.standing == "fresh"]
    changed = (one for one in found if one.standing == "changed")
    return {
        **{name: standings[name] for name in ("fresh", "same", "changed", "possible")},
        "fields": dict(fields),
        "homes": homes.counts(fresh),
        "movements": any(one.row.kind == "outflow" for one in found),
        "classes": [count.line() for count in class_counts(scope, fresh, changed, today)],
    }


def _enter(scope: Scope, rows: Sequence[RosterRow], homes: Homes, import_id: UUID) -> None:
    drafts = [_member(row, homes) for row in rows]
    member_ids = enter_members(scope, drafts, import_id=import_id)
    open_episodes(
        scope,
        [
            _departure(member_id, row)
            for member_id, row in zip(member_ids, rows, strict=True)
            if row.kind == "outflow"
        ],
    )


def _apply(scope: Scope, updates: Sequence[Recognised], import_id: UUID) -> None:
    """Change known people as decided. Raises ChangedMeanwhile: then it is to be judged anew."""
    changes = [
        Change(one.known.id, one.known.version, [f for f in one.fields if f != AWAY], one.new)
        for one in updates
        if one.known is not None
    ]
    if len(change_members(scope, changes)) != len(changes):
        raise ChangedMeanwhile
    leaving = [(one.known.id, one.row) for one in updates if one.known and AWAY in one.fields]
    episodes = open_episodes(scope, [_departure(id_, row) for id_, row in leaving])
    opened = {id_: episode for (id_, _row), episode in zip(leaving, episodes, strict=True)}
    keep_applied(scope, import_id, updates, opened)


def _departure(member_id: UUID, row: RosterRow) -> EpisodeDraft:
    precision = row.left.precision if row.left else "day"
    return EpisodeDraft(member_id, "outflow", row.left.on, started_precision=precision)


def _arrivals(rows: Sequence[RosterRow], homes: Homes) -> list[ArrivalDraft]:
    return [
        ArrivalDraft(
            _member(row, homes),
            row.arrived.on,
            row.home_organisation[:80],
            source="roster",
            arrived_precision=row.arrived.precision if row.arrived else "day",
        )
        for row in rows
    ]


def _member(row: RosterRow, homes: Homes) -> MemberDraft:
    building = homes.of(row)
    return MemberDraft(
        name=row.name,
        affiliation="incoming" if row.kind == "inflow" else "affiliated",
        sex=row.sex,
        born_on=row.birth.on,
        born_precision=row.birth.precision,
        joined_on=row.joined.on,
        joined_precision=row.joined.precision,
        phone=row.phone,
        document=row.document,
        address=row.address,
        employer=row.employer,
        class_=row.branch_class,
        stage=row.stage or FULL,
        residence="inside" if building else residence_of(row),
        home=place_of(building)._replace(found_by=FOUND_BY) if building else _place(row.home),
        work=_place(row.work),
    )


def _place(place: RosterPlace | None) -> Place | None:
    if place is None:
        return None
    raw = (place.raw_lon, place.raw_lat)
    return Place(place.lon, place.lat, system=place.system, raw=raw, swapped=place.swapped)
