"""The environment the application is given: one URL per role, and its secrets."""

import base64
import os
import secrets
import shlex
import shutil
from pathlib import Path
from urllib.parse import quote

from launcher.places import PROJECT

ROLES = {
    "WANGGE_OWNER_URL": "wangge_owner",
    "WANGGE_APP_URL": "wangge_app",
    "WANGGE_OVERSEE_URL": "wangge_oversee",
    "WANGGE_DISPATCH_URL": "wangge_dispatch",
}
# Settings the person at the terminal may choose; all others are ours to make.
CHOSEN = ("WANGGE_PUBLIC_URL", "WANGGE_BASE_MAP")


def clean_environment() -> dict[str, str]:
    """Ours without what would send libpq or Python elsewhere (PGHOST, PYTHONHOME ...)."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in CHOSEN
        or not (name.startswith(("PG", "WANGGE_")) or name in ("PYTHONHOME", "PYTHONPATH"))
    }
    return kept | {"PYTHONPATH": str(PROJECT), "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}


def database_url(role: str, sockets: Path, database: str) -> str:
    return f"postgresql+psycopg://{role}@/{database}?host={quote(str(sockets), safe='/')}"


def service_urls(sockets: Path, database: str, doorbell: Path) -> dict[str, str]:
    """WANGGE_*_URL for every process of the application; never the superuser's."""
    urls = {name: database_url(role, sockets, database) for name, role in ROLES.items()}
    urls["WANGGE_REDIS_URL"] = "unix://" + quote(str(doorbell), safe="/")
    return urls


def extras_for_tests(sockets: Path, database: str) -> dict[str, str]:
    """What only tests and benchmarks are given besides."""
    extras = {"WANGGE_SUPERUSER_URL": database_url("postgres", sockets, database)}
    if chromium := shutil.which("chromium"):
        extras["WANGGE_CHROMIUM"] = chromium
    return extras


def new_secrets() -> dict[str, str]:
    return {
        "WANGGE_SECRET_KEY": secrets.token_urlsafe(48),
        "WANGGE_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def kept_secrets(file: Path) -> dict[str, str]:
    """Made once, mode 0600. The fields encrypted with the master key are lost without it."""
    if not file.exists():
        making = file.with_suffix(".making")
        making.unlink(missing_ok=True)
        with open(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
            output.writelines(f"{name}={value}\n" for name, value in new_secrets().items())
        making.rename(file)
    lines = file.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def write_exports(file: Path, values: dict[str, str]) -> None:
    """`export NAME=value` lines for a shell, mode 0600, whole or not at all."""
    making = file.with_suffix(".making")
    making.unlink(missing_ok=True)
    with open(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.writelines(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())
    making.rename(file)


def read_exports(file: Path) -> dict[str, str]:
    """The values `write_exports` wrote; empty when the file is not there."""
    try:
        words = shlex.split(file.read_text())
    except FileNotFoundError:
        return {}
    return dict(word.split("=", 1) for word in words if "=" in word)
