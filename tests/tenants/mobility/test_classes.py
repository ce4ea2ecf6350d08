"""The class of one episode: lines at 3 and 6 months, expectation, place, half-known days."""

import pytest

from tenants.mobility.calendar import UNKNOWN_DAY, Season
from tenants.mobility.classes import CLASSES, REASONS, class_on, next_change
from tests.factories.histories import a_day, a_stay, an_absence, the_pack

XIJIE = the_pack("xijie")


def name(history, day, pack=XIJIE):
    return class_on(history, pack, a_day(day)).name


@pytest.mark.parametrize(
    ("started", "day", "expected"),
    [
        ("2026-03-15", "2026-03-14", "none"),
        ("2026-03-15", "2026-03-15", "short"),
        ("2026-03-15", "2026-06-14", "short"),
        ("2026-03-15", "2026-06-15", "medium"),
        ("2026-03-15", "2026-09-14", "medium"),
        ("2026-03-15", "2026-09-15", "long_fixed"),
        ("2025-11-30", "2026-02-27", "short"),
        ("2025-11-30", "2026-02-28", "medium"),
        ("2027-11-30", "2028-02-28", "short"),
        ("2027-11-30", "2028-02-29", "medium"),
        ("2026-08-31", "2027-02-27", "medium"),
        ("2026-08-31", "2027-02-28", "long_fixed"),
        ("2028-02-29", "2028-05-28", "short"),
        ("2028-02-29", "2028-05-29", "medium"),
    ],
)
def test_the_lines_are_crossed_on_their_day(started, day, expected):
    assert name(an_absence(started), day) == expected


@pytest.mark.parametrize(
    ("planned", "expected", "basis"),
    [
        ("2026-06-14", "short", "actual"),
        ("2026-06-15", "medium", "expected"),
        ("2026-09-14", "medium", "expected"),
        ("2026-09-15", "long_fixed", "expected"),
        (None, "short", "actual"),
    ],
)
def test_what_is_expected_counts_from_the_day_of_leaving(planned, expected, basis):
    answer = class_on(an_absence("2026-03-15", planned), XIJIE, a_day("2026-03-15"))
    assert (answer.name, answer.basis) == (expected, basis)
    assert answer.actual == "short"
    assert answer.expected == (expected if planned else None)


def test_whoever_stays_longer_than_they_said_is_of_the_class_of_what_passed():
    answer = class_on(an_absence("2026-03-15", "2026-04-15"), XIJIE, a_day("2026-07-01"))
    assert (answer.name, answer.basis) == ("medium", "actual")
    assert (answer.expected, answer.actual) == ("short", "medium")
    assert answer.since == a_day("2026-06-15")


def test_the_answer_cites_the_rule_that_fired():
    answer = class_on(an_absence("2026-03-15", "2026-12-31"), XIJIE, a_day("2026-04-01"))
    assert answer.rule is XIJIE.long_from
    assert answer.rule.clause == "002_b488 §一-二"
    assert "六个月以上" in answer.rule.quotation


@pytest.mark.parametrize(
    ("fixed", "expected"), [(True, "long_fixed"), (False, "long_roving"), (None, "unknown")]
)
def test_long_absences_are_told_apart_by_the_place(fixed, expected):
    answer = class_on(an_absence("2026-01-01", fixed=fixed), XIJIE, a_day("2026-07-01"))
    assert answer.name == expected
    if fixed is None:
        assert answer.reason == "place_not_known"
        assert answer.possible == ("long_fixed", "long_roving")


def test_the_place_does_not_matter_before_six_months():
    assert name(an_absence("2026-01-01", fixed=None), "2026-06-30") == "medium"


