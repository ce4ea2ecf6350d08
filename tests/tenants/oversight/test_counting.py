"""Four counts that never mix, and sums of a county in which nobody stands twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.mobility.pack import Interval
from tenants.oversight.counting import Counted, Stay, four_counts, served_since

DAY = date(2026, 11, 21)
SINCE = date(2026, 7, 1)
AWAY = Stay("outflow", date(2026, 3, 1), None)
HERE = Stay("inflow", date(2026, 3, 1), None)


@pytest.mark.parametrize(
    ("one", "stands_in"),
    [
        (Counted("affiliated", "inside"), "affiliated present"),
        (Counted("affiliated"), "affiliated present present_unsaid"),
        (Counted("affiliated", "inside", stays=(AWAY,)), "affiliated outflow elsewhere"),
        (Counted("affiliated", "outside"), "affiliated outside elsewhere"),
        (Counted("affiliated", "outside", stays=(AWAY,)), "affiliated outflow outside elsewhere"),
        (Counted("incoming", "inside", stays=(HERE,)), "inflow present"),
        (Counted("incoming", "inside"), "inflow present"),
        (Counted("incoming", "inside", stays=(Stay("inflow", None, DAY),)), ""),
        (Counted("reported_in", "inside"), "reported_in"),
        (Counted("affiliated", untraced_since=DAY), "affiliated untraced elsewhere"),
        (Counted("affiliated", "inside", untraced_since=DAY + timedelta(1)), "affiliated present"),
        (Counted("affiliated", "inside", left_on=DAY), ""),
        (Counted("affiliated", "inside", left_on=DAY + timedelta(1)), "affiliated present"),
        (Counted("affiliated", "inside", reached=(SINCE,)), "affiliated present served"),
        (Counted("affiliated", "inside", reached=(SINCE - timedelta(1),)), "affiliated present"),
        (Counted("affiliated", "inside", reached=(DAY + timedelta(1),)), "affiliated present"),
        (Counted("affiliated", "inside", stays=(AWAY,), reached=(DAY,)), "affiliated outflow elsewhere"),
        (Counted("affiliated", "inside", stays=(Stay("outflow", DAY + timedelta(1), None),)), "affiliated present"),
        (Counted("affiliated", "inside", stays=(Stay("outflow", None, DAY),)), "affiliated present"),
    ],
    ids=str,
)  # fmt: skip
def test_where_somebody_is_counted(one, stands_in):
    counts = four_counts([one], DAY, SINCE)
    names = {name for name in counts.__dataclass_fields__ if getattr(counts, name)}
    assert names == set(stands_in.split())


def test_the_community_of_the_report_has_33_4_9_and_28_present():
    """Domain T7, Q9: the 9 read as part of the 33."""
    people = [Counted("affiliated", stays=(AWAY,))] * 9 + [Counted("affiliated")] * 24
    people += [Counted("incoming", stays=(HERE,))] * 4
    counts = four_counts(people, DAY, SINCE)
    assert (counts.affiliated, counts.inflow, counts.outflow, counts.present) == (33, 4, 9, 28)


@pytest.mark.parametrize(
    ("interval", "since"),
    [
        (Interval(3, "months"), date(2026, 8, 21)),
        (Interval(1, "quarters"), date(2026, 7, 1)),
        (Interval(90, "days"), date(2026, 8, 23)),
        (None, date(2026, 7, 1)),
    ],
    ids=str,
)
def test_a_contact_serves_until_the_next_one_is_overdue(interval, since):
    assert served_since(interval, DAY) == since


DAYS = st.integers(0, 700).map(lambda days: date(2025, 1, 1) + timedelta(days))


@st.composite
def journeys(draw):
    """(home tenant, [(tenant, first, last)], [(tenant, day of contact)]) of one person."""
    home = draw(st.integers(0, 3))
    turns = sorted(draw(st.lists(DAYS, min_size=0, max_size=6, unique=True)))
    stays = []
    for first, last in zip(turns[::2], [*turns[1::2], None][: len(turns[::2])], strict=True):
        stays.append((draw(st.sampled_from([t for t in range(4) if t != home])), first, last))
    contacts = draw(st.lists(st.tuples(st.integers(0, 3), DAYS), max_size=4))
    return home, stays, contacts


@given(st.lists(journeys(), max_size=12), DAYS)
def test_a_countys_totals_are_its_tenants_sums_with_nobody_twice(people, day):
    """Both sides of each move are on record; then each person is present in exactly one place."""
    registers = {tenant: [] for tenant in range(4)}
    for home, stays, contacts in people:
        at_home = tuple(Stay("outflow", first, last) for _, first, last in stays)
        reached = {t: tuple(on for at, on in contacts if at == t) for t in range(4)}
        registers[home].append(Counted("affiliated", stays=at_home, reached=reached[home]))
        for tenant in {tenant for tenant, _, _ in stays}:
            here = tuple(Stay("inflow", on, off) for at, on, off in stays if at == tenant)
            registers[tenant].append(Counted("incoming", stays=here, reached=reached[tenant]))
    since = day - timedelta(90)
    counts = [four_counts(register, day, since) for register in registers.values()]
    assert sum(each.affiliated for each in counts) == len(people)
    assert sum(each.present for each in counts) == len(people)
    assert sum(each.outflow for each in counts) == sum(each.inflow for each in counts)
    assert sum(each.served for each in counts) == sum(
        any(at == place and since <= on <= day for at, on in contacts)
        for place, contacts in ((_place(home, stays, day), found) for home, stays, found in people)
    )


def _place(home, stays, day):
    running = (where for where, first, last in stays if Stay("inflow", first, last).covers(day))
    return next(running, home)
