# needs: database
"""What accepting many lines of a run costs: `./run bench acceptance [--people 2000] [--rounds 5]`.

One run over so many arrivals in a community of three unlimited branches. Accepting them all and
taking that back is measured in turn with the same decisions made one by one through
`tenants.matching.actions`, as a person would; the ratio is of medians.

Measured on two shared cores with others at work on them (PostgreSQL 15, fsync off), 1000 people,
three rounds, there and back:

    together over one by one    0.011   0.64 ms / 57 ms a person
"""

from __future__ import annotations

import argparse
from os import environ
from uuid import UUID

from benchmarks.nearest_turns import in_turn, line
from service.app import create_app
from service.settings import read
from tenants.arrivals.lookups import arrivals
from tenants.matching.actions import redirect, undo_placement
from tenants.matching.assignments.accepting import accept_lines, undo_acceptance
from tests.factories.assignments import a_run, some_arrivals
from tests.factories.counties import Community, a_community, a_county


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    app = create_app(read(environ, "web"))
    community = a_community(a_county(app), capacities=(None, None, None))
    homes = [
        community.inside(1 + at % 3, east=at % 71, north=at % 53) for at in range(chosen.people)
    ]
    some_arrivals(community, *homes)
    run_id = a_run(community)
    together, alone = in_turn(
        chosen.rounds,
        lambda: there_and_back(community, run_id),
        lambda: one_by_one(community, chosen.people),
    )
    line(
        f"{chosen.people} accepted and taken back, together over one by one",
        together / alone,
        0.2,
        f"{together / chosen.people * 1000:.2f} ms / {alone / chosen.people * 1000:.2f} ms a person",
    )


def there_and_back(community: Community, run_id: UUID) -> None:
    with community.acting() as scope:
        done = accept_lines(scope, run_id)
    with community.acting() as scope:
        undo_acceptance(scope, done.acceptance_id or UUID(int=0))


def one_by_one(community: Community, people: int) -> None:
    with community.acting() as scope:
        cases = [case.id for case in arrivals(scope, limit=people)]
    with community.acting() as scope:
        for at, case in enumerate(cases):
            redirect(scope, case, community.branches[at % 3])
    with community.acting() as scope:
        for case in cases:
            undo_placement(scope, case)


if __name__ == "__main__":
    main()
