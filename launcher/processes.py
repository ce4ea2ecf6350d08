"""Child processes: each in a session of its own, told to end when the launcher ends.

A child may be killed before us, or leave grandchildren behind (an RQ work-horse, a PostgreSQL
backend); stopping therefore always looks for whatever is still alive in the child's session.
"""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launcher.words import CannotContinue

STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Account:
    """Who a data process runs as. PostgreSQL refuses root, so root becomes `postgres`."""

    uid: int
    gid: int

    @property
    def other(self) -> bool:
        return self.uid != os.geteuid()


def data_account() -> Account:
    """The user itself, or `postgres` when that user is root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise CannotContinue(
            "找不到系统用户 postgres，而 PostgreSQL 不肯以 root 运行：请用普通用户执行 ./run，"
            "或安装 Debian 的 postgresql 包。",
            "There is no user postgres to drop to: run as an ordinary user.",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def as_account(account: Account, arguments: Sequence[str]) -> list[str]:
    """The command line that runs `arguments` as that account."""
    if not account.other:
        return list(arguments)
    drop = [f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    return ["setpriv", *drop, "--", *arguments]


class Child:
    """One process (and its descendants), with its output in a log."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        account: Account | None = None,
        directory: Path = Path("/"),
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = log
        self.stop_signal = stop_signal
        # setpriv asks the kernel to signal the child when the launcher itself is killed.
        drop = as_account(account, []) if account and account.other else ["setpriv", "--"]
        leash = [drop[0], f"--pdeathsig={stop_signal.name.removeprefix('SIG')}", *drop[1:]]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*leash, *arguments],
                env=dict(environment),
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.alive:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ends the child and everything left in its session; quiet when all is gone already."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        patience = time.monotonic() + 2.0
        while (left := in_session(self.process.pid)) and time.monotonic() < patience:
            time.sleep(0.05)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def in_session(session: int) -> list[int]:
    """Living processes of a session, by /proc; zombies do not count."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError, IndexError, ValueError):
            # The command name in brackets may hold spaces: state and session come after it.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found
