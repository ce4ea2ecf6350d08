"""What a tenant may be called, which number it gets, and what its limits say. Plain values only."""

import re
from collections.abc import Iterable
from typing import Final

from tenants.area import COUNTY, TOWNSHIP, area_number

LONGEST_SLUG: Final = 60
KEEPS_CLOSED_DAYS: Final = 90
"""How long a closed tenant can be opened again before its data is erased."""
MOST_PARTS: Final = 999
"""Townships of a county, and communities of a township: three digits each in the area number."""

_PAGES: Final = ("open", "many", "around")
"""Words that stand in our own addresses where a short name could."""
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(written: str) -> bool:
    """Whether a short name can stand in an address: small letters, digits, single dashes."""
    return len(written) <= LONGEST_SLUG and written not in _PAGES and bool(_SLUG.fullmatch(written))


def proposed_slug(county_slug: str, area: int, name: str = "") -> str:
    """A short name for who typed none: from a name in Latin letters, else from the numbers."""
    latin = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if is_slug(latin) and len(latin) > 2 and name.isascii():
        return latin
    township, community = area % COUNTY // TOWNSHIP, area % TOWNSHIP
    return f"{county_slug}-{township}" + (f"-{community}" if community else "")


def next_area(level: str, above: int, taken: Iterable[int]) -> int | None:
    """The first free number of `level` in the county or township `above`; None when it is full.

    A number once used is not used again: what was written down under it stays true.
    """
    used = set(taken)
    county, township = above // COUNTY, above % COUNTY // TOWNSHIP
    for part in range(1, MOST_PARTS + 1):
        community = level == "community"
        area = area_number(county, township if community else part, part if community else 0)
        if area not in used:
            return area
    return None
