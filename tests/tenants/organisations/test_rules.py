"""Short names and numbers of tenants (design, section 2)."""

from __future__ import annotations

import pytest

from tenants.area import area_number
from tenants.organisations.rules import (
    LONGEST_SLUG,
    MOST_PARTS,
    is_slug,
    next_area,
    proposed_slug,
)

COUNTY = area_number(7)
TOWNSHIP = area_number(7, 3)


@pytest.mark.parametrize(
    ("written", "may_stand"),
    [
        ("xijie", True),
        ("xi-jie-2", True),
        ("7", True),
        ("", False),
        ("Xijie", False),
        ("-xijie", False),
        ("xi--jie", False),
        ("西街", False),
        ("xi jie", False),
        ("xi/jie", False),
        ("open", False),
        ("many", False),
        ("a" * LONGEST_SLUG, True),
        ("a" * (LONGEST_SLUG + 1), False),
    ],
)
def test_what_can_stand_in_an_address(written, may_stand):
    assert is_slug(written) is may_stand


@pytest.mark.parametrize(
    ("area", "name", "slug"),
    [
        (area_number(7, 3, 4), "西街社区", "fuyun-3-4"),
        (area_number(7, 3), "城关镇", "fuyun-3"),
        (area_number(7, 3, 4), "West Street", "west-street"),
        (area_number(7, 3, 4), "A", "fuyun-3-4"),
    ],
)
def test_a_short_name_is_proposed(area, name, slug):
    assert proposed_slug("fuyun", area, name) == slug
    assert is_slug(slug)


@pytest.mark.parametrize(
    ("level", "above", "taken", "found"),
    [
        ("township", COUNTY, [], area_number(7, 1)),
        ("township", COUNTY, [area_number(7, 1), area_number(7, 2, 5)], area_number(7, 2)),
        ("community", TOWNSHIP, [TOWNSHIP], area_number(7, 3, 1)),
        ("community", TOWNSHIP, [area_number(7, 3, n) for n in (1, 2, 4)], area_number(7, 3, 3)),
        ("community", TOWNSHIP, [area_number(7, 3, n) for n in range(1, MOST_PARTS + 1)], None),
    ],
)
def test_the_next_free_number(level, above, taken, found):
    assert next_area(level, above, taken) == found
