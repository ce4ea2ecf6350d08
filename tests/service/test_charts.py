"""A chart's shapes lie where its numbers say."""

import pytest

from service.charts import HEIGHT, line_chart


def test_the_scale_is_round_and_holds_everything():
    chart = line_chart(["1月", "2月"], [("流出", [3, 17]), ("流入", [0, 4])])
    assert [number for _, number in chart.ticks] == [0, 5, 10, 15, 20]
    ends = [float(pair.split(",")[1]) for curve in chart.curves for pair in curve.points.split()]
    assert 0 < min(ends) <= max(ends) < HEIGHT


def test_more_is_higher_and_lines_differ_by_their_dashes():
    one, other = line_chart(["1月", "2月"], [("甲", [1, 9]), ("乙", [1, 2])]).curves
    assert float(one.points.split(",")[-1]) < float(other.points.split(",")[-1])
    assert one.dashes != other.dashes


def test_names_of_lines_that_end_together_do_not_lie_on_each_other():
    chart = line_chart(["1月", "2月"], [("甲", [1, 5]), ("乙", [1, 5]), ("丙", [1, 5])])
    heights = sorted(curve.y for curve in chart.curves)
    assert all(after - before >= 16 for before, after in zip(heights, heights[1:], strict=False))


def test_names_of_lines_that_end_at_nought_stand_inside_the_picture():
    chart = line_chart(["1月"], [(name, [0]) for name in ("外出", "返回", "到来", "别的")])
    assert max(curve.y for curve in chart.curves) <= HEIGHT - 8


@pytest.mark.parametrize("months", [1, 12, 36])
def test_labels_do_not_crowd(months):
    labels = [f"{month}月" for month in range(months)]
    assert 1 <= len(line_chart(labels, [("甲", [0] * months)]).labels) <= 7


def test_a_number_that_is_not_said_has_no_point():
    chart = line_chart(["1月", "2月", "3月"], [("甲", [4, None, 6]), ("乙", [None, None, None])])
    [curve] = chart.curves
    assert (curve.name, len(curve.points.split())) == ("甲", 2)
