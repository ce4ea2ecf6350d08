-- Run once by a superuser inside the database, before the first migration; harmless when repeated.
--
--   psql -v ON_ERROR_STOP=1 -U postgres -d wangge -f migrations/prepare.sql
--
-- It makes what a table owner cannot make for itself: the roles, the extensions and who may ask
-- them, and the one LEAKPROOF mark. A PostGIS upgrade loses that mark: run this file again after
-- one.
\set QUIET on
SET client_min_messages = warning;

DO $roles$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        'wangge_owner', 'wangge_app', 'wangge_oversee', 'wangge_dispatch',
        'wangge_backup', 'wangge_door'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I', wanted);
        END IF;
    END LOOP;
END
$roles$;

-- Who owns the tables never answers a page; who answers pages owns nothing and cannot look past
-- row-level security. Only the backup may, and it only reads.
ALTER ROLE wangge_owner    LOGIN   NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE wangge_app      LOGIN   NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE wangge_oversee  LOGIN   NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE wangge_dispatch LOGIN   NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE wangge_backup   LOGIN   NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
ALTER ROLE wangge_door     NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;

ALTER ROLE wangge_app      SET statement_timeout = '30s';
ALTER ROLE wangge_app      SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE wangge_app      SET lock_timeout = '10s';
ALTER ROLE wangge_oversee  SET statement_timeout = '30s';
ALTER ROLE wangge_oversee  SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE wangge_oversee  SET default_transaction_read_only = on;
ALTER ROLE wangge_dispatch SET statement_timeout = '30s';
ALTER ROLE wangge_dispatch SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE wangge_dispatch SET lock_timeout = '10s';
ALTER ROLE wangge_backup   SET default_transaction_read_only = on;

-- SECURITY DEFINER functions belong to wangge_door. To give it one, a migration says, as the owner:
--   GRANT CREATE ON SCHEMA public TO wangge_door;
--   ALTER FUNCTION ... OWNER TO wangge_door;
--   REVOKE CREATE ON SCHEMA public FROM wangge_door;
-- so the right to create lasts for one transaction only.
GRANT wangge_door TO wangge_owner;

-- What pg_dump reads.
GRANT pg_read_all_data TO wangge_backup;

SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()),
       format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO wangge_owner, wangge_app',
              current_database()),
       format('GRANT CONNECT ON DATABASE %I TO wangge_oversee, wangge_dispatch, wangge_backup',
              current_database()),
       format('ALTER DATABASE %I SET timezone = ''UTC''', current_database())
\gexec

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- With the rights of its superuser it tells anybody the box round every tenant's homes.
DO $extent$
DECLARE
    asked regprocedure;
BEGIN
    FOR asked IN SELECT oid FROM pg_proc WHERE prosecdef AND proname = 'st_estimatedextent' LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', asked);
    END LOOP;
END
$extent$;

ALTER SCHEMA public OWNER TO wangge_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public
    TO wangge_app, wangge_oversee, wangge_dispatch, wangge_backup, wangge_door;

-- Compares two boxes and says nothing else about them, so row-level security may let the index use
-- it. Never an ST_* function: those can tell of a row by raising an error.
ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
