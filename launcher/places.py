"""Where things lie: the project's .run/, data a database user can reach, short socket paths."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from launcher.processes import Account, as_account

PROJECT = Path(__file__).resolve().parent.parent
RUN = PROJECT / ".run"
DEMO = RUN / "demo"

# sun_path holds 107 bytes; PostgreSQL appends "/.s.PGSQL.5432.lock" to the directory.
LONGEST_SOCKET_DIRECTORY = 85


def reachable(directory: Path, account: Account) -> bool:
    """Can that account get at files below this existing directory?"""
    command = as_account(account, ["test", "-x", str(directory)])
    return subprocess.run(command, check=False).returncode == 0


def data_directory(wanted: Path, account: Account) -> Path:
    """`wanted` itself, or a place outside a home that the account may not enter.

    Creates the directory, owned by the account and closed to others.
    """
    wanted.parent.mkdir(parents=True, exist_ok=True)
    place = wanted
    if not reachable(wanted.parent, account):
        mark = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
        place = Path("/var/lib/wangge") / f"{wanted.name}-{mark}"
    place.parent.mkdir(parents=True, exist_ok=True)
    own(place, account)
    return place


def socket_directory(wanted: Path, account: Account) -> Path:
    """`wanted`, or a fresh private directory under /tmp when that is too long or out of reach."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if len(os.fsencode(wanted)) > LONGEST_SOCKET_DIRECTORY or not reachable(wanted.parent, account):
        place = Path(tempfile.mkdtemp(prefix="wangge-", dir="/tmp"))
    else:
        place = wanted
        shutil.rmtree(place, ignore_errors=True)
    own(place, account)
    return place


def own(place: Path, account: Account) -> None:
    place.mkdir(mode=0o700, exist_ok=True)
    os.chmod(place, 0o700)
    if account.other:
        os.chown(place, account.uid, account.gid)
