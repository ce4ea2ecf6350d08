"""Reported figures beside computed ones; parts that do not add up."""

from dataclasses import dataclass
from datetime import date

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
    reported_on: date | None = None


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
    assert [(gap.by, gap.total, gap.parts, gap.missing) for gap in found] == [("age", 137, 135, 2)]


def test_parts_that_add_up_or_lack_one_leave_no_gap():
    assert gaps([Figure("members.total", "135"), *AGES]) == []
    assert gaps([Figure("members.total", "137"), *AGES[:2]]) == []
    assert gaps([Figure("members.total", "137 左右"), *AGES]) == []


def test_parts_of_one_report_are_not_added_to_the_total_of_another():
    """Reported twice, in 2014 and in 2015: each total has the parts of its own day."""
    before, after = date(2014, 5, 20), date(2015, 5, 20)
    figures = [Figure(each.key, each.value, reported_on=after) for each in AGES]
    figures += [Figure(each.key, "40", reported_on=before) for each in AGES]
    figures += [Figure("members.total", "120", reported_on=before)]
    assert gaps(figures) == []
    [gap] = gaps([*figures, Figure("members.total", "137", reported_on=after)])
    assert (gap.total, gap.parts) == (137, 135)
    # A total without a day could be of either: nothing is said of it.
    assert gaps([*figures, Figure("members.total", "999")]) == []


def test_a_total_without_a_day_has_the_parts_that_were_reported_once():
    dated = [Figure(each.key, each.value, reported_on=date(2015, 5, 20)) for each in AGES]
    assert [gap.missing for gap in gaps([Figure("members.total", "137"), *dated])] == [2]


def test_579_are_their_230_and_the_349_handed_over():
    """Domain T6."""
    parts = [Figure("members.own", "230"), Figure("members.handed_over", "349")]
    assert gaps([Figure("members.affiliated", "579"), *parts]) == []
    [gap] = gaps([Figure("members.total", "580"), *parts])
    assert (gap.by, gap.missing) == ("origin", 1)


@pytest.mark.parametrize(
    ("value", "more"), [("42", 9), ("33 人", 0), ("３０", -3), ("", None), ("30 余", None)]
)
def test_how_many_more_were_reported_is_said_where_it_can_be(value, more):
    [found] = beside_computed([Figure("members.affiliated", value)], {AREA: OURS})
    assert found.more == more


def test_what_only_the_own_register_knows_stands_beside_what_was_reported():
    [found] = beside_computed(AGES[:1], {AREA: OURS}, {"members.age_under_50": 27})
    assert (found.value, found.computed, found.more) == ("28", 27, 1)
