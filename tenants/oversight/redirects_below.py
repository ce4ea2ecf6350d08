"""How many redirects are open below an office, by community and step; small counts not told.

Each is one person on the way, so the rule of all counts of people holds (domain STA-3): one or two
are hidden, and others beside them where the sum would give them away. How long the oldest waits
is said all the same: it is what the office is there to watch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tenants.oversight.suppression import FEWEST
from tenants.redirects.lookups import Waiting, open_below
from tenants.scope import Scope

Cell = tuple[int, str]


@dataclass(frozen=True, slots=True)
class OpenRedirects:
    """`lines` by area; a `count` of None, there or in `total`, is hidden."""

    lines: tuple[Waiting, ...]
    total: int | None
    oldest: datetime | None


def open_redirects(scope: Scope) -> OpenRedirects:
    """What is under way below the scope's office."""
    return laid_out(open_below(scope))


def laid_out(found: Sequence[Waiting]) -> OpenRedirects:
    """The same lines without the counts that would tell of one or two people."""
    counts = {(each.area, each.state): each.count or 0 for each in found}
    hidden, total_too = _hidden(counts)
    return OpenRedirects(
        tuple(
            replace(each, count=None) if (each.area, each.state) in hidden else each
            for each in found
        ),
        None if total_too else sum(counts.values()),
        min((each.oldest for each in found), default=None),
    )


def _hidden(counts: Mapping[Cell, int]) -> tuple[set[Cell], bool]:
    """The hidden ones, and whether the sum is hidden as well.

    `suppression.hidden_cells` says the same of tables whose sums hang together; with one sum alone
    it comes to this: two at least, and not few people, are behind what is not shown.
    """
    by_size = sorted(counts, key=lambda cell: (counts[cell], cell))
    hidden = {cell for cell in by_size if counts[cell] < FEWEST}
    shown = [cell for cell in by_size if cell not in hidden]

    def too_few() -> bool:
        return len(hidden) == 1 or 0 < sum(counts[cell] for cell in hidden) < FEWEST

    while shown and too_few():
        hidden.add(shown.pop(0))
    return hidden, too_few()
