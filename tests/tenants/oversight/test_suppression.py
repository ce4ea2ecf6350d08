"""A hidden count cannot be worked out: an attacker with a solver finds a range, not a number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tenants.oversight.suppression import FEWEST, Sum, determined, hidden_cells


def range_of(cell, counts, sums, hidden):
    """The least and the most a hidden count can be for somebody who sees all others."""
    order = {each: place for place, each in enumerate(sorted(hidden))}
    rows, values = [], []
    for each in sums:
        row, value = np.zeros(len(order)), 0
        for part, sign in [(each.total, -1), *((part, 1) for part in each.parts)]:
            if part in order:
                row[order[part]] += sign
            else:
                value -= sign * counts[part]
        rows.append(row)
        values.append(value)
    aim = np.zeros(len(order))
    aim[order[cell]] = 1
    least = linprog(aim, A_eq=np.array(rows), b_eq=values)
    most = linprog(-aim, A_eq=np.array(rows), b_eq=values)
    assert least.status == 0
    return least.fun, -most.fun if most.status == 0 else float("inf")


ONE_SUM = [Sum("all", ("a", "b", "c"))]


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ((5, 6, 7), ""),
        ((5, 0, 7), ""),
        ((1, 6, 7), "ab"),
        ((1, 0, 7), "ac"),
        ((2, 2, 7), "ab"),
        ((1, 1, 7), "abc"),
        ((1, 9, 1), "abc"),
    ],
    ids=str,
)
def test_a_small_count_takes_the_next_smallest_with_it(parts, hidden):
    counts = dict(zip("abc", parts, strict=True)) | {"all": sum(parts)}
    assert hidden_cells(counts, ONE_SUM) == frozenset(hidden)


def test_a_total_of_two_people_is_hidden_with_its_parts():
    assert hidden_cells({"all": 2, "a": 2, "b": 0, "c": 0}, ONE_SUM) >= {"all", "a"}


def test_what_stands_in_no_table_still_gives_away():
    """affiliated = here + away, present = here + incoming: two shown figures betray a third."""
    sums = [Sum("affiliated", ("here", "away")), Sum("present", ("here", "incoming"))]
    counts = {"affiliated": 33, "here": 24, "away": 9, "present": 26, "incoming": 2}
    hidden = hidden_cells(counts, sums, unprinted=["here"])
    assert hidden > {"incoming"}
    assert "incoming" not in determined({*hidden, "here"}, sums)


@st.composite
def tables(draw):
    """Communities of a township: four figures each with two sums between them, and totals."""
    size = draw(st.integers(2, 5))
    small = st.one_of(st.integers(0, 4), st.integers(0, 60))
    rows = [[draw(small) for _ in range(3)] for _ in range(size)]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    counts, sums = {}, []
    for place, (here, away, incoming) in enumerate(rows):
        name = "total" if place == size else str(place)
        counts |= {
            f"{name} here": here,
            f"{name} away": away,
            f"{name} incoming": incoming,
            f"{name} affiliated": here + away,
            f"{name} present": here + incoming,
        }
        sums.append(Sum(f"{name} affiliated", (f"{name} here", f"{name} away")))
        sums.append(Sum(f"{name} present", (f"{name} here", f"{name} incoming")))
    for figure in ("here", "away", "incoming", "affiliated", "present"):
        sums.append(Sum(f"total {figure}", tuple(f"{place} {figure}" for place in range(size))))
    return counts, sums


@settings(deadline=None, max_examples=150)
@given(tables())
def test_no_small_count_can_be_worked_out(table):
    counts, sums = table
    unprinted = [cell for cell in counts if cell.endswith("here")]
    hidden = hidden_cells(counts, sums, unprinted=unprinted)
    unknown = {*hidden, *unprinted}
    for cell in hidden:
        if 0 < counts[cell] < FEWEST:
            least, most = range_of(cell, counts, sums, unknown)
            assert most - least >= 1 - 1e-6, (cell, counts, sorted(hidden))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=6), min_size=2, max_size=4))
def test_sums_that_share_nothing_hide_nothing_of_each_other(columns):
    """A figure of its own (letters, requests) is hidden as if it stood alone on the page."""
    counts, sums, alone = {}, [], set()
    for figure, column in enumerate(columns):
        own = {(figure, place): count for place, count in enumerate(column)}
        own[figure, "total"] = sum(column)
        parts = tuple(cell for cell in own if cell[1] != "total")
        one = Sum((figure, "total"), parts)
        alone |= hidden_cells(own, [one])
        counts |= own
        sums.append(one)
    assert hidden_cells(counts, sums) == alone


@settings(deadline=None, max_examples=50)
@given(tables())
def test_large_counts_alone_stay_as_they_are(table):
    counts, sums = table
    grown = {cell: count * FEWEST for cell, count in counts.items()}
    assert hidden_cells(grown, sums) == frozenset()
