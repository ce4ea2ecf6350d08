"""The audit as an administrator reads it: entries with the names of who and of whom."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from tenants.arrivals.records import Arrival
from tenants.audit.lookups import Line, Wanted, entries
from tenants.database import db
from tenants.members.lookups import members, names_of
from tenants.organisations.remarks import opened
from tenants.people.lookups import shown_names
from tenants.people.records import Door, Standing
from tenants.scope import Scope

NAMESAKES = 20


@dataclass(frozen=True, slots=True)
class BookLine:
    """One entry. `who` '': a worker. `member_id`, `name`: whom it is about, when one person.

    `count`: how many people a list held, None for anything else. `reason`: a code or a remark.
    """

    id: UUID
    at: datetime
    who: str
    role: str
    act: str
    subject_kind: str
    member_id: UUID | None
    name: str
    count: int | None
    reason: str


def book(scope: Scope, wanted: Wanted, *, after: UUID | None = None, limit: int) -> list[BookLine]:
    """The tenant's entries, newest first; `after` is the last id of the page before."""
    lines = entries(scope, wanted, after=after, limit=limit)
    names = shown_names(scope, {line.person_id for line in lines if line.person_id})
    about = _members(scope, lines)
    known = names_of(scope, about.values()) if scope.level == "community" else {}
    return [
        _line(
            replace(line, facts=opened(scope, line.facts, line.subject_id)),
            names,
            about.get(line.id),
            known,
        )
        for line in lines
    ]


def everybody(scope: Scope) -> list[tuple[UUID, str]]:
    """Whoever stands or stood in the tenant, or came through a door: id and name, by name."""
    people: dict[UUID, str] = {}
    for person_id, office, visitor in db.session.execute(
        select(Door.person_id, Door.office, Door.visitor).where(Door.tenant_id == scope.tenant_id)
    ):
        people[person_id] = f"{office}{visitor}"
    for person_id, name in db.session.execute(
        select(Standing.person_id, Standing.shown_name).where(Standing.tenant_id == scope.tenant_id)
    ):
        people[person_id] = name
    return sorted(people.items(), key=lambda person: (person[1], person[0]))


def subjects(scope: Scope, words: str) -> tuple[UUID, ...]:
    """Members of that name, and their cases: what a search by name is about."""
    found = [line.id for line in members(scope, words=words, limit=NAMESAKES)]
    cases = db.session.execute(
        select(Arrival.id).where(Arrival.tenant_id == scope.tenant_id, Arrival.member_id.in_(found))
    ).scalars()
    return (*found, *cases)


def _line(
    line: Line, names: dict[UUID, str], member_id: UUID | None, known: dict[UUID, str]
) -> BookLine:
    count = line.facts.get("count")
    return BookLine(
        line.id,
        line.at,
        names.get(line.person_id, "") if line.person_id else "",
        line.role,
        line.act,
        line.subject_kind,
        member_id if member_id in known else None,
        known.get(member_id, "") if member_id else "",
        count if isinstance(count, int) else None,
        str(line.facts.get("remark") or line.facts.get("reason") or ""),
    )


def _members(scope: Scope, lines: list[Line]) -> dict[UUID, UUID]:
    """Entry -> the one member it is about, by themselves or by their case."""
    cases = {line.subject_id for line in lines if line.subject_kind == "arrival"}
    rows = db.session.execute(
        select(Arrival.id, Arrival.member_id).where(
            Arrival.tenant_id == scope.tenant_id, Arrival.id.in_(cases)
        )
    )
    of_case = {case_id: member_id for case_id, member_id in rows}
    found = {}
    for line in lines:
        if line.subject_id is None:
            continue
        if line.subject_kind == "member":
            found[line.id] = line.subject_id
        elif line.subject_id in of_case:
            found[line.id] = of_case[line.subject_id]
    return found
