"""What does not fit together is shown; nothing is closed or moved for it."""

import pytest

from tenants.mobility.calendar import Season
from tenants.mobility.findings import FINDINGS, findings
from tests.factories.histories import a_day, a_stay, an_absence, the_pack

XIJIE = the_pack("xijie")
HERDER = an_absence("2026-04-05", "2026-06-01", season=Season(4, 10), fixed=False)


def seen(histories, day, pack=XIJIE):
    return [
        (each.kind, each.history_id, str(each.since))
        for each in findings(histories, pack, a_day(day))
    ]


def test_an_expected_return_that_passed():
    history = an_absence("2026-03-15", "2026-05-01")
    assert seen([history], "2026-05-01") == []
    assert seen([history], "2026-05-02") == [("return_overdue", "a", "2026-05-02")]


def test_a_return_never_recorded_is_shown_and_both_stay():
    histories = [an_absence("2026-01-01", id="old"), an_absence("2026-06-01", id="new")]
    assert seen(histories, "2026-05-31") == []
    assert seen(histories, "2026-06-01") == [("return_not_recorded", "old", "2026-06-01")]
    assert seen(histories[::-1], "2026-06-01") == seen(histories, "2026-06-01")


def test_two_that_overlap():
    histories = [
        an_absence("2026-01-01", ended="2026-06-10", id="one"),
        an_absence("2026-06-01", id="two"),
    ]
    assert seen(histories, "2026-07-01") == [("overlap", "one", "2026-06-01")]


def test_leaving_on_the_day_of_return_overlaps_nothing():
    histories = [
        an_absence("2026-01-01", ended="2026-06-01", id="one"),
        an_absence("2026-06-01", id="two"),
    ]
    assert seen(histories, "2026-07-01") == []


def test_a_stay_here_and_an_absence_are_no_overlap():
    histories = [a_stay("2026-01-01", "work", id="in"), an_absence("2026-06-01", id="out")]
    assert seen(histories, "2026-07-01") == []


def test_registered_after_leaving_is_marked():
    late = an_absence("2026-03-15", registered_on=a_day("2026-03-20"))
    assert seen([late], "2026-04-01") == [("registered_late", "a", "2026-03-20")]
    assert seen([an_absence("2026-03", registered_on=a_day("2026-03-20"))], "2026-04-01") == []


def test_an_end_before_the_start_is_shown():
    assert seen([an_absence("2026-03-15", ended="2026-03-01")], "2026-04-01") == [
        ("ends_before_start", "a", "2026-03-01")
    ]


@pytest.mark.parametrize(
    ("extended", "crossed"),
    [
        ([("2026-05-01", "2026-06-14")], []),
        ([("2026-05-01", "2026-06-15")], [("short", "medium")]),
        ([("2026-05-01", "2026-09-15")], [("short", "long_fixed")]),
        (
            [("2026-05-01", "2026-07-01"), ("2026-06-20", "2026-10-01")],
            [("short", "medium"), ("medium", "long_fixed")],
        ),
    ],
)
def test_an_extension_that_crosses_a_line_is_shown_with_both_classes(extended, crossed):
    history = an_absence("2026-03-15", "2026-05-01", extended=extended)
    found = findings([history], XIJIE, a_day("2026-06-30"))
    assert [each.other for each in found if each.kind == "extension_crosses"] == crossed


def test_a_season_asks_nothing_while_it_lasts_and_asks_when_it_is_over():
    fuyun = the_pack("fuyun")
    assert seen([HERDER], "2026-08-01", fuyun) == []
    assert seen([HERDER], "2026-10-31", fuyun) == []
    assert seen([HERDER], "2026-11-01", fuyun) == [("season_over", "a", "2026-11-01")]


def test_leaving_at_another_time_than_the_season_is_shown():
    winter = an_absence("2026-01-05", season=Season(4, 10))
    assert seen([winter], "2026-02-01") == [("left_out_of_season", "a", "2026-01-05")]


def test_every_kind_is_one_of_the_list():
    histories = [an_absence("2026-01-01", "2026-02-01", id="old"), an_absence("2026-06-01", id="n")]
    assert {each.kind for each in findings(histories, XIJIE, a_day("2026-07-01"))} <= set(FINDINGS)
