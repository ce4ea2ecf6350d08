"""A copy of the launcher round a stand-in application, and a machine that can be made poorer."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
NOBODY = 65534

# What ./run itself calls; a PATH of these alone is a machine without sudo and without Redis.
ORDINARY = (
    "apt-get awk basename bash cat chmod cut date dirname df env flock head ls mkdir mv printf "
    "readlink rm sed sha256sum tail test tr true setpriv"
)

APPLICATION = """
def wsgi():
    def app(request, start):
        start("200 OK" if request["PATH_INFO"] == "/readyz" else "404 Not Found", [])
        return [b""]
    return app
"""

COMMANDS = """
import json, os, pathlib, sys, time
here = pathlib.Path(__file__).parent
words = sys.argv[1:]
with (here / "called").open("a") as called:
    called.write(" ".join(words[:2]) + "\\n")
if (here / f"{words[0]}-fails").exists():
    sys.exit(f"stand-in: {words[0]} cannot")
if words[:2] == ["demo", "load"]:
    account = {"role": "grid_leader", "tenant": "十网格社区", "email": "leader@example.test"}
    pathlib.Path(words[3]).write_text(json.dumps([account | {"password": "柳-7", "token": "t"}]))
elif words[0] in ("worker", "relay"):
    time.sleep(600)
"""


@dataclass(frozen=True)
class Copy:
    """The project's copy; `run` gives what ./run said and its exit code."""

    root: Path

    def run(
        self, *arguments: str, path: str | None = None, as_nobody: bool = False, **extra: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name != "PORT"}
        environment |= extra | ({"PATH": path} if path else {})
        command = [str(self.root / "run"), *arguments]
        if as_nobody and os.geteuid() == 0:
            drop = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
            command = [shutil.which("setpriv") or "setpriv", *drop, "--", *command]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def stand_in(self, name: str) -> Path:
        return self.root / "service" / "commands" / name


@pytest.fixture
def copy() -> Iterator[Copy]:
    """Outside pytest's own folders, which another user may not enter."""
    root = Path(tempfile.mkdtemp(prefix="run-"))
    root.chmod(0o755)
    shutil.copy(PROJECT / "run", root)
    for name in ("requirements.lock", "requirements-dev.lock"):
        (root / name).write_text("# stands for the lock\n")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "launcher", root / "launcher", ignore=ignored)
    (root / "migrations").mkdir()
    shutil.copy(PROJECT / "migrations/prepare.sql", root / "migrations")
    commands = root / "service" / "commands"
    commands.mkdir(parents=True)
    (root / "service/__init__.py").touch()
    (root / "service/app.py").write_text(APPLICATION)
    (commands / "__main__.py").write_text(COMMANDS)
    catalogue = root / "service/translations/en/LC_MESSAGES/messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr "Language: en\\n"\n\nmsgid "接受"\nmsgstr "Accept"\n')
    yield Copy(root)
    shutil.rmtree(root)


@pytest.fixture
def installed(copy: Copy) -> Copy:
    """The copy with an environment that agrees with its locks: this very Python."""
    venv = copy.root / ".run" / "venv"
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for name, lock in (("runtime", "requirements.lock"), ("development", "requirements-dev.lock")):
        done = subprocess.run(
            ["sha256sum", copy.root / lock], capture_output=True, text=True, check=True
        )
        (venv / f"{name}.sha256").write_text(done.stdout.split()[0] + "\n")
    return copy


@pytest.fixture
def poor_path() -> Iterator[Path]:
    """A folder to use as PATH: the ordinary commands, no sudo, no redis-server."""
    folder = Path(tempfile.mkdtemp(prefix="path-"))
    folder.chmod(0o755)
    for name in ORDINARY.split():
        if there := shutil.which(name):
            (folder / name).symlink_to(there)
    yield folder
    shutil.rmtree(folder)
