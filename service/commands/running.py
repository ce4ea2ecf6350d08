"""Processes of the product: migrate, worker, relay; and the table of routes."""

import logging
import signal
from os import environ
from pathlib import Path
from threading import Event

import click

from service.settings import read

HEARTBEAT = click.option(
    "--heartbeat",
    type=click.Path(path_type=Path, dir_okay=False),
    help="touched while the process is alive",
)


@click.command()
def migrate() -> None:
    """Bring the database to today's tables (as its owner)."""
    from alembic import command
    from alembic.config import Config

    read(environ, "migrate")
    command.upgrade(Config(str(Path(__file__).parents[2] / "alembic.ini")), "head")


@click.command()
@click.option("--queue", default="wangge", show_default=True)
@HEARTBEAT
def worker(queue: str, heartbeat: Path | None) -> None:
    """Do the jobs of one queue, one at a time."""
    from redis import Redis

    from service.app import bare_app
    from workers import relay as ringing
    from workers.runner import run

    _log()
    settings = read(environ, "worker")
    run(
        bare_app(settings),
        Redis.from_url(settings.redis_url),
        queue,
        ringing.heartbeat(heartbeat),
    )


@click.command()
@HEARTBEAT
def relay(heartbeat: Path | None) -> None:
    """Ring for due jobs and keep the timetable."""
    from redis import Redis

    from workers import relay as ringing

    _log()
    settings = read(environ, "relay")
    over = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    ringing.run(
        settings.dispatch_url.replace("postgresql+psycopg://", "postgresql://", 1),
        Redis.from_url(settings.redis_url),
        over,
        ringing.heartbeat(heartbeat),
    )


@click.command()
def routes() -> None:
    """Every route with its methods and the right it needs."""
    from service.app import create_app
    from service.front_door import right_of

    app = create_app(read(environ, "web"))
    with app.app_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            click.echo(f"{methods:10} {rule.rule:60} {right_of(rule.endpoint)}")


def _log() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
