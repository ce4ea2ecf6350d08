"""`wangge audit verify`: walks the chain over what was noted, and names where it first breaks."""

import sys
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tenants.scope import Scope

WHY = {
    "missing": "缺少一条",
    "changed": "内容与当时不符",
    "unlinked": "有一条不在链上",
    "anchor_missing": "库外锚点记下的一条已经不在",
    "anchor_differs": "与库外锚点记下的不是同一条",
}
WHAT_BECAME = {"closed": "（已关闭）", "erased": "（已清除）"}
"""What was noted of a tenant stays when it is closed, and when its data is erased."""


@click.group()
def audit() -> None:
    """The chain over what was noted."""


@audit.command()
@click.option(
    "--tenant", metavar="SLUG", help="one tenant; without it all, closed and erased ones too"
)
@click.option(
    "--anchors",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="folder of anchor files; WANGGE_ANCHORS otherwise",
)
def verify(tenant: str | None, anchors: Path | None) -> None:
    """Walk the chains; ends with 1 when one is broken, and says where it begins to be."""
    from service.app import bare_app
    from service.settings import read

    settings = read(environ, "command")
    folder = anchors or (Path(settings.anchors) if settings.anchors else None)
    with bare_app(settings).app_context():
        broken = [scope.slug for scope in _named(tenant) if not _holds(scope, folder)]
    if folder is None:
        click.echo("没有库外锚点：整段截去末尾看不出来。请设置 WANGGE_ANCHORS 或 --anchors。")
    if broken:
        sys.exit(1)


def _named(tenant: str | None) -> "list[Scope]":
    from tenants.people.door import audited_tenants

    found = audited_tenants(tenant)
    if tenant is not None and not found:
        click.echo(f"没有名为 {tenant} 的机构;请核对 --tenant 后再试。", err=True)
        sys.exit(2)
    return found


def _holds(scope: "Scope", folder: Path | None) -> bool:
    from tenants.audit.lookups import anchors_of, first_break
    from tenants.scope import entered

    slug = f"{scope.slug}{WHAT_BECAME.get(scope.state, '')}"
    with entered(scope):
        anchors = anchors_of(scope, folder) if folder else {}
        links, found = first_break(scope, anchors)
    if found is None:
        click.echo(f"{slug}：{links} 条，完好，核对了 {len(anchors)} 个锚点。")
        return True
    where = f"第 {found.seq} 条" if found.seq else "链外"
    when = f"，{found.at:%Y-%m-%d %H:%M:%S} UTC" if found.at else ""
    click.echo(f"{slug}：{where}起断开：{WHY[found.why]}{when} {found.act}".rstrip())
    return False
