"""`wangge import members FILE --tenant SLUG --system S`: a roster from a file, without a page."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from os import environ
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from geo.coordinates import SYSTEMS

FAULTS_SHOWN = 50


@click.group(name="import")
def import_() -> None:
    """Bring rosters in."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--tenant", required=True, metavar="SLUG", help="the community that imports")
@click.option(
    "--system",
    required=True,
    type=click.Choice(SYSTEMS),
    help="the coordinate system of the file; it is never guessed",
)
@click.option("--system-confirmed", is_flag=True, help="read it as declared in spite of a warning")
@click.option("--dry-run", is_flag=True, help="check only, keep nothing")
@click.option(
    "--rejected",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.xlsx",
    help="write the rows that are not taken, each with its reason",
)
@click.option("--json", "as_json", is_flag=True, help="answer in JSON")
def members(
    file: Path,
    tenant: str,
    system: str,
    system_confirmed: bool,
    dry_run: bool,
    rejected: Path | None,
    as_json: bool,
) -> None:
    """Check a roster of members and, without --dry-run, take it in.

    Good rows go in, each bad row is named with its reason: rows = accepted + rejected +
    duplicates. Exit code 0 when the file could be used, 2 with one sentence when it could not.
    """
    from sqlalchemy.exc import OperationalError

    from service.app import bare_app
    from service.settings import read
    from tenants.database import engine

    content = _content(file)
    app = bare_app(read(environ, "command"))
    with app.app_context():
        try:
            answer = _import(
                content, file.name, tenant, system, system_confirmed, dry_run, rejected
            )
        except OperationalError:
            _refuse("连不上数据库,什么都没有登记;请确认它在运行后再试。")
        finally:
            engine().dispose()
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        _tell(answer)


def _import(
    content: bytes,
    filename: str,
    slug: str,
    system: str,
    confirmed: bool,
    dry_run: bool,
    rejected: Path | None,
) -> dict[str, Any]:
    from tenants.arrivals.rosters import community_facts, sift, take_in
    from tenants.database import db
    from tenants.members.imports import record_import
    from tenants.members.roster_rows import UnusableRoster
    from tenants.members.rosters import read_roster
    from tenants.people.door import scope_of_tenant
    from tenants.scope import entered

    scope = scope_of_tenant(slug=slug)
    if scope is None or scope.level != "community":
        _refuse(f"没有名为 {slug} 的社区;请核对 --tenant 后再试。")
    arrivals = 0
    with entered(scope):
        facts = community_facts(scope)
        db.session.rollback()
        try:
            with _bar() as progress:
                roster = read_roster(
                    content,
                    filename,
                    system=system,
                    today=date.today(),
                    community=facts,
                    system_confirmed=confirmed,
                    progress=progress,
                )
        except UnusableRoster as unusable:
            _refuse(unusable.sentence)
        intake = sift(scope, roster, date.today())
        if rejected is not None:
            # Before anything is kept: who cannot get the rows back should not lose them.
            _hand_back(rejected, content, filename, intake.faults)
        if not dry_run:
            import_id = record_import(scope, filename, system, intake.counts)
            arrivals = take_in(scope, intake, import_id)
            db.session.commit()
    return {
        "file": filename,
        "tenant": slug,
        "system": system,
        "dry_run": dry_run,
        **intake.counts,
        "arrivals": arrivals,
        "faults": intake.faults,
    }


def _hand_back(out: Path, content: bytes, filename: str, faults: list[dict[str, Any]]) -> None:
    from service.rejected import rejected_workbook
    from tenants.errors import Conflict
    from tenants.members.roster_rejects import rejected_tables

    try:
        out.write_bytes(rejected_workbook(rejected_tables(content, filename, faults)))
    except Conflict as conflict:
        _refuse(conflict.sentence)
    except OSError as error:
        _refuse(f"写不了文件 {out.name}({error.strerror}),什么都没有登记;请换一个位置。")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        _refuse(f"读不了文件 {file.name}({error.strerror});请核对路径后再试。")


def _tell(answer: dict[str, Any]) -> None:
    console = Console()
    console.print(
        "共 {rows} 行:可以登记 {accepted} 人,拒绝 {rejected} 行,重复 {duplicates} 行。".format(
            **answer
        )
    )
    for fault in answer["faults"][:FAULTS_SHOWN]:
        where = f"{fault['sheet']} " if fault["sheet"] else ""
        column = f"“{fault['column']}”" if fault["column"] else ""
        line = f"  {where}第 {fault['row']} 行{column}:{fault['sentence']}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if len(answer["faults"]) > FAULTS_SHOWN:
        console.print(f"  ……还有 {len(answer['faults']) - FAULTS_SHOWN} 处,用 --json 查看全部。")
    if answer["dry_run"]:
        console.print("这是试运行,什么都没有登记。")
    elif answer["arrivals"]:
        console.print(f"{answer['arrivals']} 位流入党员正在等待匹配支部。")


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    with Bar(
        TextColumn("正在检查名册"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)
