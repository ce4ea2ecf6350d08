"""The register: the few fields a practice needs (domain REG-2, REG-9), and rosters coming in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, TenantOwned, db, now

AFFILIATIONS = ("affiliated", "incoming", "reported_in")
RESIDENCES = ("inside", "outside", "unknown")
PRECISIONS = ("building", "compound", "cell", "unknown")
DATE_PRECISIONS = ("day", "month", "year", "unknown")
IMPORT_STATES = (
    "checking", "asking", "checked", "accepting", "accepted", "unusable", "discarded",
    "undoing", "undone",
)  # fmt: skip
STAGES = ("full", "probationary")
LEFT_REASONS = ("moved", "returned", "deceased", "mistake", "other")
"""Why somebody was taken out of the register by hand; who left otherwise has none."""
STANDINGS = ("changed", "possible")
DECISIONS = ("", "update", "add", "skip")


class Member(Overseen, db.Model):  # type: ignore[name-defined]
    """One member. `affiliated`: the relation is here; `incoming`: came from elsewhere.

    A place is WGS-84 with its precision; the raw numbers and their system stay beside it
    (design, section 6). Phone, document number and exact address are sealed with the tenant's
    key; a blind value finds a phone or a document number without opening it.
    """

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint(f"affiliation IN {AFFILIATIONS}", name="affiliation"),
        CheckConstraint(f"residence IN {RESIDENCES}", name="residence"),
        CheckConstraint(f"home_precision IN {PRECISIONS}", name="home_precision"),
        CheckConstraint(f"work_precision IN {PRECISIONS}", name="work_precision"),
        CheckConstraint(f"born_precision IN {DATE_PRECISIONS}", name="born_precision"),
        CheckConstraint(f"joined_precision IN {DATE_PRECISIONS}", name="joined_precision"),
        CheckConstraint(f"stage IN {STAGES}", name="stage"),
        CheckConstraint(f"left_reason IN {('', *LEFT_REASONS)}", name="left_reason"),
        ForeignKeyConstraint(["tenant_id", "branch_id"], ["branch.tenant_id", "branch.id"]),
        ForeignKeyConstraint(["tenant_id", "group_id"], ["group.tenant_id", "group.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["roster_import.tenant_id", "roster_import.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "home_building_id"], ["building.tenant_id", "building.id"]
        ),
        Index("ix_member_home", "home", postgresql_using="gist"),
        Index("ix_member_phone_blind", "tenant_id", "phone_blind"),
        Index(
            "ix_member_document_blind",
            "tenant_id",
            "document_blind",
            postgresql_where=text("document_blind IS NOT NULL"),
        ),
        Index(
            "ix_member_find",
            "tenant_id",
            "name",
            "id",
            postgresql_where=text("left_on IS NULL"),
        ),
        Index(
            "ix_member_branch",
            "tenant_id",
            "branch_id",
            postgresql_where=text("branch_id IS NOT NULL"),
        ),
        Index(
            "ix_member_import",
            "tenant_id",
            "import_id",
            postgresql_where=text("import_id IS NOT NULL"),
        ),
        Index(
            "ix_member_home_building",
            "tenant_id",
            "home_building_id",
            postgresql_where=text("home_building_id IS NOT NULL"),
        ),
        Index(
            "ix_member_left",
            "tenant_id",
            "left_on",
            "id",
            postgresql_where=text("left_reason <> ''"),
        ),
    )

    name: Mapped[str] = mapped_column(String(60))
    sex: Mapped[str] = mapped_column(String(1), server_default="")
    born_on: Mapped[date | None]
    born_precision: Mapped[str] = mapped_column(String(8), server_default="unknown")
    joined_on: Mapped[date | None]
    joined_precision: Mapped[str] = mapped_column(String(8), server_default="unknown")
    phone_sealed: Mapped[bytes | None]
    phone_blind: Mapped[bytes | None]
    document_sealed: Mapped[bytes | None]
    document_blind: Mapped[bytes | None]
    address_sealed: Mapped[bytes | None]
    employer: Mapped[str] = mapped_column(String(80), server_default="")
    class_: Mapped[str] = mapped_column("class", String(40), server_default="")
    stage: Mapped[str] = mapped_column(String(12), server_default="full")
    affiliation: Mapped[str] = mapped_column(String(12))
    residence: Mapped[str] = mapped_column(String(8), server_default="unknown")
    home: Mapped[object | None] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    home_precision: Mapped[str] = mapped_column(String(8), server_default="unknown")
    home_source: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    home_building_id: Mapped[UUID | None]
    work: Mapped[object | None] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    work_precision: Mapped[str] = mapped_column(String(8), server_default="unknown")
    work_source: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    branch_id: Mapped[UUID | None]
    group_id: Mapped[UUID | None]
    import_id: Mapped[UUID | None]
    registered_at: Mapped[datetime] = mapped_column(server_default=now())
    left_on: Mapped[date | None]
    left_reason: Mapped[str] = mapped_column(String(10), server_default="")
    untraced_since: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")


class RosterImport(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A roster on its way in: the sealed file until it is accepted or discarded, then counts only.

    `reading_sealed` is the file as its check read it (`roster_kept`), kept as long as the file.
    rows = accepted + rejected + duplicates. `faults` hold row, column, code and sentence.
    `question` is what a person must decide before it can be checked, `decisions` what they said.
    `impact` counts what the rows would do. `undone` says what was taken back, and what was not.
    """

    __tablename__ = "roster_import"
    __table_args__ = (CheckConstraint(f"state IN {IMPORT_STATES}", name="state"),)

    filename: Mapped[str] = mapped_column(String(200))
    system: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(12), server_default="checking")
    file_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    reading_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    rows: Mapped[int] = mapped_column(server_default="0")
    accepted: Mapped[int] = mapped_column(server_default="0")
    rejected: Mapped[int] = mapped_column(server_default="0")
    duplicates: Mapped[int] = mapped_column(server_default="0")
    arrivals: Mapped[int] = mapped_column(server_default="0")
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    sentence: Mapped[str] = mapped_column(String(400), server_default="")
    job_id: Mapped[UUID | None]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
    accepted_at: Mapped[datetime | None]
    question: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    decisions: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    impact: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    undo_until: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class RosterMatch(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A row that is (changed) or may be (possible) somebody the register knows.

    `fields` differ; `values_sealed` holds them old and new, and once the import is accepted they
    are what undoing it puts back, as long as the member is still at `version_after`.
    """

    __tablename__ = "roster_match"
    __table_args__ = (
        CheckConstraint(f"standing IN {STANDINGS}", name="standing"),
        CheckConstraint(f"decision IN {DECISIONS}", name="decision"),
        ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["roster_import.tenant_id", "roster_import.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index("uq_roster_match_row", "tenant_id", "import_id", "sheet", "row", unique=True),
        Index("ix_roster_match_member", "tenant_id", "member_id"),
    )

    import_id: Mapped[UUID]
    sheet: Mapped[str] = mapped_column(String(100), server_default="")
    row: Mapped[int]
    standing: Mapped[str] = mapped_column(String(8))
    sign: Mapped[str] = mapped_column(String(12))
    member_id: Mapped[UUID]
    seen_version: Mapped[int]
    fields: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    values_sealed: Mapped[bytes | None]
    decision: Mapped[str] = mapped_column(String(6), server_default="")
    version_after: Mapped[int | None]
    episode_id: Mapped[UUID | None]


class RosterColumnChoice(TenantOwned, db.Model):  # type: ignore[name-defined]
    """What an office's own header means: a field of the roster, or '' for a column to pass over."""

    __tablename__ = "roster_column_choice"
    __table_args__ = (Index("uq_roster_column_choice_header", "tenant_id", "header", unique=True),)

    header: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(20))
    chosen_by: Mapped[UUID | None]
    chosen_at: Mapped[datetime] = mapped_column(server_default=now())
