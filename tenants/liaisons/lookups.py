"""Questions about liaisons: who has one, who ought to and has none, how many each one has.

Whoever asks is answered for the members they may see.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from tenants.database import db
from tenants.errors import NotFound
from tenants.liaisons.orphans import KEEPER, is_away, keepers_facts, lacks, needing, of_keeper
from tenants.liaisons.records import Liaison
from tenants.liaisons.rules import Keeper, gone, need
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.people.lookups import shown_names, working_here
from tenants.places.lookups import branch_names
from tenants.scope import Scope

PAGE: Final = 100
MOST: Final = 100_000
"""More liaisons than any tenant has people."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who is or may be a liaison: `kind` is person (works here) or member (agreed).

    `gone`: one of rules.GONE, '' while they can do it.
    """

    kind: str
    id: UUID
    name: str
    gone: str = ""

    @property
    def code(self) -> str:
        """As forms and programs name them: person:…, member:…."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class LiaisonLine:
    """One liaison of one member or branch. Running while `ended_on` is None."""

    id: UUID
    member_id: UUID | None
    branch_id: UUID | None
    whose: str
    holder: Holder
    from_day: date
    ended_on: date | None
    batch_id: UUID


@dataclass(frozen=True, slots=True)
class Needed:
    """A member who ought to have a liaison and has none, or one with nobody behind it."""

    id: UUID
    name: str
    need: str
    other_place: str
    branch_id: UUID | None
    orphan_of: Holder | None


def liaisons_of(scope: Scope, member_id: UUID, day: date) -> list[LiaisonLine]:
    """One member's liaisons, the running one first. Raises NotFound for one that is not seen."""
    seen = select(Member.id).where(seen_by(scope), Member.id == member_id)
    if db.session.execute(seen).scalar_one_or_none() is None:
        raise NotFound
    return lines_of(
        scope, day, Liaison.member_id == member_id, order=(Liaison.ended_on.desc().nulls_first(),)
    )


def running_liaison(scope: Scope, member_id: UUID, day: date) -> LiaisonLine | None:
    """A member's liaison today, None where there is none or the member is not seen."""
    found = lines_of(
        scope, day, Liaison.member_id == member_id, Liaison.ended_on.is_(None), order=()
    )
    return found[0] if found else None


def needs_liaison(scope: Scope, member_id: UUID, day: date) -> bool:
    """Whether a member ought to have a liaison."""
    question = needing(scope, day).where(Member.id == member_id)
    return db.session.execute(question).first() is not None


def held_by(
    scope: Scope, kind: str, holder_id: UUID, day: date, *, branches_too: bool = True
) -> list[LiaisonLine]:
    """What somebody is the liaison of today, of what the scope may see, by name."""
    column = Liaison.person_id if kind == "person" else Liaison.keeper_id
    wanted: list[ColumnElement[bool]] = [column == holder_id, Liaison.ended_on.is_(None)]
    if not branches_too:
        wanted.append(Liaison.member_id.is_not(None))
    found = lines_of(scope, day, *wanted, order=(Liaison.id,))
    return sorted(found, key=lambda each: (each.branch_id is None, each.whose, each.id))


def running(
    scope: Scope, day: date, *, after: UUID | None = None, limit: int = PAGE
) -> list[LiaisonLine]:
    """Running liaisons of members and branches by id after `after`."""
    wanted: list[ColumnElement[bool]] = [Liaison.ended_on.is_(None)]
    if after is not None:
        wanted.append(Liaison.id > after)
    return lines_of(scope, day, *wanted, order=(Liaison.id,), limit=limit)


def without_liaison(
    scope: Scope, day: date, *, words: str = "", after: UUID | None = None, limit: int = PAGE
) -> list[Needed]:
    """Members who ought to have a liaison and in truth have none, by id after `after`."""
    question = needing(scope, day).where(lacks(scope, day))
    if words:
        question = question.where(Member.name.contains(words, autoescape=True))
    if after is not None:
        question = question.where(Member.id > after)
    rows = db.session.execute(question.order_by(Member.id).limit(limit)).all()
    names = _staff_names(scope, rows)
    return [
        Needed(
            row.id,
            row.name,
            need(row.affiliation, row.away, row.branch_id is not None),
            row.other_place or "",
            row.branch_id,
            _holder(row, names) if row.Liaison else None,
        )
        for row in rows
    ]


