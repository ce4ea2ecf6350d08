"""The table of an office: sums by township that lose nobody, small counts hidden everywhere alike."""

import pytest

from tenants.oversight.tables import FIGURES, Line, added, laid_out


def line(name, level, area, **figures):
    nought = dict.fromkeys((*FIGURES, "elsewhere"), 0)
    return Line(name, level, area, f"slug-{area}", nought | figures)


COUNTY = line("县", "county", 1_000_000)
EAST = [
    line("东乡", "township", 1_001_000, stations=1),
    line(
        "一村", "community", 1_001_001, affiliated=33, outflow=9, elsewhere=9, inflow=4, present=28
    ),
    line("二村", "community", 1_001_002, affiliated=40, inflow=1, present=41),
    line("三村", "community", 1_001_003, affiliated=50, inflow=8, present=58),
]
WEST = [
    line("西乡", "township", 1_002_000),
    line("四村", "community", 1_002_001, affiliated=2, present=2),
]


@pytest.fixture
def table():
    townships = [added(EAST, EAST[0]), added(WEST, WEST[0])]
    return laid_out(townships, [*EAST, *WEST], COUNTY)


def test_sums_lose_nobody(table):
    assert [group.total["affiliated"] for group in table.groups] == [123, 2]
    assert table.total["affiliated"] == 125
    assert table.groups[0].total["stations"] == 1


def test_a_single_newcomer_cannot_be_worked_out(table):
    one, two, three = table.groups[0].tenants[1:]
    assert "inflow" in two.hidden
    assert {"inflow"} <= one.hidden | three.hidden
    assert {"present", "affiliated"} & two.hidden


def test_a_township_of_one_small_community_is_as_dark_as_it(table):
    west = table.groups[1]
    assert "affiliated" in west.total.hidden
    assert "affiliated" in west.tenants[1].hidden
    assert "affiliated" in table.groups[0].total.hidden | table.total.hidden


def test_what_organisations_owe_is_always_shown(table):
    assert not {"stations", "branches"} & table.groups[0].tenants[0].hidden


def test_what_nobody_can_say_stays_unsaid():
    whole = added(
        [line("甲", "community", 1, overdue=None), line("乙", "community", 2, overdue=None)], COUNTY
    )
    assert whole["overdue"] is None


def test_where_nobody_is_away_those_who_came_do_not_follow_from_who_is_here():
    """Present less affiliated is who came, as soon as the table says that nobody left."""
    village = line("五村", "community", 1_003_001, affiliated=8, inflow=2, present=10)
    county = laid_out([added([village], line("南乡", "township", 1_003_000))], [village], COUNTY)
    for shown in (county.total, county.groups[0].total, county.groups[0].tenants[0]):
        assert "inflow" in shown.hidden
        assert {"affiliated", "present"} & shown.hidden
