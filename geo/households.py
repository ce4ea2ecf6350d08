"""Centre households: hosts who stay empty or take a minimum to a maximum of people living near.

Opening a household is a yes or no, so this is a fixed-charge problem. Up to a community's size it
is solved exactly (SCIP, with the pairs themselves free to be fractional: with the open hosts known
the rest is a flow, and a flow's corners are whole). Larger ones are solved by closing, again and
again, the hosts fewest people want; the gap to a proven bound is stated (domain ORG-13, ASG-4).

First as many people as possible, then the fewest centimetres. Nobody scores a host: only places,
bounds, what was already agreed (``frozen``) and what somebody declined (``forbidden``) count.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.assignment.problem import Floats, Unusable, Whole, centimetres
from geo.ellipsoid import to_xyz
from geo.household_closing import by_closing, fill
from geo.household_programme import by_programme
from geo.household_sizes import divide, explain

MINIMUM: Final = 7
MAXIMUM: Final = 10
EXACT_PAIRS: Final = 12_000
"""Members times hosts that are solved exactly: twice a community of 200 with 30 hosts."""
UNPLACED: Final = -1

Flags = npt.NDArray[np.bool_]
Question = tuple[Whole, Flags, Whole, Whole]
"""Costs (n, h), allowed pairs (n, h), minima and maxima (h,)."""


@dataclass(frozen=True)
class Hosts:
    """``lonlat`` (h, 2) degrees, longitude first; ``minimum`` and ``maximum`` (h,) people."""

    lonlat: Floats
    minimum: Whole
    maximum: Whole


@dataclass(frozen=True)
class Households:
    """``host`` (n,) index, -1 = unplaced; ``centimetres`` (n,), -1 = unplaced.

    ``lower_bound``: placing as many takes at least so many centimetres. ``infeasible``: not
    everybody with a place could be placed; ``explanation`` says why and what would help.
    """

    host: Whole
    centimetres: Whole
    total: int
    lower_bound: int
    infeasible: bool
    explanation: str | None

    @property
    def placed(self) -> int:
        """How many have a host."""
        return int((self.host >= 0).sum())

    @property
    def gap(self) -> float:
        """The share of the total that is not proven to be needed."""
        return (self.total - self.lower_bound) / self.total if self.total else 0.0


def settle(
    homes: Floats,
    hosts: Hosts,
    *,
    reach_metres: float | None = None,
    frozen: npt.ArrayLike | None = None,
    forbidden: npt.ArrayLike | None = None,
    deadline_seconds: float = 60.0,
) -> Households:
    """Propose households for members at ``homes`` (n, 2), a NaN row = no place.

    ``frozen`` (n,): the host both sides have agreed on, -1 = none. ``forbidden`` (f, 2): pairs
    member, host. Raises :class:`geo.assignment.problem.Unusable`.
    """
    homes = np.array(homes, np.float64).reshape(-1, 2)
    told = np.full(len(homes), UNPLACED) if frozen is None else np.asarray(frozen, np.int64)
    _refuse(hosts, told)
    until = monotonic() + deadline_seconds
    located = np.flatnonzero(~np.isnan(homes).any(axis=1))
    cost = _costs(homes[located], hosts.lonlat)
    allowed = _allowed(cost, located, reach_metres, told, forbidden)
    sizes = divide(len(located), hosts.minimum.tolist(), hosts.maximum.tolist())
    question = cost, allowed, np.asarray(hosts.minimum), np.asarray(hosts.maximum)
    most = sizes.placeable if allowed.all() and (told < 0).all() else None
    chosen, bound = _choose(question, told[located] >= 0, most, until)
    host, length = np.full(len(homes), UNPLACED), np.full(len(homes), -1)
    seated = chosen >= 0
    host[located] = chosen
    length[located[seated]] = cost[seated, chosen[seated]]
    total = int(length[length > 0].sum())
    left = len(located) - int(seated.sum())
    words = explain(sizes, hosts.minimum.tolist(), hosts.maximum.tolist()) if left else None
    if left and words is None:
        words = (
            f"有 {left} 人在可达范围内凑不满一户或没有余位："
            "请放宽距离、再请中心户，或改由电话联系。"
        )
    return Households(host, length, total, min(bound, total), bool(left), words)


def _choose(question: Question, must: Flags, most: int | None, until: float) -> tuple[Whole, int]:
    """Exactly when it is small and there is time, otherwise by closing hosts."""
    if question[0].size > EXACT_PAIRS:
        return by_closing(*question, must=must, until=until)
    try:
        chosen, bound = by_programme(*question, must=must, most=most, until=until)
    except TimeoutError:
        return by_closing(*question, must=must, until=until)
    opened = np.bincount(chosen[chosen >= 0], minlength=len(question[2])) > 0
    whole = fill(*question, opened=opened, must=must)
    return chosen if whole is None else whole, bound


def _costs(homes: Floats, lonlat: Floats) -> Whole:
    """(people, hosts) centimetres."""
    n, h = len(homes), len(lonlat)
    row, column = np.repeat(np.arange(n), h), np.tile(np.arange(h), n)
    here, there = to_xyz(homes), to_xyz(lonlat)
    cost = centimetres(homes[row], lonlat[column], here[row], there[column])
    return cost.reshape(n, h)


def _allowed(
    cost: Whole,
    located: Whole,
    reach_metres: float | None,
    told: Whole,
    forbidden: npt.ArrayLike | None,
) -> npt.NDArray[np.bool_]:
    """(people, hosts): who may be proposed to whom; the agreed only to each other."""
    allowed = np.ones(cost.shape, bool)
    if reach_metres is not None:
        allowed &= cost <= reach_metres * 100
    row_of = np.full(len(told), -1)
    row_of[located] = np.arange(len(located))
    for member, host in np.asarray([] if forbidden is None else forbidden, np.int64).reshape(-1, 2):
        if row_of[member] >= 0:
            allowed[row_of[member], host] = False
    agreed = np.flatnonzero(told[located] >= 0)
    allowed[agreed] = False
    allowed[agreed, told[located[agreed]]] = True
    return allowed


def _refuse(hosts: Hosts, told: Whole) -> None:
    """What cannot be asked, in one sentence each."""
    h = len(hosts.lonlat)
    places = np.asarray(hosts.lonlat, np.float64).reshape(-1, 2)
    for j in range(h):
        low, high = int(hosts.minimum[j]), int(hosts.maximum[j])
        if not (abs(places[j, 0]) <= 180 and abs(places[j, 1]) <= 90):
            raise Unusable(
                "host_place", f"第 {j + 1} 户没有可用的坐标：请填写经度和纬度。", "hosts", j
            )
        if low < 0 or low > high:
            raise Unusable(
                "bounds",
                f"第 {j + 1} 户最少 {low} 人、最多 {high} 人：请让最少人数不小于 0 且不大于最多人数。",
                "hosts",
                j,
            )
    for row in np.flatnonzero(told >= h):
        raise Unusable(
            "unknown_host",
            f"第 {row + 1} 名党员已定的中心户不在名单中：请更正。",
            "members",
            int(row),
        )
    load = np.bincount(told[told >= 0], minlength=h)
    for full in np.flatnonzero(load > hosts.maximum):
        j = int(full)
        raise Unusable(
            "agreed_above_maximum",
            f"第 {j + 1} 户已同意的有 {load[j]} 人，超过最多 {hosts.maximum[j]} 人：请调高上限。",
            "hosts",
            j,
        )