@pytest.mark.parametrize(
    ("extended", "day", "expected", "since"),
    [
        ([], "2026-03-20", "short", "2026-03-15"),
        ([("2026-04-10", "2026-07-01")], "2026-04-09", "short", "2026-03-15"),
        ([("2026-04-10", "2026-07-01")], "2026-04-10", "medium", "2026-04-10"),
        (
            [("2026-04-10", "2026-07-01"), ("2026-06-20", "2026-12-01")],
            "2026-06-20",
            "long_fixed",
            "2026-06-20",
        ),
        (
            [("2026-06-20", "2026-12-01"), ("2026-04-10", "2026-07-01")],
            "2026-06-19",
            "medium",
            "2026-04-10",
        ),
        ([(None, "2026-10-01")], "2026-03-15", "long_fixed", "2026-03-15"),
    ],
)
def test_an_extension_counts_from_the_day_it_was_said(extended, day, expected, since):
    history = an_absence("2026-03-15", "2026-05-01", extended=extended)
    answer = class_on(history, XIJIE, a_day(day))
    assert (answer.name, answer.since) == (expected, a_day(since))


def test_a_return_ends_it_on_its_day_and_an_open_one_goes_on():
    back = an_absence("2026-03-15", "2026-05-01", ended="2026-05-03")
    assert name(back, "2026-05-02") == "short"
    assert name(back, "2026-05-03") == "none"
    assert class_on(back, XIJIE, a_day("2026-06-30")).reason == "over"
    assert name(an_absence("2026-03-15", "2026-05-01"), "2027-01-01") == "long_fixed"


@pytest.mark.parametrize(
    ("started", "day", "expected", "reason", "possible"),
    [
        ("2026-03", "2026-02-28", "none", "not_begun", ()),
        ("2026-03", "2026-03-10", "unknown", "start_not_known", ("none", "short")),
        ("2026-03", "2026-03-31", "short", "by_length", ()),
        ("2026-03", "2026-05-31", "short", "by_length", ()),
        ("2026-03", "2026-06-01", "unknown", "length_not_known", ("short", "medium")),
        ("2026-03", "2026-06-30", "medium", "by_length", ()),
        ("2026-03", "2026-09-10", "unknown", "length_not_known", ("medium", "long_fixed")),
        ("2026-03", "2026-09-30", "long_fixed", "by_length", ()),
        ("2025", "2026-02-01", "unknown", "length_not_known", ("short", "medium", "long_fixed")),
        ("2025", "2026-06-30", "long_fixed", "by_length", ()),
    ],
)
def test_a_half_known_start_is_certain_where_both_ends_agree(
    started, day, expected, reason, possible
):
    answer = class_on(an_absence(started), XIJIE, a_day(day))
    assert (answer.name, answer.reason, answer.possible) == (expected, reason, possible)


def test_nothing_is_made_of_an_unknown_start():
    history = an_absence("2026-03-15", "2026-05-01")
    unknown = type(history)(id="a", direction="outflow", started=UNKNOWN_DAY, fixed=True)
    answer = class_on(unknown, XIJIE, a_day("2026-06-01"))
    assert (answer.name, answer.reason, answer.since) == ("unknown", "start_not_known", None)


def test_a_half_known_return_is_said_to_be_so():
    history = an_absence("2026-03-15", ended="2026-05")
    assert class_on(history, XIJIE, a_day("2026-05-10")).reason == "end_not_known"
    assert name(history, "2026-04-30") == "short"
    assert name(history, "2026-05-31") == "none"


def test_an_expectation_over_a_line_by_half_says_what_is_possible():
    answer = class_on(an_absence("2026-03-15", "2026-06"), XIJIE, a_day("2026-03-20"))
    assert (answer.name, answer.possible) == ("unknown", ("short", "medium"))
    assert name(an_absence("2026-03-15", "2026-07"), "2026-03-20") == "medium"


def test_settled_elsewhere_is_long_and_fixed_from_the_day_it_was_said():
    history = an_absence("2026-03-15", "2026-04-15", settled_on=a_day("2026-04-01"), fixed=None)
    assert name(history, "2026-03-31") == "short"
    answer = class_on(history, XIJIE, a_day("2026-04-01"))
    assert (answer.name, answer.reason) == ("long_fixed", "settled")


