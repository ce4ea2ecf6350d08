"""A child that died is noticed, what it left behind is swept up, and stopping always ends."""

import sys
import time

import pytest

from launcher.environment import clean_environment
from launcher.processes import Child, in_session
from launcher.supervisor import RESTARTS, Supervisor
from launcher.words import CannotContinue

ENDURING = "import time; time.sleep(600)"
# Leaves a grandchild that ignores everything but SIGKILL.
PARENT = (
    "import signal, subprocess, sys, time;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "signal.signal(signal.SIGTERM, signal.SIG_DFL);"
    "print('born', flush=True); time.sleep(600)"
)


@pytest.fixture
def child(tmp_path):
    """Starts children, and sees to it that none outlives the test."""
    started = []

    def start(code, name="child"):
        log = tmp_path / f"{name}.log"
        each = Child(name, [sys.executable, "-c", code], clean_environment(), log)
        started.append(each)
        return each

    yield start
    for each in started:
        each.stop(seconds=0)


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_readiness_fails_when_a_child_died_whoever_answers(child):
    supervisor = Supervisor()
    supervisor.add(lambda: child(ENDURING))
    supervisor.add(lambda: child("import sys; sys.exit('no such table')", "web"))
    until(lambda: not supervisor.watched[1].child.alive)
    with pytest.raises(CannotContinue, match="web") as caught:
        supervisor.wait_until(lambda: True, seconds=20)
    assert caught.value.tail == ["no such table"]
    supervisor.stop()


def test_readiness_that_never_comes_is_a_failure(child):
    supervisor = Supervisor()
    supervisor.add(lambda: child(ENDURING))
    with pytest.raises(CannotContinue, match="没有就绪"):
        supervisor.wait_until(lambda: False, seconds=0)
    supervisor.stop()


def test_stopping_ends_what_the_child_started_even_when_the_child_is_gone(child):
    one = child(PARENT)
    until(lambda: one.log.read_text() == "born\n")
    session = one.process.pid
    assert len(in_session(session)) == 2
    one.process.kill()
    one.process.wait()
    assert len(in_session(session)) == 1
    one.stop(seconds=1)
    until(lambda: in_session(session) == [])
    one.stop()


def test_a_child_is_restarted_a_few_times_and_then_given_up(child):
    supervisor = Supervisor()
    supervisor.add(lambda: child("pass"))
    until(lambda: not supervisor.watched[0].child.alive)
    with pytest.raises(CannotContinue, match="child"):
        supervisor.watch(look_seconds=0.01)
    assert len(supervisor.watched[0].restarted) == RESTARTS
    supervisor.stop()


def test_the_foundation_is_stopped_last(child, monkeypatch):
    order = []
    stop = Child.stop
    monkeypatch.setattr(Child, "stop", lambda each: (stop(each), order.append(each.name)))
    supervisor = Supervisor()
    for name, foundation in (("PostgreSQL", True), ("Redis", True), ("web", False)):
        supervisor.add(lambda name=name: child(ENDURING, name), foundation=foundation)
    supervisor.stop()
    monkeypatch.undo()
    assert order == ["web", "PostgreSQL", "Redis"]
