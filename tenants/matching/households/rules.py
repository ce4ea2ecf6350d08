"""Who is proposed to which centre household, and what may follow what. Pure.

Sources: domain ORG-13 (7 to 10 members living around a host), ASG-4 (both bounds), ASG-5 (proposal ->
host agrees -> member agrees; "another, please" without a reason; a new run keeps what was agreed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from geo.households import UNPLACED, Hosts, settle

Point = tuple[float, float]

FEWEST, MOST = 7, 10
"""A centre household links 7 to 10 members living around it."""

_NEXT = {
    "proposed": {"host_agreed", "another", "withdrawn"},
    "host_agreed": {"active", "another"},
    "active": {"ended"},
}


@dataclass(frozen=True, slots=True)
class Host:
    """A centre household with room for `fewest` to `most` people."""

    household_id: UUID
    home: Point
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A member who may join one. `agreed`: the household at least one side said yes to.

    `refused`: households for which they, or the host, asked for somebody else.
    """

    member_id: UUID
    home: Point | None
    agreed: UUID | None = None
    refused: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Pair:
    """A member proposed to a household they have not agreed on yet."""

    member_id: UUID
    household_id: UUID
    metres: float


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was found: `explanation` says why somebody with a place was left out, '' = nobody was."""

    pairs: tuple[Pair, ...]
    people: int
    placed: int
    total_metres: float
    gap: float
    explanation: str


def may_become(state: str, following: str) -> bool:
    """Whether a pair in `state` may go on to `following`."""
    return following in _NEXT.get(state, set())


def propose(
    people: Sequence[Neighbour],
    hosts: Sequence[Host],
    *,
    reach_metres: float,
    deadline_seconds: float = 60.0,
) -> Settlement:
    """As many people as possible, then the fewest metres. Raises `geo.assignment.Unusable`."""
    number = {host.household_id: at for at, host in enumerate(hosts)}
    told = [UNPLACED if who.agreed is None else number.get(who.agreed, UNPLACED) for who in people]
    forbidden = [
        (row, number[household_id])
        for row, who in enumerate(people)
        for household_id in who.refused
        if household_id in number and told[row] != number[household_id]
    ]
    unknown = (np.nan, np.nan)
    found = settle(
        np.array([who.home or unknown for who in people], np.float64).reshape(-1, 2),
        Hosts(
            np.array([host.home for host in hosts], np.float64).reshape(-1, 2),
            np.array([host.fewest for host in hosts], np.int64),
            np.array([host.most for host in hosts], np.int64),
        ),
        reach_metres=reach_metres,
        frozen=np.array(told, np.int64),
        forbidden=np.array(forbidden, np.int64).reshape(-1, 2),
        deadline_seconds=deadline_seconds,
    )
    pairs = [
        Pair(
            who.member_id,
            hosts[int(found.host[row])].household_id,
            int(found.centimetres[row]) / 100,
        )
        for row, who in enumerate(people)
        if found.host[row] >= 0 and told[row] == UNPLACED
    ]
    return Settlement(
        tuple(pairs),
        len(people),
        found.placed,
        found.total / 100,
        found.gap,
        found.explanation or "",
    )
