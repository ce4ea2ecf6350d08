"""Assignment runs over many people at once, and what each run found. Suggestions, all of it.

A run's findings are narrow rows keyed by the run and written once, as a set; so they carry no
foreign keys of their own: `runs.keep` checks them together, in the transaction that writes them.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now

WHOM = ("waiting", "incoming", "everybody")
BASES = ("home", "work", "nearer")
STATES = ("asked", "done", "unusable", "discarded")
OUTCOMES = ("assigned", "kept", "unserved")
REASONS = ("no_place", "out_of_reach", "no_seat", "not_allowed")


class AssignmentRun(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One assignment; its id is the job's. `keep_placed`: who is in a branch stays.

    people = assigned + kept + unserved. Lengths are whole centimetres: `total` of those assigned,
    `bound` what no assignment can go below; `gap` is their relative distance, 0 = proven optimal.
    """

    __tablename__ = "assignment_run"
    __table_args__ = (
        CheckConstraint(f"whom IN {WHOM}", name="whom"),
        CheckConstraint(f"basis IN {BASES}", name="basis"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("reach_metres > 0", name="reach_metres"),
    )

    whom: Mapped[str] = mapped_column(String(10))
    basis: Mapped[str] = mapped_column(String(8))
    reach_metres: Mapped[int]
    keep_placed: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10), server_default="asked")
    sentence: Mapped[str] = mapped_column(String(400), server_default="")
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=now())
    ended_at: Mapped[datetime | None]
    people: Mapped[int] = mapped_column(server_default="0")
    assigned: Mapped[int] = mapped_column(server_default="0")
    kept: Mapped[int] = mapped_column(server_default="0")
    unserved: Mapped[int] = mapped_column(server_default="0")
    total_centimetres: Mapped[int] = mapped_column(BigInteger, server_default="0")
    bound_centimetres: Mapped[int] = mapped_column(BigInteger, server_default="0")
    gap: Mapped[float] = mapped_column(Double, server_default="0")
    seconds: Mapped[float] = mapped_column(Double, server_default="0")


class AssignmentLine(TenantOwned, db.Model):  # type: ignore[name-defined]
    """What a run found for one member; `id` is the member's.

    In a county's run there are lines only of those who would join a temporary branch, and `id`
    says who they are to nobody: community and place in its list (`shared_sites`).
    `from_branch_id`: where the member was when the run was computed. `site`: the number of the
    proposed temporary branch that would serve an unserved one. `acceptance_id`: who accepted it.
    """

    __tablename__ = "assignment_line"
    __table_args__ = (
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint(
            f"(outcome = 'unserved') = (reason <> '') AND reason IN {('', *REASONS)}",
            name="reason",
        ),
        CheckConstraint("place IN ('', 'home', 'work')", name="place"),
        CheckConstraint("(outcome = 'unserved') = (branch_id IS NULL)", name="branch_id"),
        Index("ix_assignment_line_branch", "tenant_id", "run_id", "branch_id"),
    )

    run_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column("member_id", Uuid, primary_key=True, sort_order=-1)
    branch_id: Mapped[UUID | None]
    from_branch_id: Mapped[UUID | None]
    centimetres: Mapped[int | None] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(4))
    outcome: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(12))
    site: Mapped[int | None]
    acceptance_id: Mapped[UUID | None]


class AssignmentBranch(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A branch as a run saw it; `id` is the branch's, perhaps kept by another tenant of the county.

    `seats` were free for this run (None: no limit), `given` of them were taken by it. One seat
    more would save `saved_centimetres` in all, or place one person more (`places_one_more`).
    """

    __tablename__ = "assignment_branch"
    run_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column("branch_id", Uuid, primary_key=True, sort_order=-1)
    is_open: Mapped[bool]
    seats: Mapped[int | None]
    given: Mapped[int]
    saved_centimetres: Mapped[int] = mapped_column(BigInteger)
    places_one_more: Mapped[bool]


class AssignmentSite(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A temporary branch that a run proposes for people whom no branch serves (domain ORG-6).

    A point (WGS-84 degrees) that all its people reach within `radius_metres`. Founding one is for
    the upper committee.
    """

    __tablename__ = "assignment_site"
    run_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[int] = mapped_column(  # type: ignore[assignment]
        "number", Integer, primary_key=True, autoincrement=False, sort_order=-1
    )
    lon: Mapped[float] = mapped_column(Double)
    lat: Mapped[float] = mapped_column(Double)
    radius_metres: Mapped[float] = mapped_column(Double)
    people: Mapped[int]


class AssignmentCommunity(TenantOwned, db.Model):  # type: ignore[name-defined]
    """What a county's run would mean for one community: numbers only, nobody's name or id.

    `elsewhere`: its people for whom a neighbour's branch is best; `from_elsewhere` the reverse.
    """

    __tablename__ = "assignment_community"
    run_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[int] = mapped_column(  # type: ignore[assignment]
        "community_area", BigInteger, primary_key=True, autoincrement=False, sort_order=-1
    )
    people: Mapped[int]
    here: Mapped[int]
    elsewhere: Mapped[int]
    from_elsewhere: Mapped[int]
    unserved: Mapped[int]
    total_centimetres: Mapped[int] = mapped_column(BigInteger)


class AssignmentAcceptance(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One act of accepting lines of a run, one or many; taking it back takes them all back."""

    __tablename__ = "assignment_acceptance"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "run_id"], ["assignment_run.tenant_id", "assignment_run.id"]
        ),
    )

    run_id: Mapped[UUID]
    lines: Mapped[int]
    accepted_by: Mapped[UUID | None]
    accepted_at: Mapped[datetime] = mapped_column(server_default=now())
    undone_by: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]
