"""Row-level security, said the same way for every table (design, section 2).

Exactly one permissive policy per role and command, no sub-select, no table look-up. Grants are
what a role needs and no more: the offices above get named columns only, never a name or a phone.
"""

from alembic import op

OWN = "tenant_id = app_tenant()"
BELOW = "area BETWEEN app_area_lo() AND app_area_hi()"
SAME_COUNTY = "area BETWEEN app_county_lo() AND app_county_hi()"
STAMPED = "tenant_id = app_tenant() AND area = app_area()"


def lock(table: str) -> None:
    """Force row security on `table` (its owner too) and let the backup role read it."""
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'GRANT SELECT ON "{table}" TO wangge_backup')


def allow(table: str, role: str, command: str, using: str = "", check: str = "") -> None:
    """One policy, named by role and command, with the grant that goes with it."""
    using_part = f" USING ({using})" if using else ""
    check_part = f" WITH CHECK ({check})" if check else ""
    name = f"{table}_{role.removeprefix('wangge_')}_{command.lower()}"
    op.execute(f'CREATE POLICY {name} ON "{table}" FOR {command} TO {role}{using_part}{check_part}')


def own_tenant(table: str, *, commands: str = "SELECT INSERT UPDATE DELETE", area: bool) -> None:
    """The application reads and writes its own tenant's rows.

    `area`: the table has the tenant's area, which must be the stamped one. `commands`: leave out
    what nobody may do to the table.
    """
    lock(table)
    mine = STAMPED if area else OWN
    for command in commands.split():
        if command == "INSERT":
            allow(table, "wangge_app", command, check=mine)
        elif command == "UPDATE":
            allow(table, "wangge_app", command, using=OWN, check=mine)
        else:
            allow(table, "wangge_app", command, using=OWN)
    op.execute(f'GRANT {", ".join(commands.split())} ON "{table}" TO wangge_app')


def overseen(table: str, columns: str) -> None:
    """The offices above read these columns of what lies below them."""
    allow(table, "wangge_oversee", "SELECT", using=BELOW)
    op.execute(f'GRANT SELECT ({columns}) ON "{table}" TO wangge_oversee')


def county_directory(table: str) -> None:
    """All tenants of a county read it; each writes its own rows only."""
    lock(table)
    allow(table, "wangge_app", "SELECT", using=SAME_COUNTY)
    allow(table, "wangge_app", "INSERT", check=STAMPED)
    allow(table, "wangge_app", "UPDATE", using=OWN, check=STAMPED)
    allow(table, "wangge_app", "DELETE", using=OWN)
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO wangge_app')


def give_to_the_door(*functions: str, asked_by: str = "wangge_app") -> None:
    """SECURITY DEFINER functions belong to a role that signs in nowhere and owns nothing else."""
    op.execute("GRANT CREATE ON SCHEMA public TO wangge_door")
    for function in functions:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {asked_by}")
        op.execute(f"ALTER FUNCTION {function} OWNER TO wangge_door")
    op.execute("REVOKE CREATE ON SCHEMA public FROM wangge_door")


def moved_and_erased(table: str, *, area: bool) -> None:
    """A tenant that moves takes its rows of `table` along; one that is erased leaves none.

    Both are done by the door's functions (migration 0019), also to rows that the application may
    only add. `area`: the table has the tenant's area.
    """
    allow(table, "wangge_door", "DELETE", using=OWN)
    op.execute(f'GRANT DELETE ON "{table}" TO wangge_door')
    if area:
        allow(table, "wangge_door", "UPDATE", using=OWN, check=STAMPED)
        op.execute(f'GRANT UPDATE (area) ON "{table}" TO wangge_door')
