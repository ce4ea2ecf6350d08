"""Whom a row means where the signs speak of different people."""

from __future__ import annotations

from datetime import date

import pytest

from tenants.arrivals.rosters import community_facts, sift
from tenants.members.rosters import read_roster
from tests.factories.members import a_member

TODAY = date(2026, 11, 22)
PHONE = "13811112222"
HEADER = "姓名,手机,出生日期,入党时间\n"


def sifted(community, body):
    with community.acting() as scope:
        roster = read_roster(
            (HEADER + body).encode(),
            "名册.csv",
            system="wgs84",
            today=TODAY,
            community=community_facts(scope),
        )
        return sift(scope, roster, TODAY)


@pytest.fixture
def couple(community):
    """(he, who has the phone; she, of whom none is known)."""
    he = a_member(community, name="某甲", phone=PHONE)
    born, joined = date(1970, 3, 2), date(1992, 7, 1)
    she = a_member(
        community,
        name="某乙",
        phone="",
        born_on=born,
        born_precision="day",
        joined_on=joined,
        joined_precision="month",
    )
    return he, she


@pytest.mark.parametrize(
    ("dates", "sign"), [("1970-03-02,", "name_birth"), (",1992.7", "name_joined")]
)
def test_a_phone_of_the_husband_does_not_make_her_him(community, couple, dates, sign):
    _he, she = couple
    [one] = sifted(community, f"某乙,{PHONE},{dates}\n").matches
    assert (one.standing, one.sign, one.known.id) == ("possible", sign, she)
    assert one.new["phone"] == PHONE


def test_without_a_date_the_phone_is_all_there_is(community, couple):
    he, _she = couple
    [one] = sifted(community, f"某乙,{PHONE},,\n").matches
    assert (one.standing, one.sign, one.known.id) == ("possible", "phone_only", he)


def test_both_of_them_in_one_roster_are_both(community, couple):
    he, she = couple
    found = sifted(community, f"某甲,{PHONE},1968-01-01,\n某乙,{PHONE},1970-03-02,\n")
    assert [(one.standing, one.known.id) for one in found.matches] == [
        ("changed", he),
        ("possible", she),
    ]
