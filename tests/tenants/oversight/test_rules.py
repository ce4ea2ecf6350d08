"""Reported figures beside computed ones; parts that do not add up."""

from dataclasses import dataclass

import pytest

from tenants.oversight.rules import beside_computed, gaps
from tenants.oversight.tables import Line

AREA = 1_001_001
OURS = Line(
    "丙社区",
    "community",
    AREA,
    "bing",
    {"affiliated": 33, "outflow": 9, "inflow": 4, "present": 28},
)


@dataclass(frozen=True)
class Figure:
    key: str
    value: str
    tenant_name: str = "丙社区"
    area: int = AREA
    reading: str = ""


@pytest.mark.parametrize(
    ("key", "computed"),
    [
        ("members.affiliated", 33),
        ("members.present", 28),
        ("mobility.in", 4),
        ("mobility.total", 13),
        ("population.total", None),
        ("branches.total", None),
    ],
)
def test_a_reported_figure_stands_beside_ours(key, computed):
    found = beside_computed([Figure(key, "91")], {AREA: OURS})[0]
    assert (found.value, found.computed, found.hidden) == ("91", computed, False)


def test_what_is_hidden_in_the_table_is_hidden_here():
    dark = Line("丙社区", "community", AREA, "bing", OURS.figures, hidden=frozenset({"inflow"}))
    found = beside_computed([Figure("mobility.total", "13")], {AREA: dark})[0]
    assert (found.computed, found.hidden) == (None, True)


def test_a_blank_stays_a_blank():
    assert beside_computed([Figure("mobility.in", "")], {})[0].value == ""


AGES = [
    Figure("members.age_under_50", "28"),
    Figure("members.age_50_to_59", "20"),
    Figure("members.age_60_and_over", "87"),
]


def test_age_bands_that_leave_two_out():
    """Domain Q1: 28 + 20 + 87 = 135 of 137."""
    found = gaps([Figure("members.total", "137"), *AGES])
    assert [(gap.total, gap.parts, gap.missing) for gap in found] == [(137, 135, 2)]


def test_parts_that_add_up_or_lack_one_leave_no_gap():
    assert gaps([Figure("members.total", "135"), *AGES]) == []
    assert gaps([Figure("members.total", "137"), *AGES[:2]]) == []
    assert gaps([Figure("members.total", "137 左右"), *AGES]) == []
