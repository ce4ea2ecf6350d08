"""Months at their ends, leap years, quarters, half-known days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.mobility.calendar import (
    UNKNOWN_DAY,
    PartialDay,
    Season,
    Term,
    add_months,
    at_least,
    next_quarter_end,
    partial_day,
    quarter_end,
    within,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(0, 240)


@pytest.mark.parametrize(
    ("start", "months", "full_on"),
    [
        ("2026-03-15", 1, "2026-04-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-30", 1, "2026-02-28"),
        ("2026-01-28", 1, "2026-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-03-15", 3, "2026-06-15"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2027-11-29", 3, "2028-02-29"),
        ("2026-11-29", 3, "2027-02-28"),
        ("2026-01-01", 3, "2026-04-01"),
        ("2026-03-15", 6, "2026-09-15"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-30", 6, "2027-02-28"),
        ("2026-02-28", 6, "2026-08-28"),
        ("2028-02-29", 6, "2028-08-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2000-02-29", 1200, "2100-02-28"),
        ("2026-05-05", 0, "2026-05-05"),
        ("9999-12-01", 1, "9999-12-31"),
    ],
)
def test_a_term_is_full_on_the_day_of_the_same_number(start, months, full_on):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(full_on)


@pytest.mark.parametrize("months", [1, 3, 6])
@pytest.mark.parametrize("start", ["2026-03-15", "2026-08-31", "2028-02-29", "2025-12-31"])
def test_on_the_line_both_words_include_it(start, months):
    first = date.fromisoformat(start)
    line = add_months(first, months)
    term = Term(months)
    day = timedelta(days=1)
    assert [at_least(term, first, line + day * n) for n in (-1, 0, 1)] == [False, True, True]
    assert [within(term, first, line + day * n) for n in (-1, 0, 1)] == [True, True, False]


def test_months_are_added_to_the_first_day_not_to_a_sum():
    january = date(2026, 1, 31)
    assert add_months(add_months(january, 1), 1) == date(2026, 3, 28)
    assert add_months(january, 2) == date(2026, 3, 31)


def test_a_term_in_days_counts_days():
    assert Term(30, "days").after(date(2026, 1, 31)) == date(2026, 3, 2)
    assert Term(90, "days").after(date(2026, 1, 1)) == date(2026, 4, 1)
    assert Term(90, "days").after(date.max) == date.max


@given(DAYS, DAYS, MONTHS)
def test_a_later_start_is_never_full_sooner(one, other, months):
    earlier, later = sorted((one, other))
    assert add_months(earlier, months) <= add_months(later, months)


@given(DAYS, MONTHS, MONTHS)
def test_a_longer_term_is_never_full_sooner(start, one, other):
    fewer, more = sorted((one, other))
    assert add_months(start, fewer) <= add_months(start, more)


@given(DAYS, DAYS, st.builds(Term, MONTHS, st.sampled_from(["months", "days"])))
def test_every_length_is_one_or_the_other_and_both_only_on_the_line(one, other, term):
    start, end = sorted((one, other))
    both = at_least(term, start, end) and within(term, start, end)
    assert at_least(term, start, end) or within(term, start, end)
    assert both == (end == term.after(start))


@pytest.mark.parametrize(
    ("day", "this", "following"),
    [
        ("2026-01-01", "2026-03-31", "2026-06-30"),
        ("2026-03-31", "2026-03-31", "2026-06-30"),
        ("2026-04-01", "2026-06-30", "2026-09-30"),
        ("2026-09-30", "2026-09-30", "2026-12-31"),
        ("2026-12-31", "2026-12-31", "2027-03-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)
def test_quarters_end_where_the_calendar_says(day, this, following):
    assert quarter_end(date.fromisoformat(day)) == date.fromisoformat(this)
    assert next_quarter_end(date.fromisoformat(day)) == date.fromisoformat(following)


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        ("day", "2028-02-10", "2028-02-10"),
        ("month", "2028-02-01", "2028-02-29"),
        ("year", "2028-01-01", "2028-12-31"),
    ],
)
def test_a_half_known_day_is_a_stretch_of_days(precision, first, last):
    stretch = PartialDay(date.fromisoformat(first), date.fromisoformat(last))
    assert partial_day(date(2028, 2, 10), precision) == stretch
    assert stretch.is_exact is (precision == "day")


def test_an_unknown_day_may_be_any():
    assert partial_day(None) == UNKNOWN_DAY
    assert partial_day(date(2026, 1, 1), "unknown") == UNKNOWN_DAY
    with pytest.raises(ValueError, match="decade"):
        partial_day(date(2026, 1, 1), "decade")
    with pytest.raises(ValueError, match="lies after"):
        PartialDay(date(2026, 2, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("season", "day", "around"),
    [
        (Season(4, 10), "2026-03-31", None),
        (Season(4, 10), "2026-04-01", ("2026-04-01", "2026-10-31")),
        (Season(4, 10), "2026-10-31", ("2026-04-01", "2026-10-31")),
        (Season(4, 10), "2026-11-01", None),
        (Season(11, 2), "2026-11-01", ("2026-11-01", "2027-02-28")),
        (Season(11, 2), "2028-02-29", ("2027-11-01", "2028-02-29")),
        (Season(11, 2), "2028-03-01", None),
        (Season(5, 5), "2026-05-20", ("2026-05-01", "2026-05-31")),
    ],
)
def test_a_season_holds_its_days_also_over_new_year(season, day, around):
    expected = around and tuple(date.fromisoformat(each) for each in around)
    assert season.around(date.fromisoformat(day)) == expected


@pytest.mark.parametrize("months", [(0, 3), (4, 13)])
def test_a_season_of_other_months_is_refused(months):
    with pytest.raises(ValueError, match="month"):
        Season(*months)
