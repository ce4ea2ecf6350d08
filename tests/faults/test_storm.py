"""kill -9, stopped processes, a wiped Redis and a cut line in the middle of runs and imports.

Afterwards nothing is lost and nothing was applied twice. Processes are real; what is slowed down
and why is said in `slow_and_impatient.py`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import text

from launcher.processes import Child, in_session
from tenants.database import db
from tenants.members.imports import accept_import, start_import
from tests.factories.arrivals import an_arrival
from tests.factories.counties import Community, a_community, a_county
from tests.factories.rosters import BOUNDARY, COMMUNITY_NAME, csv_bytes, person, table
from tests.faults.conftest import Site

FAULTS = (
    "kill_worker",
    "kill_work_horse",
    "freeze_worker",
    "wipe_redis",
    "kill_worker",
    "cut_line",
    "orphan_work_horse",
    "kill_relay",
)
"""Each in the middle of a job; the moment within it is drawn."""
ARRIVALS_A_FAULT = 4
CAPACITIES = (20, 5, 1)
IN_THE_ROSTER = 30
"""People who come in by an import that is checked and accepted during the storm."""
EVERYBODY = len(FAULTS) * ARRIVALS_A_FAULT + IN_THE_ROSTER
LONGER_THAN_A_LEASE = 1.5


@dataclass
class Storm:
    """Two workers and a relay, started again as a supervisor would."""

    site: Site
    community: Community
    workers: list[Child]
    relay: Child

    def hit(self, fault: str, moment: float) -> None:
        """`moment` seconds after a job began."""
        worker = self.just_begun()
        sleep(moment)
        getattr(self, fault)(worker)
        self.workers = [w if w.alive else self.site.start("worker") for w in self.workers]
        if not self.relay.alive:
            self.relay = self.site.start("relay")

    def just_begun(self) -> Child:
        """The worker that has a new child at work."""
        known, patience = self.work_horses(), monotonic() + 20
        while monotonic() < patience:
            now = self.work_horses()
            if begun := now.keys() - known.keys():
                return now[begun.pop()]
            known, _ = now, sleep(0.01)
        pytest.fail("no worker has begun to work")

    def work_horses(self) -> dict[int, Child]:
        """Process of each job at work -> its worker."""
        return {
            pid: worker
            for worker in self.workers
            for pid in in_session(worker.process.pid)
            if pid != worker.process.pid
        }

    def kill_worker(self, worker: Child) -> None:
        send(signal.SIGKILL, in_session(worker.process.pid))
        worker.process.wait()

    def kill_work_horse(self, worker: Child) -> None:
        send(signal.SIGKILL, set(in_session(worker.process.pid)) - {worker.process.pid})

    def orphan_work_horse(self, worker: Child) -> None:
        """The parent dies; its child goes on, and so does whoever takes the job over."""
        send(signal.SIGKILL, [worker.process.pid])
        worker.process.wait()

    def freeze_worker(self, worker: Child) -> None:
        """While it computes; it wakes up thinking that the job is still its own."""
        frozen = in_session(worker.process.pid)
        send(signal.SIGSTOP, frozen)
        sleep(LONGER_THAN_A_LEASE)
        send(signal.SIGCONT, frozen)

    def wipe_redis(self, _worker: Child) -> None:
        self.site.redis.flushall()

    def kill_relay(self, _worker: Child) -> None:
        send(signal.SIGKILL, in_session(self.relay.process.pid))
        self.relay.process.wait()

    def cut_line(self, _worker: Child) -> None:
        self.site.line.cut()
        sleep(0.7)
        self.site.line.mend()


def roster() -> bytes:
    """Other people than those who arrive one by one."""
    return csv_bytes(table([person(50_000 + number) for number in range(IN_THE_ROSTER)]))


def send(sign: signal.Signals, pids: Any) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, sign)


def rows(community: Community, words: str) -> list[tuple[Any, ...]]:
    with community.acting():
        return [tuple(row) for row in db.session.execute(text(words))]


CHECKED = "SELECT id FROM roster_import WHERE state = 'checked'"


def wait_until(happened: Callable[[], object], seconds: float, what: str) -> None:
    patience = monotonic() + seconds
    while not happened():
        assert monotonic() < patience, what
        sleep(0.1)


@pytest.fixture(scope="module")
def storm(site: Site) -> Iterator[Storm]:
    """A community whose arrivals were matched during all the FAULTS, and calm again."""
    middle = BOUNDARY.centroid
    community = a_community(
        a_county(site.app),
        name=COMMUNITY_NAME,
        centre=(round(middle.x, 7), round(middle.y, 7)),
        capacities=CAPACITIES,
    )
    with community.acting() as scope:
        import_id = start_import(scope, "roster.csv", roster(), "wgs84")
    storm = Storm(site, community, [site.start("worker") for _ in range(2)], site.start("relay"))
    moments = Random(20261121)
    for turn, fault in enumerate(FAULTS):
        if turn == len(FAULTS) // 2:
            wait_until(lambda: rows(community, CHECKED), 60, "the roster is not checked")
            with community.acting() as scope:
                accept_import(scope, import_id)
        for number in range(ARRIVALS_A_FAULT):
            an_arrival(community, home=community.inside(1 + number % 4))
        storm.hit(fault, moments.uniform(0.05, 0.4))
    unfinished = "SELECT id FROM job_request WHERE state IN ('queued', 'running')"
    wait_until(lambda: not rows(community, unfinished), 60, "jobs are left over")
    return storm


def test_the_storm_hit_something(storm):
    """Otherwise the tests below prove nothing: work had to be begun again."""
    assert rows(storm.community, "SELECT id FROM job_request WHERE token > 1")


def test_every_job_is_done_and_none_failed(storm):
    found = rows(storm.community, "SELECT state, count(*) FROM job_request GROUP BY 1")
    matches = rows(storm.community, "SELECT 1 FROM job_request WHERE kind = 'match_arrivals'")
    assert [state for state, _ in found] == ["done"]
    assert len(matches) >= len(FAULTS) * ARRIVALS_A_FAULT


def test_no_arrival_is_lost(storm):
    """Each has one open proposal, or says why there is none."""
    found = rows(
        storm.community,
        """
        SELECT a.state, a.unserved_reason, count(p.id)
        FROM arrival a LEFT JOIN proposal p ON p.arrival_id = a.id AND p.decision = 'open'
        GROUP BY a.id, a.state, a.unserved_reason
        """,
    )
    assert len(found) == EVERYBODY
    assert set(found) == {("proposed", "", 1), ("unserved", "no_seat", 0)}


def test_the_roster_came_in_once_and_whole(storm):
    found = rows(storm.community, "SELECT state, accepted, arrivals FROM roster_import")
    assert found == [("accepted", IN_THE_ROSTER, IN_THE_ROSTER)]
    assert rows(storm.community, "SELECT count(*) FROM member") == [(EVERYBODY,)]


def test_no_run_was_applied_twice(storm):
    """One run and one audit entry a job, and one proposal an arrival, decided or not."""
    runs = rows(
        storm.community,
        """
        SELECT count(DISTINCT r.id), count(DISTINCT j.id), count(e.id)
        FROM job_request j
        LEFT JOIN match_run r ON r.id = j.id
        LEFT JOIN audit_entry e ON e.subject_id = j.id AND e.act = 'match'
        WHERE j.kind = 'match_arrivals'
        """,
    )
    assert len(set(runs[0])) == 1, runs
    doubled = "SELECT arrival_id FROM proposal GROUP BY 1 HAVING count(*) > 1"
    assert rows(storm.community, doubled) == []


def test_what_each_run_counted_is_what_it_wrote(storm):
    wrong = """
        SELECT r.id FROM match_run r
        WHERE r.arrivals <> r.proposed + r.unserved
        OR r.proposed <> (SELECT count(*) FROM proposal p WHERE p.run_id = r.id)
    """
    assert rows(storm.community, wrong) == []


def test_no_branch_was_promised_beyond_its_seats(storm):
    found = rows(
        storm.community,
        """
        SELECT b.capacity, b.taken, count(p.id)
        FROM branch b LEFT JOIN proposal p ON p.branch_id = b.id AND p.decision = 'open'
        WHERE b.tenant_id = app_tenant() GROUP BY b.id, b.capacity, b.taken ORDER BY 1 DESC
        """,
    )
    assert found == [(seats, 0, seats) for seats in CAPACITIES]


def test_every_process_can_be_told_to_end(storm):
    """SIGTERM is enough, and nothing stays behind."""
    for child in (*storm.workers, storm.relay):
        child.ask_to_stop()
    for child in (*storm.workers, storm.relay):
        wait_until(lambda child=child: not child.alive, 15, child.log.read_text())
        assert child.process.returncode == 0, child.log.read_text()
        assert in_session(child.process.pid) == []


def test_no_log_names_a_person(storm):
    told = "".join(child.log.read_text() for child in storm.site.started)
    assert "outcome=done" in told
    assert "虚构" not in told
    assert "1990000" not in told
