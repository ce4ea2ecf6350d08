"""Contact, report, certificate, report before leaving: due days by calendar and by rolling days."""

from dataclasses import replace

import pytest

from tenants.mobility.calendar import Season
from tenants.mobility.duties import Done, duties, report_before_leaving
from tenants.mobility.pack import Interval
from tests.factories.histories import a_day, a_stay, an_absence, the_pack

TOWNSHIP, FUYUN, ONE_TO_ONE = the_pack("township"), the_pack("fuyun"), the_pack("one-to-one")
ROLLING = replace(
    TOWNSHIP, contact_every=replace(TOWNSHIP.contact_every, value=Interval(90, "days"))
)
AWAY = an_absence("2026-02-10")


def due(kind, pack, day, history=AWAY, **done):
    done = Done(**{key: a_day(value) for key, value in done.items()})
    found = {each.kind: each for each in duties(history, pack, a_day(day), done)}
    return found[kind].state, str(found[kind].due_on)


@pytest.mark.parametrize(
    ("contact_on", "day", "expected"),
    [
        ("2026-03-31", "2026-06-30", ("waits", "2026-06-30")),
        ("2026-03-31", "2026-07-01", ("overdue", "2026-06-30")),
        ("2026-04-01", "2026-07-01", ("waits", "2026-09-30")),
        ("2026-01-01", "2026-04-02", ("waits", "2026-06-30")),
    ],
)
def test_by_calendar_quarter_each_quarter_wants_its_own(contact_on, day, expected):
    assert due("contact", TOWNSHIP, day, contact_on=contact_on) == expected


def test_the_quarter_of_leaving_wants_none():
    assert due("contact", TOWNSHIP, "2026-03-31") == ("waits", "2026-06-30")
    assert due("contact", TOWNSHIP, "2026-07-01") == ("overdue", "2026-06-30")


@pytest.mark.parametrize(
    ("contact_on", "day", "expected"),
    [
        ("2026-03-31", "2026-06-29", ("waits", "2026-06-29")),
        ("2026-03-31", "2026-06-30", ("overdue", "2026-06-29")),
        ("2026-04-01", "2026-06-30", ("waits", "2026-06-30")),
    ],
)
def test_rolling_ninety_days_run_from_the_contact(contact_on, day, expected):
    assert due("contact", ROLLING, day, contact_on=contact_on) == expected


def test_half_yearly_reports_keep_month_ends():
    history = an_absence("2026-08-31")
    assert due("report", TOWNSHIP, "2027-02-28", history) == ("waits", "2027-02-28")
    assert due("report", TOWNSHIP, "2027-03-01", history) == ("overdue", "2027-02-28")
    assert due("report", FUYUN, "2026-12-31", history) == ("waits", "2026-12-31")


def test_a_certificate_is_checked_only_where_there_is_one():
    kinds = [each.kind for each in duties(AWAY, ONE_TO_ONE, a_day("2026-06-01"), Done())]
    assert kinds == ["report"]
    checked = due("certificate_check", ONE_TO_ONE, "2027-02-11", certificate_on="2026-02-10")
    assert checked == ("overdue", "2027-02-10")


def test_a_silent_pack_asks_nothing_and_nobody_here_owes_anything():
    assert duties(AWAY, the_pack("xijie"), a_day("2026-06-01"), Done()) == []
    assert duties(AWAY, TOWNSHIP, a_day("2026-02-09"), Done()) == []
    assert duties(a_stay("2026-02-10", "work"), TOWNSHIP, a_day("2026-06-01"), Done()) == []


def test_an_unknown_start_gives_no_day():
    history = an_absence("2026")
    late = duties(history, TOWNSHIP, a_day("2026-12-31"), Done())
    assert [each.due_on for each in late] == [a_day("2027-03-31"), a_day("2027-06-30")]


@pytest.mark.parametrize("pack_id", ["fuyun", "township", "one-to-one", "national-2024"])
@pytest.mark.parametrize("kind", ["contact", "report", "certificate_check"])
def test_nothing_is_asked_of_a_herder_in_season_under_any_pack(pack_id, kind):
    herder = an_absence("2026-04-05", season=Season(4, 10), fixed=False)
    held = Done(certificate_on=a_day("2026-04-01"))
    for day in ("2026-04-05", "2026-07-01", "2026-10-31"):
        states = {
            each.state
            for each in duties(herder, the_pack(pack_id), a_day(day), held)
            if each.kind == kind
        }
        assert states <= {"in_season"}


def test_when_the_season_is_over_the_branch_is_late_and_the_herder_begins_anew():
    herder = an_absence("2026-04-05", season=Season(4, 10), fixed=False)
    assert due("report", FUYUN, "2026-10-31", herder) == ("in_season", "None")
    assert due("contact", FUYUN, "2026-10-31", herder) == ("in_season", "None")
    assert due("report", FUYUN, "2026-11-01", herder) == ("waits", "2027-03-31")
    assert due("contact", FUYUN, "2026-11-01", herder) == ("overdue", "2026-09-30")


@pytest.mark.parametrize(
    ("pack_id", "planned", "reported", "day", "expected"),
    [
        ("xijie", None, None, "2026-02-09", "due"),
        ("xijie", None, None, "2026-02-10", "missing"),
        ("xijie", None, "2026-02-10", "2026-02-11", "kept"),
        ("xijie", None, "2026-02-11", "2026-02-11", "late"),
        ("xijie", None, "2026-02-11", "2026-02-10", "missing"),
        ("fuyun", "2026-05-09", None, "2026-02-10", "not_required"),
        ("fuyun", "2026-05-10", None, "2026-02-09", "due"),
        ("fuyun", "2026-05-10", None, "2026-02-10", "missing"),
        ("fuyun", "2026-05-09", None, "2026-05-10", "missing"),
        ("fuyun", None, None, "2026-05-09", "cannot_say"),
        ("fuyun", None, None, "2026-05-10", "missing"),
        ("national-2024", None, None, "2026-12-31", "not_required"),
    ],
)
def test_reporting_before_leaving(pack_id, planned, reported, day, expected):
    history = an_absence("2026-02-10", planned, reported_on=reported and a_day(reported))
    assert report_before_leaving(history, the_pack(pack_id), a_day(day)) == expected


def test_a_short_absence_that_ended_needed_no_report():
    history = an_absence("2026-02-10", ended="2026-04-01")
    assert report_before_leaving(history, FUYUN, a_day("2026-12-01")) == "not_required"
