"""What counts as a contact, what is due and why, how a wish goes on: tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from tenants.mobility.duties import duties
from tenants.mobility.pack import Interval
from tenants.visits.lookups import duties_done
from tenants.visits.rules import (
    REQUEST_STATES,
    Source,
    attempts_since_contact,
    contact_due,
    first_contact,
    last_contact_on,
    last_on,
    may_withdraw,
    next_states,
    promised,
    return_due,
    state_before,
)
from tests.factories.histories import a_day, an_absence, the_pack
from tests.factories.visits import done

BY_QUARTER = the_pack("township")
ROLLING = replace(
    BY_QUARTER, contact_every=replace(BY_QUARTER.contact_every, value=Interval(90, "days"))
)
AWAY = an_absence("2025-10-10")
SOURCE = Source("甲 一-1", "每季度至少联系一次")


def next_contact(pack, day, *visits):
    """(state, last day in time) of the contact that the pack wants, after these visits."""
    found = duties(AWAY, pack, a_day(day), duties_done(visits))
    [contact] = [each for each in found if each.kind == "contact"]
    return contact.state, str(contact.due_on)


@pytest.mark.parametrize(
    ("pack", "visits", "day", "expected"),
    [
        (BY_QUARTER, ["2026-03-31"], "2026-04-01", ("waits", "2026-06-30")),
        (BY_QUARTER, ["2026-03-31", "2026-04-01"], "2026-04-01", ("waits", "2026-09-30")),
        (BY_QUARTER, ["2026-04-01"], "2026-07-01", ("waits", "2026-09-30")),
        (BY_QUARTER, ["2026-03-31"], "2026-07-01", ("overdue", "2026-06-30")),
        (BY_QUARTER, [], "2026-04-01", ("overdue", "2026-03-31")),
        (ROLLING, ["2026-03-31"], "2026-04-01", ("waits", "2026-06-29")),
        (ROLLING, ["2026-03-31", "2026-04-01"], "2026-04-01", ("waits", "2026-06-30")),
        (ROLLING, ["2026-04-01"], "2026-07-01", ("overdue", "2026-06-30")),
        (ROLLING, [], "2026-01-08", ("waits", "2026-01-08")),
    ],
)
def test_two_contacts_at_the_border_of_quarters(pack, visits, day, expected):
    """31 March and 1 April serve two quarters, but only one stretch of ninety days (LIA-3)."""
    assert next_contact(pack, day, *[done(each) for each in visits]) == expected


@pytest.mark.parametrize(
    ("wanted", "counts"),
    [
        ({}, True),
        ({"way": "phone"}, True),
        ({"kind": "care"}, True),
        ({"outcome": "not_reached", "way": "activity"}, True),
        ({"outcome": "not_reached"}, False),
        ({"outcome": "postponed", "way": "phone"}, False),
        ({"kind": "report"}, False),
    ],
)
def test_an_attempt_is_not_a_contact_and_a_report_is_not_ours(wanted, counts):
    visit = done("2026-04-01", **wanted)
    assert (last_contact_on([visit]) is not None) == counts
    expected = ("waits", "2026-09-30") if counts else ("overdue", "2026-03-31")
    assert next_contact(BY_QUARTER, "2026-04-02", visit) == expected


def test_attempts_are_counted_since_the_last_contact():
    visits = [
        done("2026-03-01", outcome="not_reached"),
        done("2026-03-05"),
        done("2026-03-09", outcome="not_reached"),
        done("2026-03-12", outcome="postponed"),
        done("2026-03-15", outcome="not_reached"),
    ]
    assert attempts_since_contact(visits) == 2
    assert last_on(visits) == a_day("2026-03-05")


@pytest.mark.parametrize(
    ("visits", "day", "state"),
    [
        ([], "2026-05-01", "today"),
        ([], "2026-05-02", "overdue"),
        ([("2026-05-01", "not_reached")], "2026-05-02", "overdue"),
        ([("2026-05-01", "reached")], "2026-05-02", None),
        ([("2026-04-01", "reached")], "2026-05-02", "overdue"),
        ([("2026-04-10", "reached")], "2026-05-02", None),
    ],
)
def test_whoever_came_is_contacted_at_once(visits, day, state):
    found = first_contact(
        a_day("2026-05-01"),
        a_day("2026-04-10"),
        [done(on, outcome=outcome) for on, outcome in visits],
        a_day(day),
    )
    assert (found and found.state) == state
    if found:
        assert found.source.clause == "001_afcb 一-1"


@pytest.mark.parametrize(
    ("due_on", "day", "state"),
    [
        ("2026-06-30", "2026-06-15", None),
        ("2026-06-30", "2026-06-16", "soon"),
        ("2026-06-30", "2026-06-30", "today"),
        ("2026-06-30", "2026-07-01", "overdue"),
    ],
)
def test_a_contact_comes_up_a_fortnight_before_its_last_day(due_on, day, state):
    found = contact_due(a_day(due_on), None, None, a_day(day), SOURCE)
    assert (found and found.state) == state


@pytest.mark.parametrize(
    ("last", "left", "words"),
    [
        ("2026-03-01", "2026-02-01", "上次联系是"),
        ("2026-01-01", "2026-02-01", "外出以后还没有联系上"),
        (None, "2026-02-01", "外出以后还没有联系上"),
        (None, None, "还没有联系上"),
    ],
)
def test_the_reason_says_when_they_were_last_reached(last, left, words):
    days = [day and a_day(day) for day in (last, left)]
    found = contact_due(a_day("2026-06-30"), *days, a_day("2026-07-01"), SOURCE)
    assert words in found.why and found.source == SOURCE


@pytest.mark.parametrize(
    ("debriefed", "visits", "asked"),
    [
        (None, [], True),
        ("2026-05-03", [], False),
        (None, [done("2026-05-02", kind="return_visit")], False),
        (None, [done("2026-04-30", kind="return_visit")], True),
        (None, [done("2026-05-02", kind="return_visit", outcome="not_reached")], True),
        (None, [done("2026-05-02")], True),
    ],
)
def test_whoever_came_back_is_talked_to(debriefed, visits, asked):
    found = return_due(
        a_day("2026-05-01"), debriefed and a_day(debriefed), visits, a_day("2026-05-05")
    )
    assert (found is not None) == asked


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ([done("2026-05-01", next_on=a_day("2026-05-10"))], "2026-05-10"),
        ([done("2026-05-01", next_on=a_day("2026-05-10")), done("2026-05-04")], None),
        (
            [
                done("2026-05-01", next_on=a_day("2026-05-10")),
                done("2026-05-10", outcome="not_reached"),
            ],
            "2026-05-10",
        ),
        (
            [
                done("2026-05-01", next_on=a_day("2026-05-10")),
                done("2026-05-10", outcome="postponed", next_on=a_day("2026-05-12")),
            ],
            "2026-05-12",
        ),
        ([done("2026-05-01", next_on=a_day("2026-08-10"))], None),
    ],
)
def test_what_was_agreed_stands_until_they_were_reached(visits, expected):
    found = promised(visits, a_day("2026-05-11"))
    assert (found and str(found.due_on)) == expected
    assert promised(list(reversed(visits)), a_day("2026-05-11")) == found


ME, SOMEBODY = UUID(int=7), uuid4()


@pytest.mark.parametrize(
    ("done_by", "role", "days", "may"),
    [
        (ME, "grid_leader", 0, True),
        (ME, "grid_leader", 7, True),
        (ME, "grid_leader", 8, False),
        (SOMEBODY, "grid_leader", 0, False),
        (SOMEBODY, "branch_officer", 0, False),
        (SOMEBODY, "community_admin", 300, True),
    ],
)
def test_who_may_take_a_visit_back(done_by, role, days, may):
    day = date(2026, 5, 1)
    assert may_withdraw(done_by, day, ME, role, day + timedelta(days=days)) == may


@pytest.mark.parametrize(
    "path",
    [
        ("received", "answered_at_once", "confirmed", "closed"),
        ("received", "under_study", "answered", "confirmed", "closed"),
        ("received", "under_study", "closed"),
        ("received", "closed"),
        ("received", "answered_at_once", "closed"),
    ],
)
def test_a_wish_goes_on_and_each_step_can_be_taken_back(path):
    from tenants.visits.rules import STEP_DATES

    days = dict.fromkeys(("studied_on", "answered_on", "confirmed_on", "closed_on"))
    for before, after in zip(path, path[1:], strict=False):
        assert after in next_states(before)
        days[STEP_DATES[after]] = date(2026, 5, 1)
    for before, after in reversed(list(zip(path, path[1:], strict=False))):
        assert state_before(days, after) == before
        days[STEP_DATES[after]] = None
    assert state_before(days, "received") is None


def test_nothing_leads_out_of_closed_and_everything_leads_there():
    assert next_states("closed") == ()
    assert all("closed" in next_states(state) for state in REQUEST_STATES if state != "closed")
