"""A database, a Redis and a cuttable line of the storm's own, so that nobody else is hit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import environ
from pathlib import Path
from tempfile import mkdtemp

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import make_url

from launcher.doorbell import Doorbell
from launcher.environment import clean_environment, service_urls
from launcher.postgres import Server, postgres_programs
from launcher.processes import Child
from launcher.readying import migrate, prepare_database
from launcher.testing import drop_quietly
from service.app import create_app
from service.settings import read
from tenants.database import db
from tests.faults.line import Line

PROJECT = Path(__file__).parents[2]
SLOW = str(PROJECT / "tests/faults/slow_and_impatient.py")


@dataclass
class Site:
    """The application on a line that can be cut, and real processes that can be killed."""

    app: Flask
    environment: dict[str, str]
    line: Line
    redis: Redis
    logs: Path
    started: list[Child] = field(default_factory=list)

    def start(self, *command: str) -> Child:
        """`wangge command` as a process of its own, slowed down."""
        number = len(self.started)
        child = Child(
            f"{command[0]} {number}",
            [sys.executable, "-W", "ignore", SLOW, *command],
            self.environment,
            self.logs / f"{command[0]}-{number}.log",
            directory=PROJECT,
        )
        self.started.append(child)
        return child


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    superuser = environ.get("WANGGE_SUPERUSER_URL")
    if not superuser:
        pytest.fail("no database: start the tests with ./run test")
    url = make_url(superuser)
    sockets = Path(str(url.query["host"]))
    server = Server(sockets, postgres_programs(Path("/nowhere")))
    database, folder = f"{url.database}_faults", tmp_path_factory.mktemp("faults")
    line, doorbell = Line(Path(mkdtemp(prefix="wangge-line-")), sockets), Doorbell(folder)
    ours = {name: environ[name] for name in ("WANGGE_SECRET_KEY", "WANGGE_MASTER_KEY")}
    environment = clean_environment() | ours | service_urls(line.folder, database, doorbell.socket)
    drop_quietly(server, database)
    try:
        prepare_database(server, database)
        migrate(environment, folder / "logs" / "migrate.log")
        doorbell.start()
        yield from _site(environment, line, folder / "logs")
    finally:
        doorbell.stop()
        drop_quietly(server, database)
        line.cut()
        line.folder.rmdir()


def _site(environment: dict[str, str], line: Line, logs: Path) -> Iterator[Site]:
    app = create_app(read(environment, "web"))
    app.testing = True
    redis = Redis.from_url(environment["WANGGE_REDIS_URL"])
    site = Site(app, environment, line, redis, logs)
    try:
        yield site
    finally:
        for child in site.started:
            child.stop(seconds=5)
        redis.close()
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
