# needs: database
"""A thousand random redirects with a crash after every step: `./run bench redirects`.

Three communities and their county; accepted, corrected, passed on, settled, withdrawn as the dice
fall. After each wave of single transactions every person is looked for in all registers at once:
each must be in exactly one place. The same as the test of the suite, which runs fewer.

Measured on two shared cores with eight others at work on them: 1,000 sagas, 40 waves at most,
everybody in exactly one place after each; 130 s of processor time, nine minutes by the clock.
"""

from __future__ import annotations

from collections import Counter
from os import environ
from time import perf_counter

from sqlalchemy import create_engine

from service.app import create_app
from service.settings import read
from tests.faults.redirect_sagas import run

SAGAS, SEED = 1000, 20261122


def main() -> None:
    app = create_app(read(environ, "web"))
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"])
    began = perf_counter()
    with engine.connect() as everywhere:
        sagas = run(app, everywhere, SAGAS, SEED)
    seconds = perf_counter() - began
    steps = Counter(step or "(somebody decides)" for saga in sagas for step in saga.steps)
    for step, count in steps.most_common():
        print(f"{step:20} {count:6}")
    print(f"{SAGAS} sagas, {sum(steps.values())} transactions, {seconds:.0f} s: all in one place")


if __name__ == "__main__":
    main()