@pytest.mark.parametrize(
    ("pack_id", "early", "at_three", "at_six"),
    [
        ("xijie", "short", "medium", "long_roving"),
        ("fuyun", "short", "medium", "long_roving"),
        ("township", "medium", "medium", "long_roving"),
        ("national-2024", "short", "short", "long_roving"),
        ("one-month", "unknown", "unknown", "unknown"),
        ("one-to-one", "unknown", "unknown", "unknown"),
    ],
)
def test_each_pack_draws_its_own_lines(pack_id, early, at_three, at_six):
    history, pack = an_absence("2026-03-15", fixed=False), the_pack(pack_id)
    days = ["2026-04-01", "2026-06-15", "2026-09-15"]
    assert [name(history, day, pack) for day in days] == [early, at_three, at_six]
    if early == "unknown":
        assert class_on(history, pack, a_day("2026-04-01")).reason == "pack_silent"


HERDER = {"season": Season(4, 10), "fixed": False}


@pytest.mark.parametrize(
    ("started", "day", "expected"),
    [
        ("2026-04-05", "2026-04-05", "seasonal"),
        ("2026-04-05", "2026-10-31", "seasonal"),
        ("2026-04-05", "2026-11-01", "long_roving"),
        ("2026-04-05", "2027-05-01", "long_roving"),
        ("2026-03-10", "2026-03-10", "seasonal"),
        ("2026-03-10", "2026-08-01", "seasonal"),
        ("2026-01-20", "2026-05-01", "medium"),
        ("2026-09-15", "2026-10-20", "seasonal"),
        ("2026-11-05", "2026-12-01", "short"),
        ("2026-04", "2026-07-01", "seasonal"),
    ],
)
def test_a_season_holds_as_long_as_it_lasts(started, day, expected):
    assert name(an_absence(started, **HERDER), day, the_pack("fuyun")) == expected


def test_a_pack_that_knows_no_season_counts_months():
    assert name(an_absence("2026-04-05", **HERDER), "2026-10-20", XIJIE) == "long_roving"


def test_a_season_over_new_year():
    history = an_absence("2026-11-03", season=Season(11, 2), fixed=False)
    fuyun = the_pack("fuyun")
    assert name(history, "2027-02-28", fuyun) == "seasonal"
    assert name(history, "2027-03-01", fuyun) == "medium"


@pytest.mark.parametrize(
    ("pack_id", "here_for", "day", "expected", "reason"),
    [
        ("one-month", ["work"], "2026-02-27", "inflow_waiting", "stayed_too_short"),
        ("one-month", ["work"], "2026-02-28", "inflow_candidate", "stayed_long_enough"),
        ("one-month", ["home"], "2026-02-28", "inflow_candidate", "stayed_long_enough"),
        ("one-month", ["work", "home"], "2026-02-28", "inflow_candidate", "stayed_long_enough"),
        ("one-month", ["proof"], "2026-05-01", "inflow_waiting", "basis_not_met"),
        ("one-month", [], "2026-05-01", "unknown", "basis_not_known"),
        ("xijie", ["proof"], "2026-01-31", "inflow_candidate", "stayed_long_enough"),
        ("xijie", ["home"], "2026-12-31", "inflow_waiting", "basis_not_met"),
        ("national-2024", ["home"], "2026-07-30", "inflow_waiting", "stayed_too_short"),
        ("national-2024", ["home"], "2026-07-31", "inflow_candidate", "stayed_long_enough"),
        ("fuyun", ["home"], "2026-12-31", "unknown", "pack_silent"),
    ],
)
def test_who_counts_as_inflow_is_the_packs_word(pack_id, here_for, day, expected, reason):
    answer = class_on(a_stay("2026-01-31", *here_for), the_pack(pack_id), a_day(day))
    assert (answer.name, answer.reason) == (expected, reason)


def test_a_stay_begun_some_time_in_a_month():
    answer = class_on(a_stay("2026-03", "work"), the_pack("one-month"), a_day("2026-04-15"))
    assert (answer.name, answer.reason) == ("unknown", "length_not_known")


def test_the_next_change_is_named_with_its_day():
    on, answer = next_change(an_absence("2026-03-15"), XIJIE, a_day("2026-06-14"))
    assert (on, answer.name) == (a_day("2026-06-15"), "medium")
    assert next_change(an_absence("2026-03-15"), XIJIE, a_day("2026-09-15")) is None


def test_every_word_used_is_one_of_the_lists():
    answer = class_on(an_absence("2026-03"), XIJIE, a_day("2026-03-10"))
    assert answer.name in CLASSES and answer.reason in REASONS
