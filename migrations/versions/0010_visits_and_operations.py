"""Visits, wishes that became requests, and operations from tablets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.policies import OWN, STAMPED, allow, give_to_the_door, lock, overseen, own_tenant

revision = "0010"
down_revision = "0009"

FORMER = """
CREATE FUNCTION door_former_standing(wanted uuid, wanted_slug text)
    RETURNS TABLE (tenant_id bigint, slug text, name text, level text, area bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ SELECT DISTINCT t.id, t.slug, t.name, t.level, t.area
       FROM public.standing s JOIN public.tenant t ON t.id = s.tenant_id
       WHERE s.person_id = wanted AND t.slug = wanted_slug AND t.closed_at IS NULL
         AND s.role IN ('community_admin', 'branch_officer', 'grid_leader')
         AND s.valid_from <= CURRENT_DATE AND s.valid_to >= CURRENT_DATE - 90 $$
"""


def _key(*columns: sa.Column, area: bool = False) -> list[sa.Column]:
    first = [
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]
    if area:
        first.append(
            sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False)
        )
    return [*first, *columns]


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    default = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def _of(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{owner}.tenant_id", f"{owner}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}_{owner}"),
    )


def upgrade() -> None:
    _visits()
    _requests()
    _tablets()
    op.execute("SET LOCAL check_function_bodies = off")
    op.execute(FORMER)
    give_to_the_door("door_former_standing(uuid, text)")


def _visits() -> None:
    op.create_table(
        "visit",
        *_key(
            sa.Column("member_id", sa.Uuid(), nullable=False),
            sa.Column("happened_on", sa.Date(), nullable=False),
            sa.Column("kind", sa.String(length=20), nullable=False),
            sa.Column("outcome", sa.String(length=12), nullable=False),
            sa.Column("way", sa.String(length=8), nullable=False),
            sa.Column(
                "topics",
                postgresql.ARRAY(sa.String(length=20)),
                server_default="{}",
                nullable=False,
            ),
            sa.Column("next_step", sa.String(length=16), server_default="", nullable=False),
            sa.Column("next_on", sa.Date(), nullable=True),
            sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
            sa.Column("note_expires_on", sa.Date(), nullable=True),
            sa.Column("done_by", sa.Uuid(), nullable=True),
            sa.Column("source", sa.String(length=8), nullable=False),
            _moment("recorded_at"),
            sa.Column("operation_id", sa.Uuid(), nullable=True),
            sa.Column("dated_ahead", sa.Boolean(), server_default="false", nullable=False),
            _moment("withdrawn_at", nullable=True),
            sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
            area=True,
        ),
        sa.CheckConstraint(
            "kind IN ('contact', 'return_visit', 'certificate_check', 'care', 'report')",
            name=op.f("ck_visit_kind"),
        ),
        sa.CheckConstraint(
            "outcome IN ('reached', 'not_reached', 'postponed')", name=op.f("ck_visit_outcome")
        ),
        sa.CheckConstraint(
            "way IN ('visit', 'phone', 'message', 'letter', 'meeting', 'activity')",
            name=op.f("ck_visit_way"),
        ),
        sa.CheckConstraint("source IN ('tablet', 'page', 'paper')", name=op.f("ck_visit_source")),
        sa.CheckConstraint(
            "note_sealed IS NULL OR note_expires_on IS NOT NULL",
            name=op.f("ck_visit_note_expires"),
        ),
        _of("visit", "member_id", "member"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_member", "visit", ["tenant_id", "member_id", "happened_on"])
    op.create_index("ix_visit_recorded_at", "visit", ["tenant_id", "recorded_at"])
    lock("visit")
    allow("visit", "wangge_app", "SELECT", using=OWN)
    allow("visit", "wangge_app", "INSERT", check=STAMPED)
    allow("visit", "wangge_app", "UPDATE", using=OWN, check=STAMPED)
    op.execute("GRANT SELECT, INSERT ON visit TO wangge_app")
    # What was done stays done: a visit is withdrawn, its note expires or gets a newer key.
    op.execute(
        "GRANT UPDATE (withdrawn_at, withdrawn_by, note_sealed, note_expires_on)"
        " ON visit TO wangge_app"
    )
    overseen(
        "visit",
        "tenant_id, area, happened_on, kind, outcome, way, source, recorded_at, withdrawn_at",
    )


def _requests() -> None:
    op.create_table(
        "service_request",
        *_key(
            sa.Column("member_id", sa.Uuid(), nullable=False),
            sa.Column("kind", sa.String(length=16), nullable=False),
            sa.Column("state", sa.String(length=16), server_default="received", nullable=False),
            sa.Column("received_on", sa.Date(), nullable=False),
            sa.Column("studied_on", sa.Date(), nullable=True),
            sa.Column("answered_on", sa.Date(), nullable=True),
            sa.Column("confirmed_on", sa.Date(), nullable=True),
            sa.Column("closed_on", sa.Date(), nullable=True),
            sa.Column("visit_id", sa.Uuid(), nullable=True),
            sa.Column("received_by", sa.Uuid(), nullable=True),
            _moment("recorded_at"),
            sa.Column("version", sa.Integer(), server_default="1", nullable=False),
            area=True,
        ),
        sa.CheckConstraint(
            "kind IN ('job', 'training', 'business', 'housing', 'schooling', 'rights',"
            " 'procedure', 'other')",
            name=op.f("ck_service_request_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'answered_at_once', 'under_study', 'answered', 'confirmed',"
            " 'closed')",
            name=op.f("ck_service_request_state"),
        ),
        _of("service_request", "member_id", "member"),
        _of("service_request", "visit_id", "visit"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_service_request")),
    )
    op.create_index("ix_service_request_member", "service_request", ["tenant_id", "member_id"])
    op.create_index(
        "ix_service_request_state", "service_request", ["tenant_id", "state", "received_on"]
    )
    own_tenant("service_request", commands="SELECT INSERT UPDATE", area=True)
    overseen(
        "service_request",
        "tenant_id, area, kind, state, received_on, studied_on, answered_on, confirmed_on,"
        " closed_on",
    )


def _tablets() -> None:
    op.create_table(
        "device",
        *_key(
            sa.Column("person_id", sa.Uuid(), nullable=False),
            sa.Column("name", sa.String(length=40), nullable=False),
            sa.Column("key_id", sa.Uuid(), nullable=True),
            sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
            sa.Column("key_expires_at", sa.DateTime(timezone=True), nullable=True),
            _moment("first_seen_at"),
            _moment("last_synced_at", nullable=True),
            _moment("withdrawn_at", nullable=True),
            sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR key_sealed IS NULL", name=op.f("ck_device_withdrawn")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_device")),
    )
    op.create_index("ix_device_person", "device", ["tenant_id", "person_id"])
    op.create_table(
        "operation",
        *_key(
            sa.Column("kind", sa.String(length=20), nullable=False),
            sa.Column("body_hash", sa.LargeBinary(), nullable=False),
            sa.Column("status", sa.String(length=10), nullable=False),
            sa.Column("answer", postgresql.JSONB(), server_default="{}", nullable=False),
            sa.Column("device_id", sa.Uuid(), nullable=False),
            sa.Column("person_id", sa.Uuid(), nullable=True),
            sa.Column("sequence", sa.BigInteger(), nullable=True),
            sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
            _moment("received_at"),
        ),
        sa.CheckConstraint(
            "status IN ('applied', 'refused', 'conflict')", name=op.f("ck_operation_status")
        ),
        _of("operation", "device_id", "device"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_operation")),
    )
    op.create_index("ix_operation_received_at", "operation", ["tenant_id", "received_at"])
    own_tenant("device", commands="SELECT INSERT UPDATE", area=False)
    own_tenant("operation", area=False)
