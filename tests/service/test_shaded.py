"""A shaded map: darker is more, what is hidden is told apart from nought, borders stay shared."""

import re

import pytest
from shapely import box

from service.shaded import SHADES, shaded_map

TOWNS = [(str(n), box(110 + n, 28, 111 + n, 29)) for n in range(6)]


def test_darker_is_more_and_nought_and_hidden_are_no_shade():
    drawn = shaded_map(TOWNS, {"0": 0, "1": None, "2": 10, "3": 20, "4": 30, "5": 40})
    shades = {area.key: area.shade for area in drawn.areas}
    assert shades["0"] == 0
    assert shades["1"] is None
    assert shades["2"] < shades["3"] < shades["4"] < shades["5"] <= SHADES
    assert drawn.steps[0][1:] == (10, 10)
    assert drawn.steps[-1][1:] == (40, 40)


def test_every_point_lies_on_the_sheet_and_north_is_up():
    drawn = shaded_map([("s", box(110, 28, 111, 28.5)), ("n", box(110, 28.5, 111, 29))], {})
    points = {
        area.key: [
            tuple(map(float, pair.split(","))) for pair in re.findall(r"[\d.]+,[\d.]+", area.path)
        ]
        for area in drawn.areas
    }
    assert all(
        0 <= x <= drawn.width and 0 <= y <= drawn.height + 1
        for each in points.values()
        for x, y in each
    )
    assert max(y for _, y in points["n"]) <= min(y for _, y in points["s"])


@pytest.mark.parametrize("values", [{}, {"0": 7}, dict.fromkeys("012345", 3)])
def test_few_and_equal_values_are_drawn_too(values):
    assert len(shaded_map(TOWNS, values).areas) == len(TOWNS)


def test_nothing_is_nothing():
    assert shaded_map([], {}) is None
