"""From a running PostgreSQL to a migrated database."""

import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from launcher.locks import waiting_for
from launcher.places import PROJECT, RUN
from launcher.postgres import Server
from launcher.words import CannotContinue

TRANSLATIONS = PROJECT / "service" / "translations"


def compile_catalogues(log: Path) -> None:
    """Flask-Babel's .mo files, which are not committed."""
    if any(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        module = "babel.messages.frontend"
        run_module(module, ["compile", "-d", str(TRANSLATIONS)], None, log)


def prepare_database(server: Server, database: str) -> None:
    """Creates the database when it is not there and runs migrations/prepare.sql in it."""
    # Roles belong to the cluster: two launchers cannot alter them at once.
    with waiting_for(RUN / "prepare.lock"):
        if not server.psql("-c", f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
            server.psql("-c", f'CREATE DATABASE "{database}"')
        server.psql("-f", str(PROJECT / "migrations/prepare.sql"), database=database)
        server.psql("-c", f'ALTER DATABASE "{database}" OWNER TO wangge_owner')


def migrate(environment: Mapping[str, str], log: Path) -> None:
    run_module("service.commands", ["migrate"], environment, log)


def migrations_checksum() -> str:
    """Changes whenever a file of migrations/ does; the same files need no second run."""
    sum_of_all = sha256()
    for file in sorted((PROJECT / "migrations").rglob("*")):
        if file.suffix in (".py", ".sql"):
            sum_of_all.update(str(file.relative_to(PROJECT)).encode() + file.read_bytes())
    return sum_of_all.hexdigest()


def run_module(
    module: str, arguments: list[str], environment: Mapping[str, str] | None, log: Path
) -> None:
    """`python -m module ...` with its output in a log; raises with the log when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        name = "wangge" if module == "service.commands" else module
        words = " ".join([name, *arguments[:2]])
        raise CannotContinue(
            f"{words} 失败：原因见上面的日志。", f"{words} failed; the log above says why.", log
        )
