"""What the database's own catalogue must say about every table, policy, key, view and role.

Each rule is one question that answers the offenders, so that a new table cannot forget it
(design, section 2). What an extension brought along is left out.
"""

from __future__ import annotations

PLATFORM = "('tenant', 'person', 'alembic_version')"
"""Of no tenant: who the tenants are, who signs in, which migration ran last."""

_OURS = """
    c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'
            AND d.classid = 'pg_class'::regclass)
"""
_OUR_FUNCTIONS = """
    p.pronamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e'
            AND d.classid = 'pg_proc'::regclass)
"""

RULES = {
    "row security is enabled and forced on every table": f"""
        SELECT c.relname FROM pg_class c
        WHERE {_OURS} AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
    """,
    "every policy is permissive, for one command and one named role": f"""
        SELECT c.relname || ': ' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE {_OURS}
          AND (NOT p.polpermissive OR p.polcmd = '*' OR p.polroles[1] = 0
               OR array_length(p.polroles, 1) <> 1)
    """,
    "a role has one policy for a command": f"""
        SELECT c.relname || ': ' || p.polcmd::text FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE {_OURS} GROUP BY c.relname, p.polcmd, p.polroles HAVING count(*) > 1
    """,
    "a policy looks nothing up: it compares the row with the stamp": r"""
        SELECT tablename || ': ' || policyname FROM pg_policies,
            LATERAL (SELECT coalesce(qual, '') || ' ' || coalesce(with_check, '') AS said) x
        WHERE schemaname = 'public'
          AND (said ~* '\mselect\M'
               OR EXISTS (SELECT FROM regexp_matches(said, '(\w+)\(', 'g') AS called
                          WHERE called[1] NOT LIKE 'app\_%'
                            AND called[1] NOT IN ('AND', 'OR', 'NOT')))
    """,
    "tenant_id comes first in every primary key, unique key and unique index": f"""
        SELECT i.indexrelid::regclass::text FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE {_OURS} AND c.relname NOT IN {PLATFORM} AND i.indisunique
          AND a.attname IS DISTINCT FROM 'tenant_id'
    """,
    "every table has a primary key": f"""
        SELECT c.relname FROM pg_class c
        WHERE {_OURS} AND c.relkind IN ('r', 'p')
          AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
    """,
    "a foreign key between tenants' tables begins with tenant_id on both sides": f"""
        SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_class t ON t.oid = k.confrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
        JOIN pg_attribute b ON b.attrelid = t.oid AND b.attnum = k.confkey[1]
        WHERE {_OURS} AND k.contype = 'f' AND t.relname NOT IN {PLATFORM}
          AND (a.attname, b.attname) <> ('tenant_id', 'tenant_id')
    """,
    "no key is changed by cascade": f"""
        SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE {_OURS} AND k.contype = 'f' AND k.confupdtype <> 'a'
    """,
    "no identity columns: ids are UUIDv7, minted outside": f"""
        SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE {_OURS} AND a.attidentity <> ''
    """,
    "a place has GiST(tenant_id, place) and GiST(place)": f"""
        SELECT c.relname || '.' || a.attname
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE {_OURS} AND c.relkind IN ('r', 'p') AND a.atttypid = 'geometry'::regtype
          AND (c.relname, a.attname) <> ('member', 'work') -- never asked for by box
          AND (SELECT count(DISTINCT i.indnatts) FROM pg_index i
               JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
               WHERE i.indrelid = c.oid AND m.amname = 'gist'
                 AND i.indkey[i.indnatts - 1] = a.attnum AND i.indnatts IN (1, 2))
              -- every row of a roster pays for both; no two communities' homes share their ground
              < CASE WHEN (c.relname, a.attname) = ('member', 'home') THEN 1 ELSE 2 END
    """,
    "a tenant's rows go with it when it moves, and none is left when it is erased": f"""
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('tenant_id', 'area')
        WHERE {_OURS} AND c.relkind IN ('r', 'p') AND NOT a.attisdropped
          AND c.relname NOT IN ('tenant', 'audit_entry', 'audit_link')
          AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid
              AND p.polroles = ARRAY['wangge_door'::regrole::oid]
              AND p.polcmd = CASE a.attname WHEN 'area' THEN 'w' ELSE 'd' END::"char")
    """,
    "views ask with the rights of whoever asks": f"""
        SELECT c.relname FROM pg_class c
        WHERE {_OURS} AND c.relkind = 'v'
          AND NOT coalesce(c.reloptions, '{{}}') && ARRAY['security_invoker=true',
                                                         'security_invoker=on']
    """,
    "no materialised views: they are filled past the policies": f"""
        SELECT c.relname FROM pg_class c WHERE {_OURS} AND c.relkind = 'm'
    """,
    "definer functions belong to a role that cannot sign in, with a pinned search_path": f"""
        SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
        WHERE {_OUR_FUNCTIONS} AND p.prosecdef
          AND (r.rolcanlogin OR NOT EXISTS (
              SELECT FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search\\_path=%%'))
    """,
    "definer functions are not for everybody": """
        SELECT p.oid::regprocedure::text FROM pg_proc p,
            aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS acl
        WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND acl.grantee = 0
    """,
    "nothing in a table is for everybody": f"""
        SELECT c.relname || ': ' || acl.privilege_type
        FROM pg_class c, aclexplode(c.relacl) AS acl WHERE {_OURS} AND acl.grantee = 0
    """,
    "roles that answer requests own nothing": """
        SELECT r.rolname || ' owns ' || owned.thing FROM pg_roles r JOIN (
            SELECT relowner AS owner, relname::text AS thing FROM pg_class
            UNION ALL SELECT proowner, proname::text FROM pg_proc
            UNION ALL SELECT nspowner, nspname::text FROM pg_namespace
            UNION ALL SELECT datdba, datname::text FROM pg_database
        ) AS owned ON owned.owner = r.oid
        WHERE r.rolname IN ('wangge_app', 'wangge_oversee', 'wangge_dispatch', 'wangge_backup')
    """,
    "only the backup looks past the policies, and nobody of ours is a superuser": """
        SELECT rolname FROM pg_roles WHERE rolname LIKE 'wangge%%'
          AND (rolsuper OR rolcreaterole OR rolbypassrls <> (rolname = 'wangge_backup'))
    """,
    "no role borrows another's rights, but for the owner of the door": """
        SELECT m.rolname || ' is in ' || g.rolname FROM pg_auth_members am
        JOIN pg_roles m ON m.oid = am.member JOIN pg_roles g ON g.oid = am.roleid
        WHERE m.rolname LIKE 'wangge%%' AND (m.rolname, g.rolname) NOT IN
            (('wangge_owner', 'wangge_door'), ('wangge_backup', 'pg_read_all_data'))
    """,
    "geometry_overlaps(geometry, geometry) keeps its LEAKPROOF mark": """
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.oid = 'geometry_overlaps(geometry, geometry)'::regprocedure AND NOT p.proleakproof
    """,
    "nothing else that takes a geometry, and nothing of ours, is LEAKPROOF": f"""
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.proleakproof AND p.proname <> 'geometry_overlaps'
          AND ('geometry'::regtype = ANY (p.proargtypes) OR {_OUR_FUNCTIONS})
    """,
}
