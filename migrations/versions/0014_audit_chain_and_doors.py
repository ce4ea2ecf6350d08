"""The audit's chain, and doors to one community.

Each entry of the audit gets a link when its transaction commits: its number in the tenant's chain
and a hash over the link before and the entry itself. The link is made by a trigger that belongs
to the door; the application can neither write nor change one.
"""

import sqlalchemy as sa
from alembic import op

from migrations.policies import allow, give_to_the_door, own_tenant

revision = "0014"
down_revision = "0013"

# Every field with its length in bytes, so that no two entries are written alike; '-' is empty.
DIGEST = """
CREATE FUNCTION audit_digest(previous bytea, seq bigint, entry audit_entry) RETURNS bytea
    LANGUAGE sql STABLE AS
    $$ SELECT sha256(previous || convert_to(string_agg(
           coalesce(octet_length(convert_to(field, 'UTF8')) || ':' || field, '-'), ',' ORDER BY at
       ), 'UTF8'))
       FROM unnest(ARRAY[
           entry.tenant_id::text, seq::text, entry.id::text,
           to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
           entry.person_id::text, entry.role, entry.act, entry.subject_kind,
           entry.subject_id::text, entry.facts::text
       ]::text[]) WITH ORDINALITY AS fields (field, at) $$
"""
# At commit, so that the tenant's other requests wait for one flush of the log and no longer.
CHAIN = """
CREATE FUNCTION audit_chain() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ DECLARE last_seq bigint := 0; last_hash bytea := '';
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('audit_chain', NEW.tenant_id));
        SELECT l.seq, l.hash INTO last_seq, last_hash FROM public.audit_link l
        WHERE l.tenant_id = NEW.tenant_id ORDER BY l.seq DESC LIMIT 1;
        last_seq := coalesce(last_seq, 0);
        INSERT INTO public.audit_link (tenant_id, id, seq, hash)
        VALUES (NEW.tenant_id, NEW.id, last_seq + 1,
                public.audit_digest(coalesce(last_hash, ''), last_seq + 1, NEW));
        RETURN NULL;
    END $$
"""
BACKFILL = """
DO $$ DECLARE entry audit_entry; tenant bigint; last_seq bigint; last_hash bytea;
BEGIN
    FOR entry IN SELECT * FROM audit_entry ORDER BY tenant_id, at, id LOOP
        IF tenant IS DISTINCT FROM entry.tenant_id THEN
            tenant := entry.tenant_id; last_seq := 0; last_hash := '';
        END IF;
        last_seq := last_seq + 1;
        last_hash := audit_digest(last_hash, last_seq, entry);
        INSERT INTO audit_link (tenant_id, id, seq, hash)
        VALUES (tenant, entry.id, last_seq, last_hash);
    END LOOP;
END $$
"""
TENANT_IDS = """
CREATE FUNCTION door_tenant_ids() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ SELECT id FROM public.tenant WHERE closed_at IS NULL ORDER BY id $$
"""
VISITS = """
CREATE FUNCTION door_visits(wanted uuid)
    RETURNS TABLE (tenant_id bigint, slug text, name text, level text, area bigint,
                   standing_id uuid, role text, cell_id uuid, branch_id uuid, state text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ SELECT t.id, t.slug, t.name, t.level, t.area, d.id, 'visitor_from_above',
              NULL::uuid, NULL::uuid,
              CASE WHEN t.paused_at IS NOT NULL THEN 'paused' ELSE 'open' END
       FROM public.door d
       JOIN public.tenant t ON t.id = d.tenant_id
       JOIN public.tenant o ON o.id = d.office_id
       WHERE d.person_id = wanted AND d.side = 'community'
         AND d.ended_at IS NULL AND d.expires_at > now()
         AND t.closed_at IS NULL AND o.closed_at IS NULL
         AND CASE o.level WHEN 'county' THEN t.area / 1000000 = o.area / 1000000
                          WHEN 'township' THEN t.area / 1000 = o.area / 1000
                          ELSE false END
         AND EXISTS (SELECT FROM public.standing s
                     WHERE s.tenant_id = o.id AND s.person_id = wanted
                       AND s.role IN ('county_admin', 'upper_officer')
                       AND s.ended_at IS NULL AND s.valid_from <= CURRENT_DATE
                       AND (s.valid_to IS NULL OR s.valid_to >= CURRENT_DATE))
       ORDER BY t.area, d.id $$
"""


