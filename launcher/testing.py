"""`./run test`, `./run services` and `./run bench`: a throw-away PostgreSQL and Redis.

Each run has a database and a Redis of its own. While `./run services` is up, runs share its
cluster, which saves them the start; they never share its database.
"""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

from launcher.doorbell import Doorbell
from launcher.environment import (
    clean_environment,
    extras_for_tests,
    new_secrets,
    read_exports,
    service_urls,
    write_exports,
)
from launcher.places import PROJECT, RUN, data_directory
from launcher.postgres import Cluster, Server, postgres_programs
from launcher.processes import data_account
from launcher.readying import compile_catalogues, migrate, prepare_database
from launcher.running import run_here
from launcher.words import CannotContinue, Steps, say

SHARED = RUN / "services"
EXPORTS = RUN / "services.env"


def run_tests(arguments: list[str], steps: Steps) -> int:
    """pytest with all arguments passed on, over a freshly migrated database."""
    with steps("翻译", "translations"):
        compile_catalogues(RUN / "logs" / "babel.log")
    with fresh_database(steps) as environment:
        return run_here([sys.executable, "-m", "pytest", *arguments], environment)


def run_benchmark(arguments: list[str], steps: Steps) -> int:
    """`python -m benchmarks.NAME`, with a database unless its head says `# needs: nothing`."""
    name, *rest = arguments
    command = [sys.executable, "-m", f"benchmarks.{name}", *rest]
    head = (PROJECT / "benchmarks" / f"{name}.py").read_text("utf-8").splitlines()[:20]
    if any(line.startswith("# needs: nothing") for line in head):
        return run_here(command, clean_environment())
    with fresh_database(steps) as environment:
        return run_here(command, environment)


def keep_services(steps: Steps) -> int:
    """A throw-away cluster and Redis in the foreground, until Ctrl-C."""
    if standing_server() is not None:
        raise CannotContinue(
            '测试服务已经在运行：直接用 ./run test，或 eval "$(./run env)"。',
            "The services are running already.",
        )
    try:
        with started(SHARED, steps, "wangge", None) as environment:
            ours = {name: value for name, value in environment.items() if name.startswith("WANGGE")}
            write_exports(EXPORTS, ours)
            say(f'测试服务已就绪，Ctrl-C 停止。环境变量：eval "$(./run env)"（{EXPORTS}）')
            with suppress(KeyboardInterrupt):
                while True:
                    signal.pause()
    finally:
        EXPORTS.unlink(missing_ok=True)
    return 0


@contextmanager
def fresh_database(steps: Steps) -> Iterator[dict[str, str]]:
    """The environment of a database and a Redis that nobody else uses; gone afterwards."""
    sweep_left_overs()
    folder, database = RUN / f"test-{os.getpid()}", f"wangge_test_{os.getpid()}"
    with started(folder, steps, database, standing_server()) as environment:
        yield environment


def sweep_left_overs() -> None:
    """What runs left behind that were killed outright."""
    for folder in RUN.glob("test-*"):
        if not Path("/proc", folder.name.removeprefix("test-")).exists():
            shutil.rmtree(data_directory(folder / "postgres", data_account()), ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(
    folder: Path, steps: Steps, database: str, standing: Server | None
) -> Iterator[dict[str, str]]:
    """A migrated database (on `standing` when given) and a Redis, taken down at the end."""
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        with steps("临时数据库", "throw-away PostgreSQL and Redis"):
            doorbell = Doorbell(folder)
            stack.callback(doorbell.stop)
            doorbell.start()
            if standing is None:
                cluster = Cluster(folder, throw_away=True)
                stack.callback(cluster.stop)
                cluster.start()
                server = cluster.server
            else:
                server = standing
                stack.callback(drop_quietly, server, database)
            prepare_database(server, database)
        environment = (
            clean_environment()
            | service_urls(server.sockets, database, doorbell.socket)
            | extras_for_tests(server.sockets, database)
            | new_secrets()
        )
        with steps("迁移", "migrations"):
            migrate(environment, folder / "logs" / "migrate.log")
        yield environment


def standing_server() -> Server | None:
    """The server of a `./run services` that is up; None when there is none that answers."""
    url = read_exports(EXPORTS).get("WANGGE_SUPERUSER_URL", "")
    if not url:
        return None
    sockets = Path(unquote(url.partition("?host=")[2]))
    server = Server(sockets, postgres_programs(SHARED / "postgres" / "cluster"))
    return server if server.answers() else None


def drop_quietly(server: Server, database: str) -> None:
    """The services may have been stopped meanwhile: then the database is gone with them."""
    with suppress(CannotContinue):
        server.psql("-c", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
