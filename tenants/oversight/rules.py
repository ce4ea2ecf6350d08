"""Figures as they were reported beside what the register says. Pure; neither is made to agree.

Source: domain STA-1, Q1, Q2: parts that do not add up to their total are shown with their gap.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from tenants.oversight.readings import said_number


class Reported(Protocol):
    """What is needed of a reported figure; `oversight.lookups.ReportedFigure` has it."""

    @property
    def tenant_name(self) -> str: ...
    @property
    def area(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def reading(self) -> str: ...
    @property
    def reported_on(self) -> date | None: ...


class Shown(Protocol):
    """A line of the oversight table."""

    @property
    def hidden(self) -> frozenset[str]: ...
    def __getitem__(self, figure: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class BesideComputed:
    """A reported figure and what the register says; None where the register cannot say.

    `hidden`: the register could say, but the count is too small to be shown to an office above.
    """

    tenant_name: str
    key: str
    value: str
    computed: int | None
    reading: str
    hidden: bool = False
    reported_on: date | None = None

    @property
    def more(self) -> int | None:
        """How many more were reported than the register says; None where they cannot be compared."""
        number = said_number(self.value)
        return None if number is None or self.computed is None else number - self.computed


@dataclass(frozen=True, slots=True)
class Gap:
    """Reported parts, told apart by `by`, that add up to something else than their total."""

    tenant_name: str
    total_key: str
    by: str
    total: int
    parts: int

    @property
    def missing(self) -> int:
        """How many the parts leave out; negative where they hold too many."""
        return self.total - self.parts


COMPUTED: Final[dict[str, tuple[str, ...]]] = {
    "members.affiliated": ("affiliated",),
    "members.total": ("affiliated", "inflow"),
    "members.lives_outside": ("outside",),
    "members.present": ("present",),
    "members.served": ("served",),
    "members.reported_in": ("reported_in",),
    "mobility.in": ("inflow",),
    "mobility.out": ("outflow",),
    "mobility.total": ("inflow", "outflow"),
    "branches.total": ("branches",),
    "cells.total": ("cells",),
    "stations.total": ("stations",),
}
"""Which figures of ours, added up, a reported one is compared with."""
AGES: Final = ("members.age_under_50", "members.age_50_to_59", "members.age_60_and_over")
ORIGINS: Final = ("members.own", "members.handed_over")
PARTS: Final = (
    ("members.total", "age", AGES),
    ("members.total", "origin", ORIGINS),
    ("members.affiliated", "origin", ORIGINS),
    ("mobility.total", "direction", ("mobility.in", "mobility.out")),
)
"""A reported total, what its parts are told apart by, and the parts that ought to add up to it."""


def beside_computed(
    reported: Sequence[Reported],
    lines: Mapping[int, Shown],
    further: Mapping[str, int] | None = None,
) -> list[BesideComputed]:
    """Each reported figure with ours. `lines`: area -> the figures of that tenant and below.

    `further`: key -> what one's own register says of figures that no line holds.
    """
    return [_beside(figure, lines.get(figure.area), further or {}) for figure in reported]


def gaps(reported: Sequence[Reported]) -> list[Gap]:
    """Totals whose parts were all reported and do not add up, in the order of the reports.

    Parts are those of the total's day, where a key was reported more than once.
    """
    by_tenant: dict[tuple[int, str], list[Reported]] = defaultdict(list)
    for figure in reported:
        by_tenant[figure.area, figure.tenant_name].append(figure)
    found = []
    for (_area, name), figures in by_tenant.items():
        for key, by, parts in PARTS:
            for whole in (each for each in figures if each.key == key):
                total = said_number(whole.value)
                numbers = [_of_day(figures, part, whole.reported_on) for part in parts]
                together = sum(number or 0 for number in numbers)
                if total is not None and None not in numbers and together != total:
                    found.append(Gap(name, key, by, total, together))
    return found


def _of_day(figures: Sequence[Reported], key: str, day: date | None) -> int | None:
    """What was reported of a key on that day; on any other where it was reported only once."""
    found = [each for each in figures if each.key == key]
    same = [each for each in found if each.reported_on == day] or found
    return said_number(same[0].value) if len(same) == 1 else None


def _beside(figure: Reported, line: Shown | None, further: Mapping[str, int]) -> BesideComputed:
    names = COMPUTED.get(figure.key, ())
    values = [line[name] for name in names] if line else []
    said = [value for value in values if value is not None]
    computed = sum(said) if said and len(said) == len(names) else further.get(figure.key)
    hidden = bool(line and line.hidden.intersection(names))
    return BesideComputed(
        figure.tenant_name,
        figure.key,
        figure.value,
        None if hidden else computed,
        figure.reading,
        hidden,
        figure.reported_on,
    )
