# needs: database
"""What the chain over the audit costs: `./run bench audit`.

Eight threads note a reading each and commit, as eight requests would: all in one tenant, where they
share one chain, and each in a tenant of its own; then both again without the trigger. The lock on
a chain's head is taken when a transaction commits and held for that flush of the log alone.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from os import environ
from statistics import median, quantiles
from threading import Barrier
from time import perf_counter

from sqlalchemy import create_engine

from service.app import create_app
from service.settings import read
from tenants.audit.actions import note
from tenants.audit.lookups import first_break
from tenants.database import new_id
from tests.factories.counties import a_community, a_county

THREADS, EACH, ROUNDS = 8, 60, 3


def main() -> None:
    app = create_app(read(environ, "web"))
    county = a_county(app)
    places = [a_community(county) for _ in range(THREADS)]
    one = [places[0]] * THREADS
    together(one)
    for words, offices in (("one tenant", one), ("eight tenants", places)):
        chained, bare = [], []
        for _ in range(ROUNDS):
            chained += together(offices)
            with without_trigger():
                bare += together(offices)
        told(f"{words}, chained", chained)
        told(f"{words}, not chained", bare)
        print(f"  chained / not chained   median {median(chained) / median(bare):.2f}x")
    walk(places[0])


def together(offices) -> list[float]:
    """Seconds of each of THREADS x EACH transactions, all threads at once."""
    line = Barrier(THREADS)

    def work(office) -> list[float]:
        times = []
        line.wait()
        for _ in range(EACH):
            began = perf_counter()
            with office.acting() as scope:
                note(scope, "read_member", "member", new_id())
            times.append(perf_counter() - began)
        return times

    with ThreadPoolExecutor(THREADS) as pool:
        return [seconds for times in pool.map(work, offices) for seconds in times]


class without_trigger:  # noqa: N801
    """The table as it was before the chain."""

    def __enter__(self) -> None:
        self._say("DISABLE")

    def __exit__(self, *_why: object) -> None:
        self._say("ENABLE")

    def _say(self, what: str) -> None:
        engine = create_engine(environ["WANGGE_SUPERUSER_URL"], isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"ALTER TABLE audit_entry {what} TRIGGER audit_entry_chain")
        engine.dispose()


def walk(office) -> None:
    with office.acting() as scope:
        began = perf_counter()
        links, _found = first_break(scope, {})
    print(f"walked {links} links in {perf_counter() - began:.2f} s")


def told(words: str, times: list[float]) -> None:
    print(
        f"{words:28} median {median(times) * 1000:6.1f} ms   p95 {quantiles(times, n=20)[-1] * 1000:6.1f} ms"
    )


if __name__ == "__main__":
    main()