def upgrade() -> None:
    _chain()
    _doors()


def _chain() -> None:
    op.create_table(
        "audit_link",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "linked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["audit_entry.tenant_id", "audit_entry.id"],
            name=op.f("fk_audit_link_tenant_id_id_audit_entry"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("tenant_id", "seq", name=op.f("uq_audit_link_tenant_id_seq")),
    )
    own_tenant("audit_link", commands="SELECT", area=False)
    allow("audit_link", "wangge_door", "SELECT", using="true")
    allow("audit_link", "wangge_door", "INSERT", check="true")
    op.execute("GRANT SELECT, INSERT ON audit_link TO wangge_door")
    # When it happened is the database's word: the application names no moment.
    op.execute("REVOKE INSERT ON audit_entry FROM wangge_app")
    op.execute(
        "GRANT INSERT (tenant_id, id, person_id, role, act, subject_kind, subject_id, facts)"
        " ON audit_entry TO wangge_app"
    )
    op.execute("SET LOCAL check_function_bodies = off")
    op.execute(DIGEST)
    # For the length of this transaction the owner reads every tenant's entries, to chain them.
    for table in ("audit_entry", "audit_link"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(BACKFILL)
    for table in ("audit_entry", "audit_link"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(CHAIN)
    op.execute(
        "CREATE CONSTRAINT TRIGGER audit_entry_chain AFTER INSERT ON audit_entry"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain()"
    )
    op.execute(TENANT_IDS)
    give_to_the_door("audit_chain()", "door_tenant_ids()")


def _doors() -> None:
    op.create_table(
        "door",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("visitor", sa.String(length=60), nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=False),
        sa.Column("office", sa.String(length=80), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("community", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now() + interval '3 hours'"),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.String(length=10), server_default="", nullable=False),
        sa.CheckConstraint("side IN ('office', 'community')", name=op.f("ck_door_side")),
        sa.CheckConstraint(
            "tenant_id = CASE side WHEN 'office' THEN office_id ELSE community_id END",
            name=op.f("ck_door_own_side"),
        ),
        sa.CheckConstraint("char_length(reason) >= 8", name=op.f("ck_door_reason")),
        sa.CheckConstraint(
            "expires_at <= opened_at + interval '3 hours'", name=op.f("ck_door_three_hours")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_how = '')"
            " AND ended_how IN ('', 'visitor', 'community', 'expired')",
            name=op.f("ck_door_ended_how"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_door")),
    )
    op.create_index(
        "ix_door_person", "door", ["person_id"], postgresql_where=sa.text("ended_at IS NULL")
    )
    own_tenant("door", commands="SELECT INSERT UPDATE", area=False)
    # Why, by whom and until when a door was opened is not edited afterwards; that it ended is.
    op.execute("REVOKE UPDATE ON door FROM wangge_app")
    op.execute("GRANT UPDATE (ended_at, ended_how) ON door TO wangge_app")
    op.execute("REVOKE INSERT ON door FROM wangge_app")
    op.execute(
        "GRANT INSERT (tenant_id, id, side, person_id, visitor, office_id, office, community_id,"
        " community, reason) ON door TO wangge_app"
    )
    allow("door", "wangge_door", "SELECT", using="true")
    op.execute("GRANT SELECT ON door TO wangge_door")
    op.execute(VISITS)
    give_to_the_door("door_visits(uuid)")
