"""A thousand operations, each delivered six times, shuffled, with lost answers and killed
transactions: each is applied once and has one answer (issue 5)."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from os import environ
from random import Random
from threading import Lock
from uuid import uuid4

from sqlalchemy import create_engine, event, text

from tenants.database import db
from tests.factories.members import some_members
from tests.factories.people import Browser
from tests.factories.visits import an_operation

VISITS, WITHDRAWN, WISHES, FOREIGN = 700, 150, 100, 50
DELIVERIES, BATCH, THREADS = 6, 40, 4
KILLED, LOST = 0.05, 0.2
FINAL = {"applied", "already", "refused"}


@contextmanager
def backends_killed(share: float, seed: int):
    """Of each transaction the server ends `share` just before its commit, in the middle of it."""
    superuser = create_engine(environ["WANGGE_SUPERUSER_URL"], isolation_level="AUTOCOMMIT")
    dice, lock, killed = Random(seed), Lock(), []

    def strike(session) -> None:
        with lock:
            hit = dice.random() < share
        if hit and session.in_transaction():
            pid = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with superuser.connect() as connection:
                connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
            killed.append(pid)

    event.listen(db.session, "before_commit", strike)
    try:
        yield killed
    finally:
        event.remove(db.session, "before_commit", strike)
        superuser.dispose()


class Tablet:
    """Delivers batches from several threads; some answers never reach it."""

    def __init__(self, cast) -> None:
        self.cast, self.device = cast, str(uuid4())
        self.heard: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self.statuses: Counter[int] = Counter()
        self.lock = Lock()

    def deliver(self, batch: list[dict], lose: bool = False) -> None:
        client = Browser(self.cast.office.app)
        client._cookies = self.cast.client._cookies
        body = {"device": self.device, "operations": batch}
        answer = client.post(f"{self.cast.office.api}/operations", json=body)
        with self.lock:
            self.statuses[answer.status_code] += 1
            if answer.status_code != 200 or lose:
                return
            for sent, each in zip(batch, answer.json["answers"], strict=True):
                assert each["id"] == sent["id"]
                self.heard[each["id"]].append((each["status"], each["code"], str(each["facts"])))

    def final(self, operation: dict) -> set[tuple[str, str, str]]:
        """The final answers to one operation; "already" is what "applied" is called later."""
        return {
            ("applied" if status == "already" else status, code, facts)
            for status, code, facts in self.heard[operation["id"]]
            if status in FINAL
        }


def a_thousand(mine, foreign, dice) -> list[dict]:
    visits = [
        an_operation(
            member=dice.choice(mine), sequence=n, outcome=dice.choice(["reached", "not_reached"])
        )
        for n in range(VISITS)
    ]
    backs = [
        an_operation("withdraw_visit", body={"visit": visit["id"]}, sequence=VISITS + n)
        for n, visit in enumerate(dice.sample(visits, WITHDRAWN))
    ]
    wishes = [
        an_operation("request", body={"member": str(dice.choice(mine)), "wish": "job"})
        for _ in range(WISHES)
    ]
    return [*visits, *backs, *wishes, *[an_operation(member=foreign) for _ in range(FOREIGN)]]


def test_a_thousand_operations_six_times_each(leader, community):
    dice = Random(5)
    mine = some_members(community, 20)
    [foreign] = some_members(community, 1, home=community.inside(4))
    operations = a_thousand(mine, foreign, dice)
    tablet = Tablet(leader)
    tablet.deliver([])
    deliveries = operations * DELIVERIES
    dice.shuffle(deliveries)
    batches = [deliveries[start : start + BATCH] for start in range(0, len(deliveries), BATCH)]
    losses = [dice.random() < LOST for _ in batches]
    with backends_killed(KILLED, seed=7) as killed, ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(tablet.deliver, batches, losses))
    for _ in range(20):
        left = [each for each in operations if not tablet.final(each)]
        if not left:
            break
        for start in range(0, len(left), BATCH):
            tablet.deliver(left[start : start + BATCH])
    assert len(killed) > 100
    answers = {each["id"]: tablet.final(each) for each in operations}
    assert {len(found) for found in answers.values()} == {1}
    outcomes = Counter(next(iter(found))[0] for found in answers.values())
    assert outcomes == {"applied": len(operations) - FOREIGN, "refused": FOREIGN}
    with community.acting():

        def count(question: str) -> int:
            return db.session.execute(text(f"SELECT count(*) FROM {question}")).scalar_one()

        assert count("visit") == VISITS
        assert count("visit WHERE withdrawn_at IS NOT NULL") == WITHDRAWN
        assert count("service_request") == WISHES
        assert count("operation") == len(operations)
        assert count("audit_entry WHERE act = 'record_visit'") == VISITS
        assert count("audit_entry WHERE act = 'withdraw_visit'") == WITHDRAWN
