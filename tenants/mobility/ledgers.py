"""Ledgers as offices file them: who came, who left, who is on the register (domain REG-2, REG-5).

Phones are masked and exact addresses left out: a file that leaves the product is read by people
whom nobody can see.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, select

from tenants.database import db
from tenants.errors import Conflict
from tenants.masking import masked
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.mobility.records import Episode
from tenants.organisations.sealing import seal_of
from tenants.places.lookups import branch_names
from tenants.scope import Scope

KINDS: Final = ("inflow", "outflow", "register")
MOST_ROWS: Final = 5_000
"""As many as are written while somebody waits: a second of work, and a page that still scrolls."""
BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line. A ledger of movements has one per episode, the register one per member.

    `other_place` is known at district level only. `state`: open, ended or settled for an episode,
    the member's affiliation in the register.
    """

    member_id: UUID
    name: str
    sex: str
    joined_on: date | None
    joined_precision: str
    started_on: date | None
    started_precision: str
    ended_on: date | None
    ended_precision: str
    other_place: str
    masked_phone: str
    branch: str
    state: str


def ledger(scope: Scope, kind: str) -> list[LedgerLine]:
    """The tenant's ledger, oldest entry first. Raises Conflict beyond MOST_ROWS."""
    if ledger_size(scope, kind) > MOST_ROWS:
        raise Conflict("台账超过 %(most)s 行，请让后台来做。", most=MOST_ROWS)
    return list(ledger_lines(scope, kind))


def ledger_size(scope: Scope, kind: str) -> int:
    """How many lines the ledger has."""
    lines = _question(scope, kind).order_by(None).subquery()
    return db.session.execute(select(func.count()).select_from(lines)).scalar_one()


def ledger_lines(scope: Scope, kind: str) -> Iterator[LedgerLine]:
    """As `ledger`, however long it is; read in batches within the caller's transaction."""
    seal, branches = seal_of(scope), branch_names(scope)

    def masked_phone(row: Any) -> str:
        if row.phone_sealed is None:
            return ""
        return masked(seal.open(bytes(row.phone_sealed), row.id, "phone"))

    rows = db.session.execute(_question(scope, kind), execution_options={"yield_per": BATCH})
    for row in rows:
        yield LedgerLine(
            member_id=row.id,
            name=row.name,
            sex=row.sex,
            joined_on=row.joined_on,
            joined_precision=row.joined_precision,
            started_on=row.started_on,
            started_precision=row.started_precision,
            ended_on=row.ended_on,
            ended_precision=row.ended_precision,
            other_place=row.other_place,
            masked_phone=masked_phone(row),
            branch=branches.get(row.branch_id, ""),
            state=_state(row),
        )


def _question(scope: Scope, kind: str) -> Select[*tuple[Any, ...]]:
    about = (
        Member.id,
        Member.name,
        Member.sex,
        Member.joined_on,
        Member.joined_precision,
        Member.phone_sealed,
        Member.branch_id,
        Member.affiliation,
    )
    if kind == "register":
        nothing = (
            literal(None).label("started_on"),
            literal("unknown").label("started_precision"),
            literal(None).label("ended_on"),
            literal("unknown").label("ended_precision"),
            literal(None).label("settled_on"),
            literal("").label("other_place"),
            literal(False).label("is_episode"),
        )
        return select(*about, *nothing).where(seen_by(scope)).order_by(Member.id)
    return (
        select(
            *about,
            Episode.started_on,
            Episode.started_precision,
            Episode.ended_on,
            Episode.ended_precision,
            Episode.settled_on,
            Episode.other_place,
            literal(True).label("is_episode"),
        )
        .join(Member, and_(Member.tenant_id == Episode.tenant_id, Member.id == Episode.member_id))
        .where(Episode.tenant_id == scope.tenant_id, Episode.direction == kind, seen_by(scope))
        .order_by(Episode.started_on.asc().nulls_last(), Episode.id)
    )


def _state(row: Any) -> str:
    if not row.is_episode:
        return str(row.affiliation)
    if row.settled_on is not None:
        return "settled"
    return "open" if row.ended_on is None else "ended"
