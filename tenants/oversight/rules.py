"""Figures as they were reported beside what the register says. Pure; neither is made to agree.

Source: domain STA-1, Q1, Q2: parts that do not add up to their total are shown with their gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol


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


@dataclass(frozen=True, slots=True)
class Gap:
    """Reported parts that add up to something else than their reported total."""

    tenant_name: str
    total_key: str
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
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "members.total": (
        "members.age_under_50",
        "members.age_50_to_59",
        "members.age_60_and_over",
    ),
    "mobility.total": ("mobility.in", "mobility.out"),
}
"""A reported total -> the reported parts that ought to add up to it."""


def beside_computed(
    reported: Sequence[Reported], lines: Mapping[int, Shown]
) -> list[BesideComputed]:
    """Each reported figure with ours. `lines`: area -> the figures of that tenant and below."""
    return [_beside(figure, lines.get(figure.area)) for figure in reported]


def gaps(reported: Sequence[Reported]) -> list[Gap]:
    """Totals whose parts were all reported and do not add up, in the order of the reports."""
    by_tenant: dict[str, dict[str, int]] = {}
    for figure in reported:
        if figure.value.isdecimal():
            by_tenant.setdefault(figure.tenant_name, {})[figure.key] = int(figure.value)
    found = []
    for name, values in by_tenant.items():
        for total, parts in PARTS.items():
            if total in values and all(part in values for part in parts):
                together = sum(values[part] for part in parts)
                if together != values[total]:
                    found.append(Gap(name, total, values[total], together))
    return found


def _beside(figure: Reported, line: Shown | None) -> BesideComputed:
    names = COMPUTED.get(figure.key, ())
    values = [line[name] for name in names] if line else []
    said = [value for value in values if value is not None]
    computed = sum(said) if said and len(said) == len(names) else None
    hidden = bool(line and line.hidden.intersection(names))
    return BesideComputed(
        figure.tenant_name,
        figure.key,
        figure.value,
        None if hidden else computed,
        figure.reading,
        hidden,
    )
