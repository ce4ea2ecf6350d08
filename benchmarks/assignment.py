# needs: nothing
"""The capacity-bound optimum: shortest paths over min-cost flow, and single arrivals.

    python -m benchmarks.assignment [--rounds 5] [--large] [--million]

Every figure but the guides is a ratio of medians within this run, the variants taken in turn.
``--large`` is 100 k x 3 k, ``--million`` 1 M x 30 k once, by hand.

Both methods solve the same question to gap 0, and their totals are compared. Towns are those of
benchmarks/nearest_towns.py; every branch has 1.15 times its even share of seats, so that by chance
some towns are short and send people to towns a hundred kilometres away.

Measured on two shared cores (Python 3.11, numpy 2.4, scipy 1.17, OR-tools 9.15), medians of five;
at 100 k with several others at work on them (on a quieter machine, of two: 0.22, 21.5 s / 96.1 s;
arrival 0.0014, p50 2.0 ms, p95 30.8 ms):

    paths over OR-tools with columns, 1 k x 30       1.62    0.09 s / 0.06 s
    the same, 10 k x 300                             0.59    1.09 s / 1.86 s
    the same, 100 k x 3 k                            0.34    33.0 s / 98.1 s
    arrival, p95, over a full solve, 10 k x 300      0.007   p50 0.6 ms, p95 7.5 ms
    the same, 100 k x 3 k                            0.0082  p50 15.8 ms, p95 272 ms
    the independent check, 100 k x 3 k               1.3 s, gap 0
    1 M x 30 k, by hand, once: solved in 297 s, checked in 28 s, gap 0, peak memory 1.23 GiB
"""

import argparse
import resource
from functools import partial
from time import perf_counter

import numpy as np

from benchmarks.nearest_towns import towns
from benchmarks.nearest_turns import in_turn, line
from geo.assignment import Assignment, Places, Register, Seats, assign
from geo.certificate import check

SEATS_A_MEMBER = 1.15
ARRIVALS = 300


def question(members: int, branches: int) -> tuple[Places, Seats]:
    """Invented towns with seats for 15% more than there are people."""
    people, places = towns(members, branches)
    seats = np.full(branches, int(np.ceil(SEATS_A_MEMBER * members / branches)))
    return Places(people), Seats(places, seats)


def paths_over_flow(members: int, branches: int, rounds: int, at_most: float | None) -> float:
    """Time both methods; returns the seconds of the paths."""
    asked = question(members, branches)
    totals = set()

    def solve(method: str) -> None:
        totals.add(assign(*asked, method=method).total)

    paths, flow = in_turn(rounds, partial(solve, "paths"), partial(solve, "flow"))
    if len(totals) != 1:
        raise ArithmeticError(f"two optima: {totals}")
    line(
        f"paths over OR-tools with columns, {members} x {branches}",
        paths / flow,
        at_most,
        f"{paths:.2f} s / {flow:.2f} s",
    )
    return paths


def arrivals_over_solve(members: int, branches: int, solve_seconds: float) -> None:
    """Newcomers into an optimal state, others moving as the optimum wants: the 95th percentile."""
    asked = question(members, branches)
    register = Register(assign(*asked))
    newcomers, _ = towns(ARRIVALS, branches, seed=1)
    took = []
    for home in newcomers:
        began = perf_counter()
        register.arrive(home, move_others=True)
        took.append(perf_counter() - began)
    p50, p95 = np.percentile(took, [50, 95])
    line(
        f"arrival, p95, over a full solve, {members} x {branches}",
        p95 / solve_seconds,
        0.01,
        f"p50 {p50 * 1000:.2f} ms, p95 {p95 * 1000:.2f} ms",
    )


def proven(members: int, branches: int) -> None:
    """One solve and one independent check, with the memory the process ever had."""
    began = perf_counter()
    answer: Assignment = assign(*question(members, branches))
    solved = perf_counter()
    verdict = check(answer.certificate())
    checked = perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{members} x {branches}: solved in {solved - began:.1f} s, checked in"
        f" {checked - solved:.1f} s, gap {verdict.gap:g}, peak memory {memory:.2f} GiB",
        flush=True,
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", action="store_true", help="100 k x 3 k, minutes")
    parser.add_argument("--million", action="store_true", help="1 M x 30 k, once")
    chosen = parser.parse_args()
    if chosen.million:
        proven(1_000_000, 30_000)
        return
    if chosen.large:
        seconds = paths_over_flow(100_000, 3_000, chosen.rounds, 0.5)
        arrivals_over_solve(100_000, 3_000, seconds)
        proven(100_000, 3_000)
        return
    paths_over_flow(1_000, 30, chosen.rounds, None)
    seconds = paths_over_flow(10_000, 300, chosen.rounds, None)
    line("seconds to gap 0, 10000 x 300 (a guide)", seconds, 3)
    arrivals_over_solve(10_000, 300, seconds)
    proven(10_000, 300)


if __name__ == "__main__":
    main()
