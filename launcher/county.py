"""The demo's own database and Redis below .run/demo: made, migrated, filled, begun afresh."""

import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from launcher.doorbell import Doorbell
from launcher.environment import (
    clean_environment,
    kept_secrets,
    read_exports,
    service_urls,
    write_exports,
)
from launcher.places import DEMO, RUN, data_directory
from launcher.postgres import Cluster
from launcher.processes import data_account
from launcher.readying import migrate, migrations_checksum, prepare_database, run_module
from launcher.supervisor import Supervisor
from launcher.words import Steps

ACCOUNTS = RUN / "accounts.json"
ADDRESS = RUN / "demo.address"
EXPORTS = DEMO / "services.env"
LOCK = RUN / "demo.lock"
LOGS = DEMO / "logs"
DATABASE = "wangge"


def start_over() -> None:
    """Forgets the demo's data, secrets and accounts."""
    shutil.rmtree(data_directory(DEMO / "postgres", data_account()), ignore_errors=True)
    shutil.rmtree(DEMO, ignore_errors=True)
    ACCOUNTS.unlink(missing_ok=True)


def start_county(stack: ExitStack, supervisor: Supervisor, steps: Steps) -> dict[str, str]:
    """A migrated database and a Redis; returns the application's environment.

    `stack` takes down what was started, whatever happens next.
    """
    with steps("数据库与 Redis", "PostgreSQL and Redis"):
        cluster = Cluster(DEMO)
        stack.callback(cluster.stop)
        doorbell = Doorbell(DEMO)
        stack.callback(doorbell.stop)
        stack.callback(supervisor.stop)
        supervisor.add(cluster.start, foundation=True)
        supervisor.add(doorbell.start, foundation=True)
    done = cluster.data / "migrated"
    wanted = migrations_checksum()
    current = done.exists() and done.read_text() == wanted
    with steps("数据库角色与扩展", "roles and extensions"):
        if not current:
            prepare_database(cluster.server, DATABASE)
    ours = service_urls(cluster.server.sockets, DATABASE, doorbell.socket)
    ours |= kept_secrets(DEMO / "secrets")
    ours["WANGGE_ANCHORS"] = str(DEMO / "anchors")
    environment = clean_environment() | ours
    with steps("迁移", "migrations"):
        if not current:
            migrate(environment, LOGS / "migrate.log")
            done.write_text(wanted)
    write_exports(EXPORTS, ours)
    stack.callback(EXPORTS.unlink, missing_ok=True)
    return environment


def load_counties(environment: Mapping[str, str], steps: Steps) -> None:
    """The two fictitious counties, once; a load that was interrupted is begun again."""
    # The mark lies with the data, so that it goes wherever the data goes.
    loaded = data_directory(DEMO / "postgres", data_account()) / "loaded"
    with steps("演示数据", "demonstration counties"):
        if loaded.exists() and ACCOUNTS.exists():
            return
        arguments = ["demo", "load", "--accounts", str(ACCOUNTS)]
        run_module("service.commands", arguments, environment, LOGS / "load.log")
        loaded.touch()


def running_environment() -> dict[str, str] | None:
    """What a running demo gave its processes; None when it is not (or not yet) there."""
    values = read_exports(EXPORTS)
    return clean_environment() | values if values else None


def address() -> str:
    try:
        return Path(ADDRESS).read_text().strip()
    except FileNotFoundError:
        return "（正在启动）"
