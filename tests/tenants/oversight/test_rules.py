"""Counts of many tenants put together."""

from dataclasses import dataclass

import pytest

from tenants.oversight.rules import beside_computed, by_township, totals


@dataclass(frozen=True)
class Counts:
    name: str
    level: str
    area: int
    affiliated: int = 0
    outside: int = 0
    outflow: int = 0
    inflow: int = 0
    waiting: int = 0
    unserved: int = 0
    branches: int = 0
    stations: int = 0


@dataclass(frozen=True)
class Figure:
    tenant_name: str
    level: str
    area: int
    key: str
    value: str
    reading: str = ""


BELOW = [
    Counts("县", "county", 1_000_000, stations=1),
    Counts("东乡", "township", 1_001_000, stations=1),
    Counts("一村", "community", 1_001_001, affiliated=33, outflow=9, inflow=4, branches=1),
    Counts("二村", "community", 1_001_002, affiliated=10, inflow=1, branches=2),
    Counts("西乡", "township", 1_002_000),
]


def test_groups_follow_the_area_and_lose_nobody():
    groups = by_township(BELOW)
    assert [(group.name, len(group.tenants)) for group in groups] == [
        ("县", 1),
        ("东乡", 3),
        ("西乡", 1),
    ]
    assert groups[1].totals["affiliated"] == 43
    assert totals(BELOW)["inflow"] == sum(group.totals["inflow"] for group in groups) == 5


@pytest.mark.parametrize(
    ("level", "area", "key", "computed"),
    [
        ("community", 1_001_001, "members.affiliated", 33),
        ("community", 1_001_001, "members.present", 28),
        ("township", 1_001_000, "mobility.in", 5),
        ("county", 1_000_000, "mobility.total", 14),
        ("community", 1_001_001, "population.total", None),
    ],
)
def test_a_reported_figure_stands_beside_the_count_of_its_own_range(level, area, key, computed):
    found = beside_computed([Figure("x", level, area, key, "91")], BELOW)[0]
    assert (found.value, found.computed) == ("91", computed)


def test_a_blank_stays_a_blank():
    assert (
        beside_computed([Figure("x", "county", 1_000_000, "mobility.in", "")], BELOW)[0].value == ""
    )
