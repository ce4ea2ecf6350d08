"""`wangge demo load`: two fictitious counties, the same every time."""

import json
from dataclasses import asdict
from datetime import date
from os import environ
from pathlib import Path
from secrets import token_urlsafe

import click
from rich.console import Console


@click.group()
def demo() -> None:
    """The demo counties."""


@demo.command()
@click.option("--accounts", type=click.Path(path_type=Path), help="where the accounts are written")
def load(accounts: Path | None) -> None:
    """Load the counties where they are missing; accounts that exist are kept in the file.

    Beside the accounts a roster is left to try the import with: GB18030, GCJ-02, two bad rows.
    """
    from flask_security import hash_password

    from service.app import create_app
    from service.demo.load import load as load_counties
    from service.demo.roster import inflow_roster
    from service.settings import read

    console = Console()
    with create_app(read(environ, "web")).app_context():
        fresh = load_counties(
            date.today(),
            lambda _email: token_urlsafe(9),
            hash_password,
            lambda done, total, name: console.print(f"  {done}/{total} {name}", highlight=False),
        )
    if accounts:
        _keep(accounts, [asdict(account) for account in fresh])
        accounts.with_name("demo-roster.csv").write_bytes(inflow_roster(date.today()))
    click.echo(f"demo: {len(fresh)} new accounts")


def _keep(path: Path, fresh: list[dict[str, str]]) -> None:
    known = json.loads(path.read_text("utf-8")) if path.exists() else []
    again = {account["email"] for account in fresh}
    kept = [account for account in known if account["email"] not in again] + fresh
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    path.chmod(0o600)
