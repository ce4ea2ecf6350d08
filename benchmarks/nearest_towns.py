"""Invented towns for the measurements: nobody real lives here, the numbers alone are like life.

Clustered settlements, a tenth of the members at an address somebody else has too, two in a hundred
branches in the same house as another.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BRANCHES_A_TOWN = 100


def towns(members: int, branches: int, seed: int = 1) -> tuple[Floats, Floats]:
    """Places (members, 2) and (branches, 2), degrees, longitude first; the same for a seed."""
    random = np.random.default_rng(seed)
    count = max(5, branches // BRANCHES_A_TOWN)
    centres = np.column_stack([random.uniform(112, 122, count), random.uniform(26, 36, count)])

    def scattered(size: int, shared: float) -> Floats:
        places = centres[random.integers(0, count, size)] + random.normal(0, 0.03, (size, 2))
        same = random.random(size) < shared
        places[same] = places[random.integers(0, size, int(same.sum()))]
        return places

    return scattered(members, 0.10), scattered(branches, 0.02)
