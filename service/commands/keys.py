"""`wangge rotate-key --tenant SLUG`: a new key for one tenant's sensitive fields."""

import sys
from os import environ

import click


@click.command(name="rotate-key")
@click.option("--tenant", required=True, metavar="SLUG", help="whose key")
def rotate_key(tenant: str) -> None:
    """Make a new key for a tenant and seal its fields with it, batch by batch.

    People keep working meanwhile. Stopped half-way, the same command goes on from there.
    """
    from service.app import bare_app
    from service.settings import read

    app = bare_app(read(environ, "command"))
    with app.app_context():
        is_new, moved = _rotate(tenant)
    click.echo("已换上新密钥。" if is_new else "上一次没有做完,这次接着做。")
    click.echo(f"{moved} 条记录已用新密钥重新加密,旧值全程可读。")
    if not is_new:
        click.echo("如果还要再换一次密钥,请再运行一次这条命令。")


def _rotate(slug: str) -> tuple[bool, int]:
    from tenants.database import db
    from tenants.members.resealing import (
        begin_rotation,
        end_rotation,
        reseal_further,
        reseal_matches,
        reseal_members,
        reseal_one_file,
    )
    from tenants.people.door import scope_of_tenant
    from tenants.scope import entered

    scope = scope_of_tenant(slug=slug)
    if scope is None:
        click.echo(f"没有名为 {slug} 的机构;请核对 --tenant 后再试。", err=True)
        sys.exit(2)
    moved = 0
    with entered(scope):
        is_new = begin_rotation(scope)
        db.session.commit()
        for batch in (reseal_members, reseal_one_file, reseal_matches, reseal_further):
            while done := batch(scope):
                db.session.commit()
                moved += done
            db.session.rollback()
        end_rotation(scope, moved)
        db.session.commit()
    return is_new, moved
