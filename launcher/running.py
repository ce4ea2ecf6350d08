"""A command in the foreground: it has the terminal, we have its exit code."""

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from launcher.places import PROJECT

STOP_SECONDS = 20.0


def run_here(command: list[str], environment: Mapping[str, str], directory: Path = PROJECT) -> int:
    """Runs it with our terminal. Ctrl-C reaches it too: we wait for its own end, then clean up."""
    process = subprocess.Popen(command, env=dict(environment), cwd=directory)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait()
    except BaseException:
        process.send_signal(signal.SIGINT)  # as Ctrl-C: pytest then tears its fixtures down
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()
        raise
    finally:
        signal.signal(signal.SIGINT, before)
