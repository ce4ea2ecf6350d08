"""Figures of many tenants laid out as a table: sums by township, small counts hidden. Pure.

In the order of the area, never ranked. Source: domain STA-1 to STA-3, STA-6; `suppression` says
what may be shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tenants.area import TOWNSHIP
from tenants.oversight.suppression import Sum, hidden_cells

PEOPLE: Final = (
    "affiliated",
    "outflow",
    "outside",
    "untraced",
    "inflow",
    "present",
    "served",
    "reported_in",
    "waiting",
    "unserved",
    "overdue",
    "letters_near_expiry",
)
"""Counts of people: small ones are hidden from the offices above."""
ORGANISATIONS: Final = (
    "requests_open",
    "branches",
    "branches_below_three",
    "branches_above_fifty",
    "branches_without_officer",
    "branches_without_liaison",
    "cells_without_leader",
    "stations",
)
"""Counts of what an organisation has and owes; they tell nothing of a person."""
OLDEST: Final = ("oldest_unserved_days", "oldest_request_days")
FIGURES: Final = PEOPLE + ORGANISATIONS
UNPRINTED: Final = ("elsewhere",)
"""Needed for the sums: affiliated = here + elsewhere, present = here + inflow."""

Figures = Mapping[str, int | None]
Cell = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One tenant's figures, or a township's or county's sum. None: it cannot be said.

    `hidden`: names of the figures that may not be shown. `counted_at`: the oldest count in it.
    """

    name: str
    level: str
    area: int
    slug: str
    figures: Figures
    counted_at: datetime | None = None
    hidden: frozenset[str] = frozenset()

    def __getitem__(self, figure: str) -> int | None:
        return self.figures.get(figure)


@dataclass(frozen=True, slots=True)
class Group:
    """A township: its sum, and its tenants (its own office first) where they are laid out."""

    total: Line
    tenants: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A county or one township of it. `total` is the sum of all groups."""

    groups: tuple[Group, ...]
    total: Line

    def lines(self) -> dict[int, Line]:
        """Area -> the figures of that tenant and all below it, as far as they are laid out."""
        found = {each.area: each for group in self.groups for each in group.tenants}
        found |= {group.total.area: group.total for group in self.groups}
        return found | {self.total.area: self.total}


def added(lines: Iterable[Line], like: Line) -> Line:
    """The sum of lines under the name of `like`; what no line can say the sum cannot either."""
    lines = list(lines)
    names = (*FIGURES, *UNPRINTED, "present_unsaid", "departed", "returned", "arrived", "cells")
    figures: dict[str, int | None] = {name: _sum(line[name] for line in lines) for name in names}
    for name in OLDEST:
        figures[name] = max(
            (days for line in lines if (days := line[name]) is not None), default=None
        )
    counted = [line.counted_at for line in lines if line.counted_at]
    return Line(like.name, like.level, like.area, like.slug, figures, min(counted, default=None))


def laid_out(townships: Sequence[Line], tenants: Sequence[Line], whole: Line) -> Table:
    """The table of an office. `townships`: one sum each; `tenants`: of the townships laid out.

    First the sums are hidden among each other, then each township's tenants below its sum, so that
    whoever looks at both tables learns no more than from one.
    """
    total = added(townships, whole)
    hidden = _hidden([*townships], total)
    groups = []
    for township in townships:
        below = [each for each in tenants if each.area // TOWNSHIP == township.area // TOWNSHIP]
        of_sum = {figure for area, figure in hidden if area == township.area}
        inner = _hidden(below, township, printed_total=of_sum) if below else frozenset()
        lines = tuple(_dark(each, inner, each.area) for each in below)
        groups.append(Group(_dark(township, hidden, township.area), lines))
    return Table(tuple(groups), _dark(total, hidden, TOTAL))


TOTAL: Final = -1
"""Stands for the sum's area among the cells: a township's office has the township's own number."""


def _hidden(
    parts: Sequence[Line], total: Line, printed_total: set[str] | None = None
) -> frozenset[Cell]:
    counts: dict[Cell, int] = {}
    for area, line in [(TOTAL, total), *((part.area, part) for part in parts)]:
        counts |= {(area, name): line[name] or 0 for name in (*PEOPLE, *UNPRINTED)}
        counts[area, "here"] = (line["affiliated"] or 0) - (line["elsewhere"] or 0)
    areas = [part.area for part in parts]
    sums = [each for area in [TOTAL, *areas] for each in _sums_of(area, counts)]
    for name in (*PEOPLE, *UNPRINTED, "here"):
        sums.append(Sum((TOTAL, name), tuple((area, name) for area in areas)))
    unprinted = [(area, name) for area, name in counts if name in (*UNPRINTED, "here")]
    if printed_total is None:
        return hidden_cells(counts, sums, unprinted=unprinted)
    return hidden_cells(
        counts,
        sums,
        unprinted=unprinted,
        printed=[(TOTAL, name) for name in PEOPLE if name not in printed_total],
        secret=[(TOTAL, name) for name in printed_total],
    )


def _sums_of(area: int, counts: Mapping[Cell, int]) -> list[Sum[Cell]]:
    """What everybody knows of one line: its figures hang together."""
    sums = [
        Sum((area, "affiliated"), ((area, "here"), (area, "elsewhere"))),
        Sum((area, "present"), ((area, "here"), (area, "inflow"))),
    ]
    ways = [name for name in ("outflow", "outside", "untraced") if counts[area, name]]
    if len(ways) <= 1:  # with none of them everybody knows that nobody is elsewhere
        sums.append(Sum((area, "elsewhere"), tuple((area, way) for way in ways)))
    return sums


def _dark(line: Line, hidden: frozenset[Cell], area: int) -> Line:
    return replace(line, hidden=frozenset(name for at, name in hidden if at == area))


def _sum(values: Iterable[int | None]) -> int | None:
    said = [value for value in values if value is not None]
    return sum(said) if said else None
