"""`wangge import members FILE --tenant SLUG --system S`: a roster from a file, without a page."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from os import environ
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from service.commands.importing_told import tell
from tenants.members.import_states import CHOICES, ROSTER_SYSTEMS


@dataclass(frozen=True)
class Said:
    """How to read the file, and what becomes of people the register knows."""

    system: str
    confirmed: bool
    swapped: bool | None
    mapping: dict[str, str]
    sheets: tuple[str, ...]
    changed: str
    possible: str


@click.group(name="import")
def import_() -> None:
    """Bring rosters in."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--tenant", required=True, metavar="SLUG", help="the community that imports")
@click.option(
    "--system",
    required=True,
    type=click.Choice(ROSTER_SYSTEMS),
    help="the coordinate system of the file; it is never guessed",
)
@click.option(
    "--confirm-system",
    "--system-confirmed",
    "confirmed",
    is_flag=True,
    help="read it as declared in spite of a warning",
)
@click.option(
    "--swapped/--not-swapped",
    default=None,
    help="whether the two columns of coordinates are exchanged",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="HEADER=FIELD",
    help="what a header means (name, phone, lon ...), nothing after = to pass it over;"
    " remembered for the tenant unless --dry-run",
)
@click.option("--sheet", "sheets", multiple=True, metavar="NAME", help="only these sheets")
@click.option(
    "--changed",
    type=click.Choice(CHOICES["changed"]),
    default="skip",
    help="known people whose record differs",
)
@click.option(
    "--possible",
    type=click.Choice(CHOICES["possible"]),
    default="skip",
    help="people who may be known",
)
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
    confirmed: bool,
    swapped: bool | None,
    mapped: tuple[str, ...],
    sheets: tuple[str, ...],
    changed: str,
    possible: str,
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
    said = Said(system, confirmed, swapped, _mapping(mapped), sheets, changed, possible)
    app = bare_app(read(environ, "command"))
    with app.app_context():
        try:
            answer = _import(content, file.name, tenant, said, dry_run, rejected)
        except OperationalError:
            _refuse("连不上数据库,什么都没有登记;请确认它在运行后再试。")
        finally:
            engine().dispose()
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        tell(answer)


def _import(
    content: bytes,
    filename: str,
    slug: str,
    said: Said,
    dry_run: bool,
    rejected: Path | None,
) -> dict[str, Any]:
    from tenants.arrivals.rosters import Decisions, community_facts, sift, take_in
    from tenants.database import db
    from tenants.members.import_lookups import column_choices
    from tenants.members.import_questions import remember_headers
    from tenants.members.imports import one_at_a_time, record_import
    from tenants.members.roster_remarks import worth_saying
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
        choices = column_choices(scope) | said.mapping
        db.session.rollback()
        try:
            with _bar() as progress:
                roster = read_roster(
                    content,
                    filename,
                    system=said.system,
                    today=date.today(),
                    community=facts,
                    system_confirmed=said.confirmed,
                    swapped=said.swapped,
                    choices=choices,
                    only_sheets=said.sheets or None,
                    progress=progress,
                )
        except UnusableRoster as unusable:
            _refuse(unusable.sentence)
        decisions = Decisions(said.changed, said.possible)
        if not dry_run:
            one_at_a_time(scope)
        intake = sift(scope, roster, date.today(), decisions)
        if rejected is not None:
            # Before anything is kept: who cannot get the rows back should not lose them.
            _hand_back(rejected, content, filename, intake.faults, choices)
        if not dry_run:
            remember_headers(scope, said.mapping)
            import_id = record_import(scope, filename, said.system, intake.counts)
            arrivals = take_in(scope, intake, import_id)
            db.session.commit()
    return {
        "file": filename,
        "tenant": slug,
        "system": said.system,
        "dry_run": dry_run,
        "handed_back": rejected is not None,
        **intake.counts,
        "arrivals": arrivals,
        "impact": intake.impact | worth_saying(roster),
        "faults": intake.faults,
    }


def _hand_back(
    out: Path,
    content: bytes,
    filename: str,
    faults: list[dict[str, Any]],
    choices: dict[str, str],
) -> None:
    from service.rejected import rejected_workbook
    from tenants.errors import Conflict
    from tenants.members.roster_rejects import rejected_tables

    try:
        tables = rejected_tables(content, filename, faults, choices=choices)
        out.write_bytes(rejected_workbook(tables))
    except Conflict as conflict:
        _refuse(conflict.sentence)
    except OSError as error:
        _refuse(f"写不了文件 {out.name}({error.strerror}),什么都没有登记;请换一个位置。")


def _mapping(mapped: tuple[str, ...]) -> dict[str, str]:
    """HEADER=FIELD -> what headers mean, by their keys."""
    from tenants.members.roster_headers import FIELDS, header_key

    found = {}
    for pair in mapped:
        header, equals, field = pair.rpartition("=")
        if not equals or not header_key(header) or (field and field not in FIELDS):
            _refuse(f"--map 要写成 列名=含义，含义是其中之一：{'、'.join(FIELDS)}。")
        found[header_key(header)] = field
    return found


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        _refuse(f"读不了文件 {file.name}({error.strerror});请核对路径后再试。")


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
