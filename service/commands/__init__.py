"""The `wangge` command line. Commands that need no database start none."""

from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "match": "matching.match",
    "verify": "assignment.verify",
    "households": "assignment.households",
    "import": "importing.import_",
    "demo": "demo.demo",
    "migrate": "running.migrate",
    "worker": "running.worker",
    "relay": "running.relay",
    "routes": "running.routes",
    "words": "words.words",
    "rotate-key": "keys.rotate_key",
    "audit": "audit.audit",
}
"""Command -> module and name; loaded when called, so that `match` never imports Flask."""


class Wangge(click.Group):
    """Loads a command's module when the command is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> Any:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(".")
        return getattr(import_module(f"service.commands.{module}"), attribute)


@click.command(cls=Wangge)
def wangge() -> None:
    """网格:让每一位流动党员都有就近的支部。"""
