"""Counts of open redirects: what is hidden, and that nothing follows from the sum."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tenants.oversight.redirects_below import laid_out
from tenants.redirects.lookups import Waiting

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def shown(*counts: int) -> tuple[list[int | None], int | None]:
    found = laid_out([Waiting("某社区", area, "proposed", n, NOW) for area, n in enumerate(counts)])
    return [each.count for each in found.lines], found.total


@pytest.mark.parametrize(
    ("counts", "lines", "total"),
    [
        ((), [], 0),
        ((1,), [None], None),
        ((2,), [None], None),
        ((7,), [7], 7),
        ((7, 1, 5), [7, None, None], 13),
        ((1, 1, 9), [None, None, None], 11),
        ((2, 2, 9), [None, None, 9], 13),
        ((4, 3), [4, 3], 7),
        ((1, 1), [None, None], None),
    ],
)
def test_one_or_two_are_hidden_and_do_not_follow_from_the_sum(counts, lines, total):
    assert shown(*counts) == (lines, total)


@given(some.lists(some.integers(1, 20), max_size=12))
def test_what_a_sum_hides_is_never_one_nor_few(counts):
    lines, total = shown(*counts)
    assert all(line is None or line >= 3 for line in lines)
    behind = [n for n, line in zip(counts, lines, strict=True) if line is None]
    if total is not None and behind:
        assert len(behind) > 1
        assert sum(behind) >= 3
