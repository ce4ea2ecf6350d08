"""Area numbers: county > township > community in one integer, so that "all below me" is a range.

county * 1_000_000 + township * 1_000 + community; a township's own number ends in 000, a county's
in 000_000. Source: design, section 2.
"""

COUNTY = 1_000_000
TOWNSHIP = 1_000
LEVELS = ("county", "township", "community")


def area_number(county: int, township: int = 0, community: int = 0) -> int:
    """The area of a county, a township (community 0) or a community.

    Raises ValueError when a part is out of range or a community has no township.
    """
    if county < 1 or not 0 <= township < 1_000 or not 0 <= community < 1_000:
        raise ValueError("area parts: county from 1, township and community 0 to 999")
    if community and not township:
        raise ValueError("a community lies in a township")
    return county * COUNTY + township * TOWNSHIP + community


def county_range(area: int) -> tuple[int, int]:
    """First and last area of the county that holds `area`, both inclusive."""
    low = area // COUNTY * COUNTY
    return low, low + COUNTY - 1


def own_range(area: int, level: str) -> tuple[int, int]:
    """First and last area at or below a tenant of `level`, both inclusive."""
    if level == "county":
        return county_range(area)
    if level == "township":
        return area, area + TOWNSHIP - 1
    return area, area
