"""Coming and going as dated episodes (domain REG-5, MOB-1), and the rule pack a tenant chose."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, TenantOwned, db, now

DIRECTIONS = ("outflow", "inflow")
DAY_PRECISIONS = ("day", "month", "year", "unknown")
TRACE_WAYS = ("phone", "letter", "visit", "colleagues", "former_unit", "home_branch")
TRACE_OUTCOMES = ("nothing", "hint", "found")
OVERRIDES = ("", "short", "medium", "long_fixed", "long_roving", "seasonal")


class Episode(Overseen, db.Model):  # type: ignore[name-defined]
    """One absence (outflow) or one stay here (inflow). Open while `ended_on` is empty.

    `other_place` is where they went or came from, at district level only (domain MOB-12).
    `planned_until` is the return as first expected; later words are EpisodeExtension rows. `fixed`:
    one place or unit; None, nobody said. The season is in months, both or none. The class is
    derived from all this and never stored; `override_class` is a person's word over it.
    """

    __tablename__ = "episode"
    __table_args__ = (
        CheckConstraint(f"direction IN {DIRECTIONS}", name="direction"),
        CheckConstraint(f"started_precision IN {DAY_PRECISIONS}", name="started_precision"),
        CheckConstraint(f"ended_precision IN {DAY_PRECISIONS}", name="ended_precision"),
        CheckConstraint(f"planned_precision IN {DAY_PRECISIONS}", name="planned_precision"),
        CheckConstraint(f"override_class IN {OVERRIDES}", name="override_class"),
        CheckConstraint(
            "(override_class = '') = (overridden_on IS NULL)"
            " AND (override_class = '') = (override_reason = '')",
            name="override_reason",
        ),
        CheckConstraint(
            "(season_first IS NULL) = (season_last IS NULL)"
            " AND season_first BETWEEN 1 AND 12 AND season_last BETWEEN 1 AND 12",
            name="season",
        ),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index("ix_episode_member", "tenant_id", "member_id"),
    )

    member_id: Mapped[UUID]
    direction: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(40), server_default="")
    other_place: Mapped[str] = mapped_column(String(80), server_default="")
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    registered_at: Mapped[datetime] = mapped_column(server_default=now())
    started_precision: Mapped[str] = mapped_column(String(8), server_default="day")
    ended_precision: Mapped[str] = mapped_column(String(8), server_default="day")
    planned_until: Mapped[date | None]
    planned_precision: Mapped[str] = mapped_column(String(8), server_default="day")
    fixed: Mapped[bool | None]
    season_first: Mapped[int | None] = mapped_column(SmallInteger)
    season_last: Mapped[int | None] = mapped_column(SmallInteger)
    employer_has_organisation: Mapped[bool | None]
    proof_shown: Mapped[bool] = mapped_column(server_default="false")
    reported_on: Mapped[date | None]
    settled_on: Mapped[date | None]
    debriefed_on: Mapped[date | None]
    activity: Mapped[str] = mapped_column(String(40), server_default="")
    contact_sealed: Mapped[bytes | None]
    filed_on: Mapped[date | None]
    override_class: Mapped[str] = mapped_column(String(12), server_default="")
    override_reason: Mapped[str] = mapped_column(String(120), server_default="")
    overridden_on: Mapped[date | None]


class EpisodeExtension(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A later word about when they come back. Append only: what was said stays said."""

    __tablename__ = "episode_extension"
    __table_args__ = (
        CheckConstraint(f"until_precision IN {DAY_PRECISIONS}", name="until_precision"),
        ForeignKeyConstraint(["tenant_id", "episode_id"], ["episode.tenant_id", "episode.id"]),
        Index("ix_episode_extension_episode", "tenant_id", "episode_id"),
    )

    episode_id: Mapped[UUID]
    until: Mapped[date]
    until_precision: Mapped[str] = mapped_column(String(8), server_default="day")
    said_on: Mapped[date]
    registered_at: Mapped[datetime] = mapped_column(server_default=now())


class RulePackChoice(TenantOwned, db.Model):  # type: ignore[name-defined]
    """Which rule pack the tenant goes by from a day on; the pack itself is a dated file."""

    __tablename__ = "rule_pack_choice"
    __table_args__ = (Index("uq_rule_pack_choice_day", "tenant_id", "from_day", unique=True),)

    pack_id: Mapped[str] = mapped_column(String(40))
    from_day: Mapped[date]
    chosen_by: Mapped[UUID | None]
    chosen_at: Mapped[datetime] = mapped_column(server_default=now())


class TraceStep(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One attempt to find a member nobody knows the whereabouts of (domain REG-12). Append only.

    Ways and outcomes from short lists; nothing of what somebody said of the person.
    """

    __tablename__ = "trace_step"
    __table_args__ = (
        CheckConstraint(f"way IN {TRACE_WAYS}", name="way"),
        CheckConstraint(f"outcome IN {TRACE_OUTCOMES}", name="outcome"),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index("ix_trace_step_member", "tenant_id", "member_id"),
    )

    member_id: Mapped[UUID]
    tried_on: Mapped[date]
    way: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(12))
    done_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=now())
