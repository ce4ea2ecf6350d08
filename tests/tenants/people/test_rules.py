"""Who may let whom in, what lacks somebody, what became of a link."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from tenants.people.rules import (
    Held,
    Vacancy,
    leads_elsewhere,
    link_state,
    may_give,
    vacancies,
)

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("role", "level", "given"),
    [
        ("county_admin", "county", {"county_admin"}),
        ("county_admin", "township", {"upper_officer"}),
        ("county_admin", "community", {"community_admin"}),
        ("community_admin", "community", {"community_admin", "grid_leader", "branch_officer"}),
        ("community_admin", "county", set()),
        ("upper_officer", "township", set()),
        ("upper_officer", "community", set()),
        ("grid_leader", "community", set()),
        ("branch_officer", "community", set()),
        ("visitor_from_above", "community", set()),
    ],
)
def test_from_above_only_administrators_and_nobody_more_than_their_own_level(role, level, given):
    assert set(may_give(role, level)) == given


def held(role="grid_leader", cell=None, branch=None, **days) -> Held:
    said = {"valid_from": TODAY, "valid_to": None, "ended_at": None} | days
    return Held(uuid4(), role, cell, branch, **said)


@pytest.mark.parametrize(
    ("days", "holds"),
    [
        ({}, True),
        ({"valid_from": TODAY + DAY}, False),
        ({"valid_from": TODAY - DAY, "valid_to": TODAY}, True),
        ({"valid_from": TODAY - DAY, "valid_to": TODAY - DAY}, False),
        ({"ended_at": NOW}, False),
        ({"valid_to": TODAY, "ended_at": NOW}, False),
    ],
)
def test_the_last_day_counts_and_an_end_at_once_does_not(days, holds):
    assert held(cell=uuid4(), **days).holds_on(TODAY) is holds


def test_what_nobody_is_in_charge_of():
    led, unled, left = uuid4(), uuid4(), uuid4()
    served, unserved = uuid4(), uuid4()
    found = vacancies(
        {led: "甲网格", unled: "乙网格", left: "丙网格"},
        {served: "一支部", unserved: "二支部"},
        [
            held(cell=led),
            held(cell=left, valid_from=TODAY - DAY, valid_to=TODAY - DAY),
            held("branch_officer", branch=served),
            held("branch_officer", branch=unserved, ended_at=NOW),
        ],
        TODAY,
    )
    assert found == [
        Vacancy("cell", unled, "乙网格"),
        Vacancy("cell", left, "丙网格"),
        Vacancy("branch", unserved, "二支部"),
    ]


@pytest.mark.parametrize(
    ("expires", "accepted", "withdrawn", "closed", "state"),
    [
        (NOW + DAY, None, None, False, "open"),
        (NOW, None, None, False, "expired"),
        (NOW + DAY, NOW, None, False, "accepted"),
        (NOW + DAY, None, NOW, False, "withdrawn"),
        (NOW + DAY, None, None, True, "closed"),
        (NOW - DAY, NOW, None, True, "accepted"),
    ],
)
def test_what_became_of_a_link(expires, accepted, withdrawn, closed, state):
    assert link_state(expires, accepted, withdrawn, closed, NOW) == state


def test_a_leader_of_two_counties():
    assert leads_elsewhere({7}, 8, "grid_leader")
    assert not leads_elsewhere({7}, 7, "grid_leader")
    assert not leads_elsewhere({7}, 8, "community_admin")
    assert not leads_elsewhere(set(), 8, "grid_leader")
