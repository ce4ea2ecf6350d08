"""`./run wangge ...`: the command line, with the demo's database when the command needs one."""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from launcher.county import LOCK, running_environment, start_county
from launcher.environment import clean_environment
from launcher.locks import taking
from launcher.places import PROJECT
from launcher.running import run_here
from launcher.supervisor import Supervisor
from launcher.words import CannotContinue, Steps

PATIENCE_SECONDS = 60.0


def run_command(arguments: list[str], steps: Steps) -> int:
    """Runs it where the caller stands, so that the paths it names are the caller's."""
    here = Path(os.environ.get("WANGGE_CALLER_DIRECTORY", PROJECT))
    needs = os.environ.get("WANGGE_NEEDS", "").split()
    command = [sys.executable, "-P", "-m", "service.commands", *arguments]
    if "database" not in needs:
        return run_here(command, clean_environment(), here)
    with ExitStack() as stack:
        return run_here(command, demo_environment(stack, steps), here)


def demo_environment(stack: ExitStack, steps: Steps) -> Mapping[str, str]:
    """A running demo's environment; otherwise its services, started until `stack` closes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not stack.enter_context(taking(LOCK)):
        if (environment := running_environment()) is not None:
            return environment
        if time.monotonic() > deadline:
            raise CannotContinue(
                "演示正在启动，还没有数据库：稍后再试。", "The demo is still starting: try later."
            )
        time.sleep(0.2)
    return start_county(stack, Supervisor(), steps)
