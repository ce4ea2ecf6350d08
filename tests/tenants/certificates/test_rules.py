"""Where a certificate may go, what a step needs, from when checks count: tables of cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tenants.certificates.rules import (
    OPEN,
    STATES,
    STEP_DATES,
    InUse,
    check_entry,
    check_step,
    checked_from,
    next_states,
    state_before,
)
from tenants.errors import Conflict, InvalidInput

DAY = date(2026, 5, 1)
TODAY = date(2026, 11, 21)


def days_of(*states: str) -> dict[str, date | None]:
    """A day later for each state it came to."""
    found: dict[str, date | None] = dict.fromkeys(STEP_DATES.values())
    for number, state in enumerate(states):
        found[STEP_DATES[state]] = DAY + timedelta(days=number)
    return found


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("requested", {"issued", "void"}),
        ("issued", {"presented", "held", "returned", "lost", "void"}),
        ("presented", {"held", "returned", "lost", "void"}),
        ("held", {"returned", "lost", "void"}),
        ("returned", {"checked", "void"}),
        ("checked", {"closed"}),
        ("closed", set()),
        ("lost", {"void"}),
        ("void", set()),
    ],
)
def test_where_it_may_go(state, after):
    assert set(next_states(state)) == after
    for wanted in STATES:
        days = days_of("requested") | {STEP_DATES[state]: DAY}
        if wanted in after:
            check_step(state, wanted, DAY, days, TODAY)
        else:
            with pytest.raises(Conflict):
                check_step(state, wanted, DAY, days, TODAY)


@pytest.mark.parametrize(
    "path",
    [
        ("requested", "issued", "presented", "held", "returned", "checked", "closed"),
        ("requested", "issued", "returned", "checked", "closed"),
        ("requested", "issued", "held", "lost", "void"),
        ("requested", "issued", "lost"),
        ("requested", "void"),
        ("requested", "issued", "presented", "void"),
    ],
)
def test_each_step_can_be_taken_back(path):
    days = days_of(*path)
    for before, after in reversed(list(zip(path, path[1:], strict=False))):
        assert state_before(after, days) == before
        days[STEP_DATES[after]] = None
    assert state_before("requested", days) is None


@pytest.mark.parametrize(
    ("on", "fits"),
    [
        (DAY - timedelta(days=1), False),
        (DAY, True),
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
    ],
)
def test_a_step_is_not_before_the_last_one_nor_after_today(on, fits):
    if fits:
        check_step("requested", "issued", on, days_of("requested"), TODAY)
    else:
        with pytest.raises(InvalidInput):
            check_step("requested", "issued", on, days_of("requested"), TODAY)


def test_no_step_leads_into_nowhere():
    with pytest.raises(InvalidInput):
        check_step("requested", "praised", DAY, days_of("requested"), TODAY)
    assert set(OPEN) == set(STATES) - {"closed", "lost", "void"}


@pytest.mark.parametrize(
    ("what", "on", "signed_by", "issued_on", "raises"),
    [
        ("activity", DAY, "虚构站长", DAY, None),
        ("dues", TODAY, "虚构站长", DAY, None),
        ("good", DAY, "虚构站长", DAY, InvalidInput),
        ("activity", DAY - timedelta(days=1), "虚构站长", DAY, InvalidInput),
        ("activity", TODAY + timedelta(days=1), "虚构站长", DAY, InvalidInput),
        ("activity", DAY, "", DAY, InvalidInput),
        ("activity", DAY, "虚构站长", None, Conflict),
    ],
)
def test_what_a_destination_enters(what, on, signed_by, issued_on, raises):
    if raises is None:
        check_entry(what, on, signed_by, issued_on, TODAY)
    else:
        with pytest.raises(raises):
            check_entry(what, on, signed_by, issued_on, TODAY)


@pytest.mark.parametrize(
    ("certificate", "last_check", "expected"),
    [
        (None, None, None),
        (None, DAY, DAY),
        (InUse(None), DAY, None),
        (InUse(DAY), None, DAY),
        (InUse(DAY), DAY - timedelta(days=30), DAY),
        (InUse(DAY), DAY + timedelta(days=30), DAY + timedelta(days=30)),
    ],
)
def test_checks_count_from_the_issue_or_the_last_check(certificate, last_check, expected):
    assert checked_from(certificate, last_check) == expected
