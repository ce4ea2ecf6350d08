# needs: database
"""A thousand random redirects with a crash after every step: `./run bench redirects`.

Three communities and their county; accepted, corrected, passed on, settled, withdrawn as the dice
fall. After each transaction of a worker every person is looked for in all registers at once: each
must be in exactly one place. The same as the test of the suite, which runs fewer. A part of them
in each of as many processes as there are processors.

One step of a worker was eleven transactions when each saga went alone; together they are three.
Measured on two cores that one other test run shared: 1,000 sagas, 7,637 steps and decisions, 85 s
of our processor time in two processes, 102 s by the clock: everybody in exactly one place after each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count, environ
from sys import argv
from time import perf_counter, process_time

from sqlalchemy import create_engine

from service.app import create_app
from service.settings import read
from tests.faults.redirect_sagas import run

SAGAS, TOGETHER, SEED = 1000, 125, 20261122


def part(how_many: int, seed: int) -> tuple[Counter[str], float]:
    """What was done to so many redirects of a county of their own, and the processor's seconds."""
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"])
    began = process_time()
    with engine.connect() as everywhere:
        done = run(create_app(read(environ, "web")), everywhere, how_many, seed)
    return done, process_time() - began


def parts(sagas: int) -> Iterator[tuple[int, int]]:
    for number, start in enumerate(range(0, sagas, TOGETHER)):
        yield min(TOGETHER, sagas - start), SEED + number


def main() -> None:
    sagas = int(argv[1]) if len(argv) > 1 else SAGAS
    began, processes = perf_counter(), cpu_count() or 1
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        found = list(pool.map(part, *zip(*parts(sagas), strict=True)))
    seconds = perf_counter() - began
    done = sum((counted for counted, _used in found), Counter[str]())
    for what, count in done.most_common():
        print(f"{what:20} {count:6}")
    used = sum(seconds for _counted, seconds in found)
    print(f"{sagas} sagas, {done.total()} steps, {processes} processes: all in one place")
    print(f"{seconds:.0f} s by the clock, {used:.0f} s of our processor time")


if __name__ == "__main__":
    main()
