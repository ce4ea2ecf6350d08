"""How counts of many tenants are put together. Pure; no ranking, in the order of the area.

Source: domain STA-1, STA-2, Q1, Q2: a reported figure stands beside the computed one, and neither
is made to agree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tenants.area import own_range

FIGURES = (
    "affiliated",
    "outside",
    "outflow",
    "inflow",
    "waiting",
    "unserved",
    "branches",
    "stations",
)


class Counted(Protocol):
    """What is needed of a tenant's counts; `oversight.lookups.TenantCounts` has it."""

    @property
    def name(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def area(self) -> int: ...


class Reported(Protocol):
    """What is needed of a reported figure; `oversight.lookups.ReportedFigure` has it."""

    @property
    def tenant_name(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def area(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def reading(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Township:
    """A township's tenants in the order of their area, its own office first; `totals` of all."""

    name: str
    tenants: tuple[Counted, ...]
    totals: dict[str, int]


@dataclass(frozen=True, slots=True)
class BesideComputed:
    """A reported figure and what the register says today; None where the register cannot say."""

    tenant_name: str
    value: str
    computed: int | None
    reading: str


def by_township(counts: Sequence[Counted]) -> list[Township]:
    """Tenants below a county or township, grouped; the county's own office is a group as well."""
    groups: dict[int, list[Counted]] = {}
    for tenant in counts:
        groups.setdefault(tenant.area // 1_000, []).append(tenant)
    return [
        Township(_title(tenants), tuple(tenants), totals(tenants)) for tenants in groups.values()
    ]


def totals(counts: Iterable[Counted]) -> dict[str, int]:
    """The sum of each figure."""
    counts = list(counts)
    return {figure: sum(getattr(tenant, figure) for tenant in counts) for figure in FIGURES}


def beside_computed(
    reported: Sequence[Reported], counts: Sequence[Counted]
) -> list[BesideComputed]:
    """Each reported figure with today's count of the same thing, over the reporter and below."""
    return [
        BesideComputed(figure.tenant_name, figure.value, _computed(figure, counts), figure.reading)
        for figure in reported
    ]


def _title(tenants: list[Counted]) -> str:
    return min(tenants, key=lambda tenant: tenant.area).name


def _computed(figure: Reported, counts: Sequence[Counted]) -> int | None:
    low, high = own_range(figure.area, figure.level)
    sums = totals(tenant for tenant in counts if low <= tenant.area <= high)
    return {
        "members.affiliated": sums["affiliated"],
        "members.total": sums["affiliated"] + sums["inflow"],
        "members.lives_outside": sums["outside"],
        "members.present": sums["affiliated"] - sums["outflow"] + sums["inflow"],
        "mobility.in": sums["inflow"],
        "mobility.out": sums["outflow"],
        "mobility.total": sums["inflow"] + sums["outflow"],
        "branches.total": sums["branches"],
    }.get(figure.key)
