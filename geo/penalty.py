"""What leaving one person without a seat must cost, so that placing people comes before metres."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from geo.ellipsoid import Floats, chord, to_xyz

FARTHEST: Final = 2_000_400_000
"""Half round the earth in centimetres."""


def least_penalty(places: Sequence[Floats], members: int, branches: int, reach: int | None) -> int:
    """The least that leaving a person out must cost, in centimetres.

    One person more is placed by a chain of moves that passes each branch once, so it costs at most
    the longest step for each. That is the reach, or what the box round all places allows: a chord is
    at least 2 / pi of its arc on a circle, and the ellipsoid is within a hundredth of one.
    """
    known = np.concatenate([place[~np.isnan(place[:, 0])] for place in places])
    longest = 0
    if len(known):
        xyz = to_xyz(known)
        diagonal = float(chord(xyz.min(axis=0)[None], xyz.max(axis=0)[None])[0])
        longest = min(int(diagonal * 100 * np.pi / 2 * 1.01) + 100, FARTHEST)
    if reach is not None:
        longest = min(longest, reach)
    return (min(members, branches) + 1) * (longest + 1)
