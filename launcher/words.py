"""What the launcher says: numbered steps, and one clear sentence when something fails."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotContinue(Exception):
    """A sentence for the person at the terminal: Chinese first, short English after."""

    def __init__(self, chinese: str, english: str, log: Path | None = None) -> None:
        super().__init__(chinese)
        self.chinese = chinese
        self.english = english
        # Read now: a throw-away folder is gone by the time anybody explains.
        self.tail = last_lines(log) if log else []
        self.log = log


def say(text: str = "", end: str = "\n") -> None:
    """To stderr: standard output belongs to the command that was asked for."""
    print(text, end=end, file=sys.stderr, flush=True)


class Steps:
    """`[3/9] label ... 12 s`, counting on from what the shell part of ./run already did."""

    def __init__(self, quiet: bool = False) -> None:
        self.number = int(os.environ.pop("WANGGE_STEP", "0"))
        self.total = int(os.environ.pop("WANGGE_STEPS", "0"))
        self.quiet = quiet
        self.label = ""

    @contextmanager
    def __call__(self, chinese: str, english: str) -> Iterator[None]:
        self.number += 1
        self.label = chinese
        began = time.monotonic()
        if not self.quiet:
            say(f"[{self.number}/{self.total}] {chinese} {english} ... ", end="")
        try:
            yield
        except BaseException:
            if not self.quiet:
                say("失败 failed")
            raise
        if not self.quiet:
            say(f"{time.monotonic() - began:.0f} s")
        self.label = ""


def explain(problem: CannotContinue, steps: Steps) -> None:
    """Prints which step failed, the end of its log, and what to do."""
    for line in problem.tail:
        say(f"    | {line}")
    where = f"第 {steps.number}/{steps.total} 步（{steps.label}）：" if steps.label else ""
    say(f"\n✗ {where}{problem.chinese}\n  {problem.english}")
    if problem.log is not None and problem.log.exists():
        say(f"  {problem.log}")


def last_lines(log: Path, count: int = 15) -> list[str]:
    """The end of a log file; empty when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16_384))
            return file.read().decode("utf-8", "replace").splitlines()[-count:]
    except OSError:
        return []
