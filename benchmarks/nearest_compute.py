# needs: nothing
"""The exact search alone: its time over a bare k-d tree query, and its memory.

    python -m benchmarks.nearest_compute [--rounds 7] [--million]

The bare query is what anybody would write who trusts chords: a ready tree, ready xyz, k = 2. The
exact search is timed with everything it does: xyz, collapsing, building the tree, proofs, answers.

Measured on two shared cores (Python 3.11, numpy 2.4, scipy 1.17), medians of seven:

    over a bare k=2 query, 100 k x 5 k    1.19 on one thread, 1.25 on all cores (0.10 s / 0.08 s)
    the same, 1 M x 50 k                  1.19 on one thread, 1.12 on all cores (0.92 s / 0.82 s)
    three kinds over none, 100 k          1.56
    peak memory, 1 M x 50 k               0.23 GiB
"""

import argparse
import resource
import subprocess
import sys
from functools import partial

import numpy as np
from scipy.spatial import cKDTree

from benchmarks.nearest_towns import towns
from benchmarks.nearest_turns import in_turn, line
from geo.ellipsoid import to_xyz
from geo.nearest import nearest


def over_bare_query(members: int, branches: int, rounds: int, at_most: float | None) -> None:
    """Time :func:`geo.nearest.nearest` over the tree query it is built on, with equal threads."""
    people, places = towns(members, branches)
    tree, xyz = cKDTree(to_xyz(places)), to_xyz(people)
    for threads in (1, -1):
        exact, bare = in_turn(
            rounds,
            partial(nearest, people, places, workers=threads),
            partial(tree.query, xyz, k=2, workers=threads),
        )
        words = "one thread" if threads == 1 else "all cores"
        line(
            f"compute over a bare k=2 query, {members} x {branches}, {words}",
            exact / bare,
            at_most,
            f"{exact:.3f} s / {bare:.3f} s",
        )


def with_kinds_over_plain(members: int, branches: int, rounds: int) -> None:
    """What eligibility classes cost: a fifth of the branches is open to two of three kinds only."""
    people, places = towns(members, branches)
    random = np.random.default_rng(2)
    kind = random.integers(0, 3, members)
    admits = np.ones((branches, 3), dtype=bool)
    admits[: branches // 5] = random.random((branches // 5, 3)) < 0.5
    classed, plain = in_turn(
        rounds,
        lambda: nearest(people, places, kind=kind, admits=admits),
        lambda: nearest(people, places),
    )
    line("three kinds over none", classed / plain, None, f"{classed:.3f} s / {plain:.3f} s")


def peak_memory(members: int, branches: int) -> None:
    """The largest resident size of a process of its own, inputs included."""
    command = [sys.executable, "-m", "benchmarks.nearest_compute", "--once", str(members)]
    ran = subprocess.run([*command, str(branches)], capture_output=True, text=True, check=True)
    line(f"peak memory in GiB, {members} x {branches}", float(ran.stdout), 1.5)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--million", action="store_true", help="time 1 M x 50 k as well")
    options.add_argument("--once", nargs=2, type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.once:
        nearest(*towns(*chosen.once))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
        return
    over_bare_query(100_000, 5_000, chosen.rounds, 1.5)
    with_kinds_over_plain(100_000, 5_000, chosen.rounds)
    if chosen.million:
        over_bare_query(1_000_000, 50_000, 5, None)
    peak_memory(1_000_000, 50_000)


if __name__ == "__main__":
    main()
