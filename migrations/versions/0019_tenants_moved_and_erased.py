"""Tenants moved to another township, and erased when their term is over.

Both touch every row of a tenant, also in tables to which the application may only add. So they
are functions of the door, each of which does one thing to one table of the stamped tenant.
"""

import sqlalchemy as sa
from alembic import op

from migrations.policies import allow, give_to_the_door, moved_and_erased

revision = "0019"
down_revision = "0018"

KEPT = ("audit_entry", "audit_link")
"""What happened stays written down: ids, counts and metres, never a name."""

TABLES = sa.text("""
    SELECT t.table_name,
           EXISTS (SELECT FROM information_schema.columns a WHERE a.table_schema = 'public'
                   AND a.table_name = t.table_name AND a.column_name = 'area') AS has_area
    FROM information_schema.columns t
    JOIN pg_class c ON c.relname = t.table_name AND c.relnamespace = 'public'::regnamespace
    WHERE t.table_schema = 'public' AND t.column_name = 'tenant_id' AND c.relkind = 'r'
    ORDER BY t.table_name
""")

DOOR = """
CREATE OR REPLACE FUNCTION door_former_standing(wanted uuid, wanted_slug text)
    RETURNS TABLE (tenant_id bigint, slug text, name text, level text, area bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ SELECT DISTINCT t.id, t.slug, t.name, t.level, t.area
       FROM public.standing s JOIN public.tenant t ON t.id = s.tenant_id
       WHERE s.person_id = wanted AND t.slug = wanted_slug AND t.closed_at IS NULL
         AND s.role IN ('community_admin', 'branch_officer', 'grid_leader')
         AND s.valid_from <= CURRENT_DATE
         AND coalesce(s.ended_at::date, s.valid_to) >= CURRENT_DATE - 90 $$;;
CREATE FUNCTION door_restamp(wanted text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ DECLARE touched bigint;
    BEGIN
        EXECUTE format('UPDATE public.%I SET area = public.app_area()', wanted);
        GET DIAGNOSTICS touched = ROW_COUNT;
        RETURN touched;
    END $$;;
CREATE FUNCTION door_move_tenant(wanted bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ BEGIN
        UPDATE public.tenant SET area = wanted
        WHERE id = public.app_tenant() AND level = 'community' AND closed_at IS NULL
          AND area / 1000000 = wanted / 1000000
          AND wanted % 1000 > 0 AND wanted % 1000000 / 1000 > 0;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'not a community of this county';
        END IF;
    END $$;;
CREATE FUNCTION door_erase(wanted text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ DECLARE touched bigint;
    BEGIN
        PERFORM FROM public.tenant WHERE id = public.app_tenant() AND closed_at IS NOT NULL
            AND erase_on <= CURRENT_DATE AND erased_at IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'not a tenant whose term is over';
        END IF;
        EXECUTE format('DELETE FROM public.%I', wanted);
        GET DIAGNOSTICS touched = ROW_COUNT;
        RETURN touched;
    END $$;;
CREATE FUNCTION door_forget_people(wanted uuid[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ DECLARE touched bigint;
    BEGIN
        PERFORM FROM public.tenant WHERE id = public.app_tenant() AND closed_at IS NOT NULL
            AND erase_on <= CURRENT_DATE AND erased_at IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'not a tenant whose term is over';
        END IF;
        DELETE FROM public.person p WHERE p.id = ANY (wanted)
            AND NOT EXISTS (SELECT FROM public.standing s WHERE s.person_id = p.id);
        GET DIAGNOSTICS touched = ROW_COUNT;
        RETURN touched;
    END $$
"""

DOOR_FUNCTIONS = (
    "door_restamp(text)",
    "door_move_tenant(bigint)",
    "door_erase(text)",
    "door_forget_people(uuid[])",
)


def upgrade() -> None:
    for table, has_area in op.get_bind().execute(TABLES).all():
        if table not in KEPT:
            moved_and_erased(table, area=has_area)
    allow("tenant", "wangge_door", "UPDATE", using="id = app_tenant()", check="id = app_tenant()")
    op.execute("GRANT UPDATE (area) ON tenant TO wangge_door")
    allow("person", "wangge_door", "DELETE", using="true")
    op.execute("GRANT DELETE ON person TO wangge_door")
    # Bodies are not planned here: the owner that plans them is under the policies itself.
    op.execute("SET LOCAL check_function_bodies = off")
    for statement in DOOR.split(";;"):
        op.execute(statement)
    give_to_the_door(*DOOR_FUNCTIONS)
