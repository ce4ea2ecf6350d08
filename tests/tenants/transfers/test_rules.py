"""Letters on paper: how long they hold, which step may follow which, and the way back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.errors import Conflict, InvalidInput
from tenants.mobility.calendar import Term
from tenants.transfers.rules import (
    ENDED,
    OPEN,
    STATES,
    STEPS,
    Stub,
    age_on,
    check_dates,
    latest_valid_to,
    may,
    stepped,
    undone,
    voided,
)
from tests.factories.histories import the_pack

TODAY = date(2026, 11, 21)
THREE = Term(3, "months")


def day(text: str) -> date:
    return date.fromisoformat(text)


def a_stub(state: str = "issued", issued: str = "2026-10-01", valid: str = "2027-01-01", **more):
    days = {name: day(value) for name, value in more.items()}
    if state == "presented":
        days.setdefault("presented_on", day("2026-10-05"))
    if state == "lost":
        days.setdefault("lost_on", day("2026-10-06"))
    if state in ENDED:
        days.setdefault("ended_on", day("2026-10-07"))
    return Stub(state, day(issued), day(valid), **days)


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        ("2026-10-01", "2027-01-01"),
        ("2026-11-30", "2027-02-28"),
        ("2027-11-30", "2028-02-29"),
        ("2026-08-31", "2026-11-30"),
        ("2026-01-31", "2026-04-30"),
        ("2026-12-01", "2027-03-01"),
    ],
)
def test_three_months_are_calendar_months(issued, last):
    """TRF-3 [ext]: no longer than three months; the term itself is still in time."""
    rule = the_pack("national-2024").letter_valid_for
    assert rule is not None and rule.value == THREE
    assert latest_valid_to(day(issued), rule.value) == day(last)
    check_dates(day(issued), day(last), THREE, day("2030-01-01"))
    with pytest.raises(InvalidInput, match="最迟到"):
        check_dates(day(issued), day(last) + timedelta(1), THREE, day("2030-01-01"))


def test_a_pack_that_is_silent_sets_no_limit():
    assert the_pack("township").letter_valid_for is None
    assert latest_valid_to(TODAY, None) is None
    check_dates(TODAY, TODAY + timedelta(400), None, TODAY)


@pytest.mark.parametrize(
    ("issued", "valid", "why"),
    [("2026-11-22", "2026-12-01", "还没有到"), ("2026-11-01", "2026-10-31", "早于开具")],
)
def test_days_that_cannot_be_are_told(issued, valid, why):
    with pytest.raises(InvalidInput, match=why):
        check_dates(day(issued), day(valid), None, TODAY)


@pytest.mark.parametrize(
    ("state", "valid", "left", "near", "lapsed"),
    [
        ("issued", "2026-11-21", 0, True, False),
        ("issued", "2026-11-20", -1, False, True),
        ("issued", "2026-12-05", 14, True, False),
        ("issued", "2026-12-06", 15, False, False),
        ("presented", "2026-11-20", None, False, False),
        ("lost", "2026-11-20", None, False, False),
        ("closed", "2026-11-20", None, False, False),
    ],
)
def test_only_a_letter_in_the_pocket_runs_out(state, valid, left, near, lapsed):
    stub = a_stub(state, valid=valid)
    assert stub.days_left(TODAY) == left
    assert (stub.is_near(TODAY), stub.has_lapsed(TODAY)) == (near, lapsed)


ALLOWED = {
    "issued": {"present", "lose", "close", "withdraw"},
    "presented": {"lose", "close", "withdraw"},
    "lost": {"withdraw", "replace"},
    "closed": set(),
    "voided": set(),
    "withdrawn": set(),
}


@pytest.mark.parametrize("state", STATES)
def test_which_step_may_follow(state):
    stub = a_stub(state)
    assert {act for act in (*STEPS, "replace") if may(act, stub, TODAY)} == ALLOWED[state]
    assert stub.is_open == (state in OPEN)


def test_a_lapsed_letter_may_be_shown_taken_back_or_replaced_and_nothing_happens_by_itself():
    stub = a_stub(valid="2026-11-01")
    assert stub.state == "issued"
    assert {act for act in (*STEPS, "replace") if may(act, stub, TODAY)} == {
        *ALLOWED["issued"],
        "replace",
    }


@pytest.mark.parametrize("act", STEPS)
@pytest.mark.parametrize("on", ["2026-11-22", "2026-09-30"])
def test_a_step_lies_between_the_last_one_and_today(act, on):
    with pytest.raises(InvalidInput):
        stepped(a_stub(), act, day(on), TODAY)


def test_what_is_over_takes_no_further_step():
    for state in ENDED:
        for act in STEPS:
            with pytest.raises(Conflict):
                stepped(a_stub(state), act, TODAY, TODAY)
        with pytest.raises(Conflict):
            voided(a_stub(state), TODAY, TODAY)


@given(st.lists(st.sampled_from([*STEPS, "replace"]), max_size=6))
def test_undoing_leads_back_step_by_step(acts):
    """Whatever was done, undoing it as often shows the letter as it was each time, then none."""
    stub, seen = a_stub(issued="2026-08-01", valid="2026-10-01"), []
    for number, act in enumerate(acts):
        on = day("2026-08-10") + timedelta(number)
        if may(act, stub, TODAY):
            seen.append(stub)
            stub = voided(stub, on, TODAY) if act == "replace" else stepped(stub, act, on, TODAY)
    while seen:
        assert (stub := undone(stub)) == seen.pop()
    assert undone(stub) is None


@pytest.mark.parametrize(
    ("born", "precision", "age"),
    [
        ("1980-05-20", "day", 45),
        ("1980-05-19", "day", 46),
        ("1980-04-01", "month", 46),
        ("1980-06-01", "month", 45),
        ("1980-05-01", "month", None),
        ("1980-01-01", "year", None),
        ("1980-01-01", "unknown", None),
        (None, "unknown", None),
    ],
)
def test_an_age_is_told_only_where_the_birth_date_tells_it(born, precision, age):
    assert age_on(day(born) if born else None, precision, day("2026-05-19")) == age
