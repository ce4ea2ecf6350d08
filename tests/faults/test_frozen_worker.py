"""A worker that stops in the middle of a run, is overtaken, and wakes up: its work is dropped."""

from __future__ import annotations

import os
import signal
from time import monotonic, sleep
from typing import Any

from sqlalchemy import text

from launcher.processes import in_session
from tenants.database import db
from tests.factories.arrivals import an_arrival
from tests.factories.counties import Community, a_community, a_county
from tests.faults.conftest import Site

MATCH = (
    "SELECT state, token, progress_done FROM job_request WHERE kind = 'match_arrivals'"
    " ORDER BY id LIMIT 1"
)


def test_a_worker_that_was_overtaken_writes_nothing(site: Site):
    site.redis.flushall()
    community = a_community(a_county(site.app))
    relay, first = site.start("relay"), site.start("worker")
    an_arrival(community)
    wait_for(community, MATCH, ("running", 1, 1))
    # It has computed and said so, and is slow to write.
    frozen = in_session(first.process.pid)
    send(signal.SIGSTOP, frozen)
    second = site.start("worker")
    wait_for(community, MATCH, ("done", 2, 1))
    send(signal.SIGCONT, frozen)
    patience = monotonic() + 20
    while "outcome=lost" not in first.log.read_text():
        assert monotonic() < patience, first.log.read_text()
        sleep(0.05)
    once = "SELECT count(*) FROM audit_entry WHERE act = 'match' AND facts ->> 'arrivals' = '1'"
    wait_for(community, once, (1,))
    wait_for(community, "SELECT count(*) FROM proposal", (1,))
    for child in (relay, first, second):
        child.stop()


def wait_for(community: Community, question: str, answer: tuple[Any, ...]) -> None:
    patience = monotonic() + 20
    while (found := ask(community, question)) != answer:
        assert monotonic() < patience, found
        sleep(0.01)


def ask(community: Community, question: str) -> tuple[Any, ...]:
    with community.acting():
        return tuple(db.session.execute(text(question)).one())


def send(sign: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, sign)
