"""Several episodes and several packs: who governs, coming changes, overriding, side by side."""

import pytest

from tenants.errors import InvalidInput
from tenants.mobility.calendar import Season
from tenants.mobility.classes import class_on
from tenants.mobility.duties import Done, duties
from tenants.mobility.findings import findings
from tenants.mobility.rules import (
    Override,
    changes_within,
    class_of,
    governing,
    is_outdated,
    overridden,
    side_by_side,
    spans,
)
from tests.factories.histories import a_day, a_stay, an_absence, the_pack

XIJIE = the_pack("xijie")
TWO_TRIPS = [
    an_absence("2026-03-01", ended="2026-05-20", id="first"),
    an_absence("2026-05-27", id="second"),
]


def test_two_short_trips_with_a_week_at_home_stay_two():
    found = spans(TWO_TRIPS, XIJIE, a_day("2026-02-28"), a_day("2026-08-27"))
    assert [(str(each.first), str(each.last), each.name) for each in found] == [
        ("2026-02-28", "2026-02-28", "none"),
        ("2026-03-01", "2026-05-19", "short"),
        ("2026-05-20", "2026-05-26", "none"),
        ("2026-05-27", "2026-08-26", "short"),
        ("2026-08-27", "2026-08-27", "medium"),
    ]


def test_whoever_left_anew_is_counted_from_then():
    forgotten = [an_absence("2026-01-01", id="old"), an_absence("2026-06-01", id="new")]
    for order in (forgotten, forgotten[::-1]):
        assert governing(order, a_day("2026-07-15")).id == "new"
        assert class_of(order, XIJIE, a_day("2026-07-15")).name == "short"


def test_an_episode_that_only_may_hold_does_not_hide_one_that_does():
    histories = [an_absence("2026-01-01", id="sure"), an_absence("2026-07", id="some time")]
    assert governing(histories, a_day("2026-07-15")).id == "sure"
    assert governing(histories, a_day("2026-07-31")).id == "some time"


def test_nobody_away_is_no_class():
    assert class_of([], XIJIE, a_day("2026-07-15")).name == "none"


def test_a_person_may_override_with_a_reason_and_the_derived_class_stays():
    override = Override("long_roving", " 换了三个工地 ", a_day("2026-09-20"))
    history = an_absence("2026-03-15")
    answer = class_of([history], XIJIE, a_day("2026-10-01"), override)
    assert (answer.name, answer.derived) == ("long_roving", "long_fixed")
    assert (answer.override_reason, answer.since) == ("换了三个工地", a_day("2026-09-20"))
    assert class_of([history], XIJIE, a_day("2026-09-19"), override).name == "long_fixed"


@pytest.mark.parametrize(
    ("name", "reason", "said"),
    [("none", "回来了", "不能改成"), ("left_the_party", "x", "不能改成"), ("short", " ", "理由")],
)
def test_an_override_without_a_reason_or_to_no_class_is_refused(name, reason, said):
    answer = class_on(an_absence("2026-03-15"), XIJIE, a_day("2026-10-01"))
    with pytest.raises(InvalidInput) as refused:
        overridden(answer, Override(name, reason, a_day("2026-09-20")))
    assert said in refused.value.sentence


def test_an_override_is_outdated_when_the_derived_class_went_on():
    override = Override("medium", "单位说会回来", a_day("2026-06-01"))
    history = an_absence("2026-03-15")
    assert not is_outdated(class_on(history, XIJIE, a_day("2026-05-01")), override)
    assert is_outdated(class_on(history, XIJIE, a_day("2026-06-15")), override)


@pytest.mark.parametrize(
    ("today", "coming"),
    [
        ("2026-05-31", []),
        ("2026-06-01", [("2026-06-15", "short", "medium")]),
        ("2026-06-14", [("2026-06-15", "short", "medium")]),
        ("2026-06-15", []),
        ("2026-09-01", [("2026-09-15", "medium", "long_fixed")]),
    ],
)
def test_fourteen_days_ahead_to_the_day(today, coming):
    found = changes_within({"m": [an_absence("2026-03-15")]}, XIJIE, a_day(today))
    assert [(str(each.on), each.before.name, each.after.name) for each in found] == coming


def test_the_coming_changes_are_in_the_order_of_their_days():
    members = {
        "a": [an_absence("2026-03-20", id="late")],
        "b": [an_absence("2026-03-15", id="soon")],
        "c": [an_absence("2026-03-15", ended="2026-04-01", id="back")],
        "d": [an_absence("2026-06-10", id="not yet gone")],
        "e": [a_stay("2026-05-15", "work", id="came")],
    }
    found = changes_within(members, XIJIE, a_day("2026-06-10"))
    assert [each.history.id for each in found] == ["soon", "late"]
    inflow = changes_within(members, the_pack("one-month"), a_day("2026-06-10"))
    assert [(each.history.id, each.after.name) for each in inflow] == [("came", "inflow_candidate")]


@pytest.mark.parametrize("pack_id", ["fuyun", "xijie", "township", "national-2024"])
def test_a_herder_raises_no_alert_in_season(pack_id):
    herder = an_absence("2026-04-05", season=Season(4, 10), fixed=False)
    pack = the_pack(pack_id)
    for month in range(4, 11):
        for number in ("05", "20", "30"):
            day = a_day(f"2026-{month:02}-{number}")
            assert changes_within({"h": [herder]}, pack, day) == []
            assert findings([herder], pack, day) == []
            assert {each.state for each in duties(herder, pack, day, Done())} <= {"in_season"}


def test_an_extension_is_counted_in_what_comes():
    history = an_absence("2026-03-15", "2026-05-01", extended=[("2026-04-10", "2026-12-01")])
    assert changes_within({"m": [history]}, XIJIE, a_day("2026-06-10")) == []


def test_the_same_history_under_two_packs():
    packs = [XIJIE, the_pack("fuyun"), the_pack("national-2024")]
    herder = an_absence("2026-04-05", season=Season(4, 10), fixed=False)
    found = side_by_side([herder], packs, a_day("2026-08-01"))
    assert [(pack.id, answer.name) for pack, answer in found] == [
        ("xijie", "medium"),
        ("fuyun", "seasonal"),
        ("national-2024", "short"),
    ]
    assert [answer.rule.clause[:8] for _, answer in found[:2]] == ["002_b488", "003_10ae"]