def how_many(scope: Scope, day: date) -> tuple[int, int]:
    """(members who ought to have a liaison, those of them who in truth have none)."""
    lacking = func.count().filter(lacks(scope, day))
    row = db.session.execute(needing(scope, day).with_only_columns(func.count(), lacking)).one()
    return row[0], row[1]


def holder(scope: Scope, kind: str, holder_id: UUID, day: date) -> Holder:
    """Who somebody is that may be chosen, or is one already: those are known to all. Raises NotFound."""
    if kind == "person":
        name = working_here(scope, day).get(holder_id)
        known = {holder_id: name} if name else shown_names(scope, [holder_id])
        if holder_id not in known:
            raise NotFound
        return Holder("person", holder_id, str(known[holder_id]), "" if name else "no_standing")
    is_one = exists().where(
        Liaison.tenant_id == scope.tenant_id,
        Liaison.keeper_id == holder_id,
        # Whoever was one once is nobody's business who does not see them anyway.
        Liaison.ended_on.is_(None),
    )
    row = db.session.execute(
        select(
            Member.name,
            Member.left_on.is_not(None),
            is_away(scope, Member.id, day),  # type: ignore[arg-type]
            Member.untraced_since.is_not(None),
        ).where(
            Member.tenant_id == scope.tenant_id,
            Member.id == holder_id,
            or_(seen_by(scope), is_one),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    name, left, away, untraced = row
    return Holder("member", holder_id, name, gone(Keeper("member", False, left, away, untraced)))


def lines_of(
    scope: Scope,
    day: date,
    *wanted: ColumnElement[bool],
    order: tuple[Any, ...],
    limit: int | None = None,
) -> list[LiaisonLine]:
    """Liaisons of members the scope may see and of its branches."""
    of_branch: ColumnElement[bool] = Liaison.branch_id.is_not(None)
    if scope.role == "branch_officer":
        of_branch = Liaison.branch_id == scope.branch_id
    rows = db.session.execute(
        select(Liaison, Member.name, *keepers_facts(scope, day))
        .outerjoin(
            Member,
            and_(Member.tenant_id == Liaison.tenant_id, Member.id == Liaison.member_id),
        )
        .outerjoin(KEEPER, of_keeper())
        .where(Liaison.tenant_id == scope.tenant_id, or_(of_branch, seen_by(scope)), *wanted)
        .order_by(*order)
        .limit(limit)
    ).all()
    names = _staff_names(scope, rows)
    places = branch_names(scope) if any(row.Liaison.branch_id for row in rows) else {}
    return [
        LiaisonLine(
            row.Liaison.id,
            row.Liaison.member_id,
            row.Liaison.branch_id,
            row.name or places.get(row.Liaison.branch_id, ""),
            _holder(row, names),
            row.Liaison.from_day,
            row.Liaison.ended_on,
            row.Liaison.ended_in or row.Liaison.started_in,
        )
        for row in rows
    ]


def _staff_names(scope: Scope, rows: Any) -> dict[UUID, str]:
    found = (row.Liaison.person_id for row in rows if row.Liaison is not None)
    return shown_names(scope, [id_ for id_ in found if id_ is not None])


def _holder(row: Any, names: dict[UUID, str]) -> Holder:
    record = row.Liaison
    if record.person_id is not None:
        why = gone(Keeper("person", bool(row.works_here)))
        return Holder("person", record.person_id, names.get(record.person_id, ""), why)
    facts = Keeper("member", False, row.has_left, row.keeper_away, row.is_untraced)
    return Holder("member", record.keeper_id, row.keeper_name, gone(facts))
