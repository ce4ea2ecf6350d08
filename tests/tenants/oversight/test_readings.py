"""What a reported figure can mean: both ways of reading it, and which whole numbers fit."""

from dataclasses import dataclass
from datetime import date

import pytest

from tenants.oversight.readings import Fit, growths, inside_or_beside, said_number


@dataclass(frozen=True)
class Figure:
    key: str
    value: str
    tenant_name: str = "丙社区"
    area: int = 1_001_001
    reported_on: date | None = None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("137", 137), (" 137人", 137), ("１３７", 137), ("2,479 户", 2479), ("2，479", 2479),
        ("80,000 余", None), ("+158%", None), ("", None), ("33人左右", None), ("3,4", None),
        ("1" * 40, None), ("-3", None), ("三十", None),
    ],
)  # fmt: skip
def test_only_a_plain_whole_number_is_counted_with(value, number):
    assert said_number(value) == number


def test_nine_who_left_are_inside_the_33_or_beside_them():
    """Domain T7, Q9."""
    [found] = inside_or_beside(
        [
            Figure("members.affiliated", "33"),
            Figure("mobility.in", "4"),
            Figure("mobility.out", "9"),
        ]
    )
    assert found.present_if_inside == 28
    assert (found.ours_if_beside, found.present_if_beside) == (42, 37)


@pytest.mark.parametrize("left", ["0", "", "34", "若干"])
def test_where_nothing_is_open_nothing_is_said(left):
    figures = [("members.affiliated", "33"), ("mobility.in", "4"), ("mobility.out", left)]
    assert inside_or_beside([Figure(*each) for each in figures]) == []


@pytest.mark.parametrize("written", ["+158%", "158％", "增长158%", "158"])
def test_158_percent_fits_no_growth_and_only_73_before(written):
    """Domain T8, Q2: 24, 91 and 115 grew by 158 % from nothing whole; 115 are 158 % of 73."""
    [found] = growths(
        [
            Figure("mobility.out", "24"),
            Figure("mobility.in", "91"),
            Figure("mobility.growth_percent", written),
        ]
    )
    assert found.grown_by == ()
    assert found.grown_to == (Fit("mobility.total", 115, 73, 73),)


@pytest.mark.parametrize(
    ("now", "written", "by", "to"),
    [
        ("150", "+50%", (100, 100), (298, 303)),
        ("88", "-12%", (100, 100), None),
        ("1000", "+5.0%", (952, 952), (19802, 20202)),
        ("10", "+900%", (1, 1), None),
    ],
)
def test_a_growth_that_fits_says_from_what(now, written, by, to):
    figures = [Figure("mobility.total", now), Figure("mobility.growth_percent", written)]
    [found] = growths(figures)
    assert [(fit.first, fit.last) for fit in found.grown_by] == ([by] if by else [])
    assert [(fit.first, fit.last) for fit in found.grown_to] == ([to] if to else [])


def test_a_percentage_of_nothing_reported_and_words_are_left_alone():
    assert growths([Figure("mobility.growth_percent", "+158%")]) == []
    figures = [Figure("mobility.in", "91"), Figure("mobility.growth_percent", "翻了一番")]
    assert growths(figures) == []


def test_the_last_report_of_a_key_is_read():
    figures = [
        Figure("mobility.total", "115", reported_on=date(2026, 5, 1)),
        Figure("mobility.total", "73", reported_on=date(2025, 5, 1)),
        Figure("mobility.growth_percent", "+158%", reported_on=date(2026, 5, 1)),
    ]
    assert growths(figures)[0].grown_to == (Fit("mobility.total", 115, 73, 73),)
