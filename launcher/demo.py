"""`./run demo`: two fictitious counties, served until Ctrl-C."""

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from functools import partial

from launcher.county import (
    ADDRESS,
    LOCK,
    LOGS,
    address,
    load_counties,
    start_county,
    start_over,
)
from launcher.locks import taking
from launcher.places import PROJECT, RUN
from launcher.processes import Child
from launcher.readying import compile_catalogues
from launcher.supervisor import Supervisor
from launcher.welcome import announce
from launcher.words import CannotContinue, Steps, say

READY_SECONDS = 90.0
WEB_WORKERS = 2
WEB_THREADS = 8

# What each process is told: as little as it can do its work with, and never the owner's address.
TOLD = {
    "worker": (
        "WANGGE_APP_URL",
        "WANGGE_OVERSEE_URL",
        "WANGGE_REDIS_URL",
        "WANGGE_MASTER_KEY",
        "WANGGE_ANCHORS",
    ),
    "relay": ("WANGGE_DISPATCH_URL", "WANGGE_REDIS_URL"),
    "web": (
        "WANGGE_APP_URL",
        "WANGGE_OVERSEE_URL",
        "WANGGE_REDIS_URL",
        "WANGGE_SECRET_KEY",
        "WANGGE_MASTER_KEY",
        "WANGGE_PUBLIC_URL",
        "WANGGE_BASE_MAP",
    ),
}


def run_demo(arguments: list[str], steps: Steps) -> int:
    """Starts everything, says where it is, and keeps it running until Ctrl-C."""
    if arguments not in ([], ["--fresh"]):
        raise CannotContinue(
            f"不认识 {' '.join(arguments)}：只有 ./run demo 和 ./run demo --fresh。",
            "Only ./run demo and ./run demo --fresh are known.",
        )
    host, port = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8000"))
    with ExitStack() as stack:
        if not stack.enter_context(taking(LOCK)):
            raise CannotContinue(f"演示已经在运行：{address()}", "The demo is running already.")
        check_port(host, port)
        if arguments:
            start_over()
        with steps("翻译", "translations"):
            compile_catalogues(RUN / "logs" / "babel.log")
        supervisor = Supervisor()
        environment = start_county(stack, supervisor, steps)
        load_counties(environment, steps)
        start_application(supervisor, environment, f"{host}:{port}", steps)
        with steps("就绪", "ready"):
            supervisor.wait_until(partial(is_ready, host, port), READY_SECONDS)
        ADDRESS.write_text(f"http://localhost:{port}\n")
        stack.callback(ADDRESS.unlink, missing_ok=True)
        announce(host, port)
        with suppress(KeyboardInterrupt):
            supervisor.watch()
        say("\n正在停止，数据保留。 Stopping.")
    return 0


def check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotContinue(
                f"不能使用 {host}:{port}（{error.strerror}）："
                f"换一个端口，例如 PORT={port + 1} ./run demo",
                "Cannot listen there: choose another port with PORT=...",
            ) from None


def start_application(
    supervisor: Supervisor, environment: Mapping[str, str], bind: str, steps: Steps
) -> None:
    """Worker, relay and web, each told what its work needs."""
    web = ["gunicorn", "service.app:wsgi()", f"--bind={bind}", f"--workers={WEB_WORKERS}"]
    web += [f"--threads={WEB_THREADS}", "--graceful-timeout=5", "--no-control-socket"]
    commands = {
        "worker": ["service.commands", "worker"],
        "relay": ["service.commands", "relay"],
        # Without what follows a question mark: somebody's name may be searched for there.
        "web": [*web, "--access-logfile=-", "--access-logformat=%(m)s %(U)s %(s)s %(B)s %(M)sms"],
    }
    with steps("网页、后台与转发", "web, worker and relay"):
        for name, command in commands.items():
            arguments = [sys.executable, "-m", *command]
            given = told(name, environment)
            log = LOGS / f"{name}.log"
            supervisor.add(partial(Child, name, arguments, given, log, directory=PROJECT))


def told(process: str, environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without the settings that are for other processes."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("WANGGE_") or name in TOLD[process]
    }


def is_ready(host: str, port: int) -> bool:
    there = "127.0.0.1" if host == "0.0.0.0" else host
    try:
        with urllib.request.urlopen(f"http://{there}:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
