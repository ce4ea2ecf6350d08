"""The rows of an import that are, or may be, people the register knows; what a person decides.

Old and new values are kept sealed under the row's own id: before the import is accepted to be
shown, afterwards so that it can be taken back.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select, update

from tenants.audit.actions import note, note_people
from tenants.copying import put_rows
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.import_states import CHOICES
from tenants.members.records import Member, RosterImport, RosterMatch
from tenants.members.roster_changes import Facts
from tenants.members.roster_known import Recognised
from tenants.members.roster_updates import Change
from tenants.organisations.sealing import Seal, seal_of
from tenants.scope import Scope

SHOWN: Final = 50
_TOLD_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One such row as the page shows it; `old` and `new` hold the fields that differ."""

    id: UUID
    sheet: str
    row: int
    standing: str
    sign: str
    member_id: UUID
    member_name: str
    row_name: str
    fields: tuple[str, ...]
    old: Facts
    new: Facts
    decision: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of one row, and which member in which version it was decided of."""

    decision: str
    member_id: UUID
    version: int


def keep_matches(scope: Scope, import_id: UUID, found: Iterable[Recognised]) -> None:
    """The rows a check has recognised, instead of those an earlier check had."""
    forget_matches(scope, import_id)
    put_rows(RosterMatch, _rows(scope, import_id, found))


def keep_applied(
    scope: Scope, import_id: UUID, applied: Sequence[Recognised], episodes: Mapping[UUID, UUID]
) -> None:
    """What was changed of whom, so that it can be taken back; whatever was not is forgotten.

    `episodes`: member -> the absence that was opened with it.
    """
    forget_matches(scope, import_id)
    rows = _rows(scope, import_id, applied)
    put_rows(RosterMatch, (_done(row, episodes) for row in rows))
    people = [one.known.id for one in applied if one.known is not None]
    for start in range(0, len(people), _TOLD_AT_ONCE):
        note_people(scope, "update_by_roster", people[start : start + _TOLD_AT_ONCE])


def forget_matches(scope: Scope, import_id: UUID) -> None:
    """Nothing of what was read of known people stays."""
    db.session.execute(
        delete(RosterMatch).where(
            RosterMatch.tenant_id == scope.tenant_id, RosterMatch.import_id == import_id
        )
    )


def matches(
    scope: Scope,
    import_id: UUID,
    standing: str = "",
    after: tuple[str, int] | None = None,
    limit: int = SHOWN,
) -> list[MatchLine]:
    """Rows by their place in the file, after `after` (sheet, row). The caller notes who was read."""
    question = (
        select(RosterMatch, Member.name)
        .join(
            Member,
            (Member.tenant_id == RosterMatch.tenant_id) & (Member.id == RosterMatch.member_id),
        )
        .where(RosterMatch.tenant_id == scope.tenant_id, RosterMatch.import_id == import_id)
        .order_by(RosterMatch.sheet, RosterMatch.row)
        .limit(limit)
    )
    if standing:
        question = question.where(RosterMatch.standing == standing)
    if after is not None:
        place = func.row(RosterMatch.sheet, RosterMatch.row)
        question = question.where(place > func.row(*after))
    found = db.session.execute(question).all()
    seal = seal_of(scope)
    lines = []
    for match, name in found:
        kept = json.loads(seal.open(bytes(match.values_sealed or b""), match.id, "values"))
        lines.append(
            MatchLine(
                match.id, match.sheet, match.row, match.standing, match.sign, match.member_id,
                name, kept["name"], tuple(match.fields), kept["old"], kept["new"], match.decision,
            )
        )  # fmt: skip
    return lines


def decide_match(scope: Scope, import_id: UUID, match_id: UUID, decision: str) -> None:
    """Keep what a person decided of one row; '' leaves it to what they say of all."""
    row = db.session.execute(
        select(RosterMatch.standing, RosterImport.state)
        .join(
            RosterImport,
            (RosterImport.tenant_id == RosterMatch.tenant_id)
            & (RosterImport.id == RosterMatch.import_id),
        )
        .where(
            RosterMatch.tenant_id == scope.tenant_id,
            RosterMatch.import_id == import_id,
            RosterMatch.id == match_id,
        )
        .with_for_update(of=RosterMatch)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.state != "checked":
        raise Conflict("这份名册刚刚被处理过，请刷新后再看。", state=row.state)
    if decision and decision not in CHOICES[row.standing]:
        raise InvalidInput("请从列出的做法里选。")
    db.session.execute(
        update(RosterMatch)
        .where(RosterMatch.tenant_id == scope.tenant_id, RosterMatch.id == match_id)
        .values(decision=decision)
    )
    note(scope, "decide_match", "roster_import", import_id, decision=decision)


def decided_of(scope: Scope, import_id: UUID) -> dict[tuple[str, int], Decided]:
    """(sheet, row) -> what was decided of it ('' where nothing was said of this row alone)."""
    rows = db.session.execute(
        select(
            RosterMatch.sheet,
            RosterMatch.row,
            RosterMatch.decision,
            RosterMatch.member_id,
            RosterMatch.seen_version,
        ).where(RosterMatch.tenant_id == scope.tenant_id, RosterMatch.import_id == import_id)
    )
    return {
        (sheet, row): Decided(decision, member_id, version)
        for sheet, row, decision, member_id, version in rows
    }


def undecided(scope: Scope, import_id: UUID) -> dict[str, int]:
    """Standing -> rows of which nothing was said one by one."""
    rows = db.session.execute(
        select(RosterMatch.standing, func.count())
        .where(
            RosterMatch.tenant_id == scope.tenant_id,
            RosterMatch.import_id == import_id,
            RosterMatch.decision == "",
        )
        .group_by(RosterMatch.standing)
    )
    return {standing: count for standing, count in rows}


def ways_back(scope: Scope, import_id: UUID) -> tuple[list[Change], dict[UUID, UUID]]:
    """What would put the members an import changed back, and the absences it opened of them."""
    found = db.session.execute(
        select(RosterMatch).where(
            RosterMatch.tenant_id == scope.tenant_id,
            RosterMatch.import_id == import_id,
            RosterMatch.version_after.is_not(None),
        )
    ).scalars()
    rows = list(found)
    seal = seal_of(scope)
    changes = []
    for match in rows:
        kept = json.loads(seal.open(bytes(match.values_sealed or b""), match.id, "values"))
        fields = [field for field in match.fields if field != "away"]
        changes.append(Change(match.member_id, match.version_after or 0, fields, kept["old"]))
    return changes, {match.member_id: match.episode_id for match in rows if match.episode_id}


def _done(row: dict[str, Any], episodes: Mapping[UUID, UUID]) -> dict[str, Any]:
    """The row of somebody who was changed, and away since if an absence was opened with it."""
    row["decision"], row["version_after"] = "update", row["seen_version"] + 1
    row["episode_id"] = episodes.get(row["member_id"])
    return row


def _rows(scope: Scope, import_id: UUID, found: Iterable[Recognised]) -> Iterator[dict[str, Any]]:
    """One after the other: of tens of thousands, none is held longer than it takes to copy it."""
    seal = seal_of(scope)
    return (_row(seal, import_id, one) for one in found)


def _row(seal: Seal, import_id: UUID, one: Recognised) -> dict[str, Any]:
    assert one.known is not None
    id_ = new_id()
    kept = {"name": one.row.name, "old": one.old, "new": one.new}
    return {
        "id": id_,
        "import_id": import_id,
        "sheet": one.row.sheet[:100],
        "row": one.row.number,
        "standing": one.standing,
        "sign": one.sign,
        "member_id": one.known.id,
        "seen_version": one.known.version,
        "fields": list(one.fields),
        "values_sealed": seal.close(json.dumps(kept, ensure_ascii=False), id_, "values"),
        "decision": "",
        "version_after": None,
        "episode_id": None,
    }
