"""Assignment runs and results, centre households."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import BELOW, allow, give_to_the_door, own_tenant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "assignment_branch",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("saved_centimetres", sa.BigInteger(), nullable=False),
        sa.Column("places_one_more", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "run_id", "branch_id", name=op.f("pk_assignment_branch")
        ),
    )
    op.create_table(
        "assignment_community",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("community_area", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("here", sa.Integer(), nullable=False),
        sa.Column("elsewhere", sa.Integer(), nullable=False),
        sa.Column("from_elsewhere", sa.Integer(), nullable=False),
        sa.Column("unserved", sa.Integer(), nullable=False),
        sa.Column("total_centimetres", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "run_id", "community_area", name=op.f("pk_assignment_community")
        ),
    )
    op.create_table(
        "assignment_line",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("from_branch_id", sa.Uuid(), nullable=True),
        sa.Column("centimetres", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=4), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("site", sa.Integer(), nullable=True),
        sa.Column("acceptance_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'unserved') = (branch_id IS NULL)",
            name=op.f("ck_assignment_line_branch_id"),
        ),
        sa.CheckConstraint(
            "(outcome = 'unserved') = (reason <> '') AND reason IN ('', 'no_place', 'out_of_reach', 'no_seat', 'not_allowed')",
            name=op.f("ck_assignment_line_reason"),
        ),
        sa.CheckConstraint(
            "outcome IN ('assigned', 'kept', 'unserved')", name=op.f("ck_assignment_line_outcome")
        ),
        sa.CheckConstraint("place IN ('', 'home', 'work')", name=op.f("ck_assignment_line_place")),
        sa.PrimaryKeyConstraint(
            "tenant_id", "run_id", "member_id", name=op.f("pk_assignment_line")
        ),
    )
    op.create_index(
        "ix_assignment_line_branch",
        "assignment_line",
        ["tenant_id", "run_id", "branch_id"],
        unique=False,
    )
    op.create_table(
        "assignment_run",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("whom", sa.String(length=10), nullable=False),
        sa.Column("basis", sa.String(length=8), nullable=False),
        sa.Column("reach_metres", sa.Integer(), nullable=False),
        sa.Column("keep_placed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="asked", nullable=False),
        sa.Column("sentence", sa.String(length=400), server_default="", nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.Column("assigned", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kept", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unserved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total_centimetres", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("bound_centimetres", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("gap", sa.Double(), server_default="0", nullable=False),
        sa.Column("seconds", sa.Double(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "basis IN ('home', 'work', 'nearer')", name=op.f("ck_assignment_run_basis")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'done', 'unusable', 'discarded')",
            name=op.f("ck_assignment_run_state"),
        ),
        sa.CheckConstraint(
            "whom IN ('waiting', 'incoming', 'everybody')", name=op.f("ck_assignment_run_whom")
        ),
        sa.CheckConstraint("reach_metres > 0", name=op.f("ck_assignment_run_reach_metres")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assignment_run")),
    )
    op.create_table(
        "assignment_site",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("radius_metres", sa.Double(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "number", name=op.f("pk_assignment_site")),
    )
    op.create_table(
        "household_run",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.Column("placed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total_metres", sa.Double(), server_default="0", nullable=False),
        sa.Column("gap", sa.Double(), server_default="0", nullable=False),
        sa.Column("explanation", sa.String(length=400), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_household_run")),
    )
    op.create_table(
        "assignment_acceptance",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column(
            "accepted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["assignment_run.tenant_id", "assignment_run.id"],
            name=op.f("fk_assignment_acceptance_tenant_id_run_id_assignment_run"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assignment_acceptance")),
    )
    op.create_table(
        "centre_household",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("fewest", sa.Integer(), server_default="7", nullable=False),
        sa.Column("most", sa.Integer(), server_default="10", nullable=False),
        sa.Column("host_agreed_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "0 < fewest AND fewest <= most AND most <= 30", name=op.f("ck_centre_household_bounds")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "host_id"],
            ["member.tenant_id", "member.id"],
            name=op.f("fk_centre_household_tenant_id_host_id_member"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_centre_household")),
    )
    op.create_index(
        "uq_centre_household_host",
        "centre_household",
        ["tenant_id", "host_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "household_pair",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("metres", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="proposed", nullable=False),
        sa.Column("host_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("member_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "proposed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'host_agreed', 'active', 'another', 'withdrawn', 'ended')",
            name=op.f("ck_household_pair_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["centre_household.tenant_id", "centre_household.id"],
            name=op.f("fk_household_pair_tenant_id_household_id_centre_household"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.id"],
            name=op.f("fk_household_pair_tenant_id_member_id_member"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_household_pair")),
    )
    op.create_index(
        "ix_household_pair_household", "household_pair", ["tenant_id", "household_id"], unique=False
    )
    op.create_index(
        "uq_household_pair_open",
        "household_pair",
        ["tenant_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'host_agreed', 'active')"),
    )

    for table in (
        "assignment_run",
        "assignment_line",
        "assignment_branch",
        "assignment_site",
        "assignment_community",
        "assignment_acceptance",
        "centre_household",
        "household_pair",
        "household_run",
    ):
        own_tenant(table, area=False)

    # A county's run asks where the waiting are and of what class, never who they are: the
    # function answers no id, and nobody else of the register.
    for table, columns in (
        ("member", 'tenant_id, id, area, home, work, "class", left_on'),
        ("arrival", "tenant_id, area, member_id, state"),
    ):
        allow(table, "wangge_door", "SELECT", using=BELOW)
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO wangge_door")
    op.execute("SET LOCAL check_function_bodies = off")
    op.execute("""
        CREATE FUNCTION door_waiting_places()
        RETURNS TABLE (area bigint, home geometry, work geometry, "class" text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
        $$ SELECT m.area, m.home, m.work, m."class"
           FROM public.arrival a
           JOIN public.member m ON m.tenant_id = a.tenant_id AND m.id = a.member_id
           WHERE m.left_on IS NULL
             AND a.state IN ('signalled', 'verified', 'proposed', 'unserved')
           ORDER BY m.area, m.id $$
    """)
    give_to_the_door("door_waiting_places()", asked_by="wangge_oversee")
