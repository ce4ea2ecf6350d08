"""Which places can be used, and which of them are the same question.

Places are (n, 2) float64 degrees, longitude first, NaN where unknown.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from geo.ellipsoid import Floats

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Fault(IntEnum):
    """Why a place cannot be used. ZERO is a sheet's way of saying "empty": nobody lives at (0, 0)."""

    NONE = 0
    MISSING = 1
    ZERO = 2
    OUT_OF_RANGE = 3


def faults(lonlat: Floats) -> npt.NDArray[np.int8]:
    """A :class:`Fault` for each place (n, 2)."""
    longitude, latitude = lonlat[:, 0], lonlat[:, 1]
    found = np.zeros(len(lonlat), dtype=np.int8)
    found[(np.abs(longitude) > 180) | (np.abs(latitude) > 90)] = Fault.OUT_OF_RANGE
    found[(longitude == 0) & (latitude == 0)] = Fault.ZERO
    found[np.isnan(longitude) | np.isnan(latitude)] = Fault.MISSING
    return found


def usable(lonlat: Floats) -> Flags:
    """Whether each place (n, 2) can be used."""
    return np.asarray(faults(lonlat) == Fault.NONE)


@dataclass(frozen=True, slots=True)
class Supply:
    """The distinct questions of many members, neighbours on the map near each other in the list.

    ``lonlat`` (q, 2) and ``kind`` (q,) are the questions; ``question`` (n,) is the one each member
    asks, -1 for a member whose place cannot be used.
    """

    lonlat: Floats
    kind: Integers
    question: Integers


def collapse(lonlat: Floats, kind: Integers) -> Supply:
    """Ask once for members of the same place and kind, and in an order that keeps caches warm.

    The order is that of a Z-curve over cells of about a centimetre, so equal places come together.
    Should another place share their cell, a question may be asked twice: slower, never wrong.
    """
    asking = np.flatnonzero(usable(lonlat))
    places = lonlat[asking]
    curve = _spread((places[:, 0] + 180) / 360) | (
        _spread((places[:, 1] + 90) / 180) << np.uint64(1)
    )
    order = np.argsort(curve)
    del curve
    places, asking = places[order], asking[order]
    kinds = kind[asking]
    first = np.ones(len(asking), dtype=np.bool_)
    first[1:] = (
        (places[1:, 0] != places[:-1, 0])
        | (places[1:, 1] != places[:-1, 1])
        | (kinds[1:] != kinds[:-1])
    )
    question = np.full(len(lonlat), -1)
    question[asking] = np.cumsum(first) - 1
    return Supply(lonlat=places[first], kind=kinds[first], question=question)


def _spread(share: Floats) -> npt.NDArray[np.uint64]:
    """Numbers in [0, 1] as 32 bits, each bit followed by an empty one: half of a Z-curve's key."""
    bits = (share * 0xFFFFFFFF).astype(np.uint64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits
