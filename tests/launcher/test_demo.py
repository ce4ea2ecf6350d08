"""./run demo and ./run wangge round a stand-in application: real PostgreSQL, real Redis."""

import os
import signal
import socket
import subprocess
import time
import urllib.request

import pytest


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def living(root):
    """Processes that name the copy or stand in it."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().replace(b"\0", b" ").decode()
            place = os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            continue
        if str(root) in words or place.startswith(str(root)):
            found.append(words)
    return found


def until(condition, process):
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, "./run demo ended"
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def demo(installed):
    """Starts ./run demo in the copy; whatever a test does to it, nothing is left running."""
    started = []

    def start(port, *options):
        process = subprocess.Popen(
            [installed.root / "run", "demo", *options],
            env=os.environ | {"PORT": str(port), "HOST": "127.0.0.1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        until((installed.root / ".run/demo.address").exists, process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)


def called(installed):
    return installed.stand_in("called").read_text().splitlines()


def test_a_demo_serves_stops_cleanly_and_keeps_its_data(installed, demo):
    port = free_port()
    process = demo(port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 200
    second = installed.run("demo", PORT=str(free_port()))
    assert second.returncode != 0
    assert f"演示已经在运行：http://localhost:{port}" in second.stderr
    told = installed.run("wangge", "people")
    assert (told.returncode, told.stderr) == (0, "")
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "[9/9]" in said
    assert (installed.root / "service/translations/en/LC_MESSAGES/messages.mo").exists()
    assert "leader@example.test  柳-7" in said
    assert living(installed.root) == []
    assert sorted(called(installed)) == sorted(
        ["migrate", "demo load", "worker", "relay", "people"]
    )

    process = demo(port)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while living(installed.root):
        assert time.monotonic() < deadline, living(installed.root)
        time.sleep(0.1)
    assert called(installed).count("demo load") == 1, "loaded twice"
    assert called(installed).count("migrate") == 1, "migrated twice"


def test_a_fresh_demo_forgets_the_old_one(installed, demo):
    port = free_port()
    secrets = installed.root / ".run/demo/secrets"
    process = demo(port)
    before = secrets.read_text()
    process.terminate()
    process.communicate(timeout=60)
    demo(port, "--fresh")
    assert secrets.read_text() != before
    assert called(installed).count("demo load") == 2


def test_a_failing_step_is_named_and_everything_is_stopped(installed):
    fault = installed.stand_in("migrate-fails")
    fault.touch()
    done = installed.run("demo", PORT=str(free_port()), HOST="127.0.0.1")
    assert done.returncode == 1
    assert "第 6/9 步（迁移）" in done.stderr
    assert "stand-in: migrate cannot" in done.stderr
    assert living(installed.root) == []

    fault.rename(installed.stand_in("worker-fails"))
    done = installed.run("demo", PORT=str(free_port()), HOST="127.0.0.1")
    assert done.returncode == 1
    assert "worker 停了" in done.stderr
    assert "stand-in: worker cannot" in done.stderr
    assert living(installed.root) == []


@pytest.mark.parametrize("words", [["match", "a", "b"], ["households"], ["import", "--help"]])
def test_commands_without_a_database_start_none(installed, words):
    done = installed.run("wangge", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (installed.root / ".run/demo").exists()


def test_a_command_starts_the_database_for_its_own_time_and_migrates_what_is_new(installed):
    done = installed.run("wangge", "people")
    assert done.returncode == 0, done.stderr
    assert called(installed) == ["migrate", "people"]
    assert living(installed.root) == []
    (installed.root / "migrations/0002_more.py").touch()
    installed.run("wangge", "people")
    assert called(installed) == ["migrate", "people", "migrate", "people"]
