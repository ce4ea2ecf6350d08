"""Keeps the processes of a demo running: starts them, restarts what died, stops them all."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from launcher.processes import Child
from launcher.words import CannotContinue, say

RESTARTS = 5
WITHIN_SECONDS = 60.0


@dataclass
class Watched:
    """A process and how to start it again; `restarted` holds monotonic seconds, oldest first.

    What others stand on (`foundation`: PostgreSQL, Redis) is stopped after them.
    """

    start: Callable[[], Child]
    child: Child
    foundation: bool
    restarted: deque[float] = field(default_factory=deque)


class Supervisor:
    """Children in the order they were started."""

    def __init__(self) -> None:
        self.watched: list[Watched] = []

    def add(self, start: Callable[[], Child], *, foundation: bool = False) -> None:
        self.watched.append(Watched(start, start(), foundation))

    def all_alive(self) -> None:
        """Raises with the log of the first child that ended: it will not become ready by itself."""
        for watched in self.watched:
            if not watched.child.alive:
                raise ended(watched.child)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Until `ready()`, unless a child ends first or the time is up."""
        deadline = time.monotonic() + seconds
        while True:
            self.all_alive()
            if ready():
                self.all_alive()  # somebody else's answer on our port would not be ours
                return
            if time.monotonic() > deadline:
                raise CannotContinue(
                    f"网页服务 {seconds:.0f} 秒内没有就绪：原因见上面的日志。",
                    "The web process did not become ready in time.",
                    self.watched[-1].child.log,
                )
            time.sleep(0.1)

    def watch(self, look_seconds: float = 0.5) -> None:
        """For ever: a child that ended is started again, at most 5 times a minute."""
        while True:
            time.sleep(look_seconds)
            for watched in self.watched:
                if not watched.child.alive:
                    self._start_again(watched)

    def _start_again(self, watched: Watched) -> None:
        now = time.monotonic()
        while watched.restarted and now - watched.restarted[0] > WITHIN_SECONDS:
            watched.restarted.popleft()
        if len(watched.restarted) >= RESTARTS:
            raise ended(watched.child)
        watched.restarted.append(now)
        code = watched.child.process.returncode
        say(
            f"{watched.child.name} 停了（{code}），重新启动。 {watched.child.name} ended, restarted."
        )
        watched.child.stop()  # what it left behind in its session
        watched.child = watched.start()

    def stop(self) -> None:
        """The application first, then what it stands on; harmless for children already gone."""
        for foundation in (False, True):
            leaving = [
                watched.child for watched in self.watched if watched.foundation == foundation
            ]
            for child in leaving:
                child.ask_to_stop()
            for child in leaving:
                child.stop()
        self.watched.clear()


def ended(child: Child) -> CannotContinue:
    return CannotContinue(
        f"{child.name} 停了（退出码 {child.process.returncode}）：原因见上面的日志。",
        f"{child.name} ended with code {child.process.returncode}; the log above says why.",
        child.log,
    )
