"""Two records of one person: signs, telling apart, a link that can be taken away again."""

from datetime import date

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.errors import Conflict, NotFound
from tenants.members.duplicates.actions import ask_again, link, mark_members, tell_apart, unlink
from tenants.members.duplicates.lookups import known_elsewhere, links, pairs, told_apart
from tenants.members.duplicates.rules import Known, signs
from tenants.members.lookups import members
from tests.factories.counties import a_community, a_county, beside
from tests.factories.members import a_member

BORN, JOINED = date(1970, 5, 3), date(2001, 7, 1)


def known(**differs):
    return Known(
        **{
            "name": "甲",
            "born_on": BORN,
            "born_precision": "day",
            "joined_on": JOINED,
            "joined_precision": "day",
            "phone_blind": b"x",
            **differs,
        }
    )


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, ("phone", "name_and_birth", "name_and_joining")),
        ({"name": "乙"}, ("phone",)),
        ({"phone_blind": None}, ("name_and_birth", "name_and_joining")),
        ({"phone_blind": b"y", "born_on": date(1970, 5, 4)}, ("name_and_joining",)),
        (
            {"phone_blind": b"y", "born_on": date(1970, 5, 1), "born_precision": "month"},
            ("name_and_birth", "name_and_joining"),
        ),
        (
            {"phone_blind": b"y", "born_precision": "year", "joined_precision": "unknown"},
            (),
        ),
        ({"phone_blind": b"y", "born_on": None, "joined_on": None}, ()),
    ],
    ids=str,
)
def test_signs(other, expected):
    assert signs(known(), known(**other)) == signs(known(**other), known()) == expected


def test_nobody_without_a_phone_is_like_another_without_one():
    assert signs(known(phone_blind=None, name="甲"), known(phone_blind=None, name="乙")) == ()


@pytest.fixture
def twins(community):
    """Two records with one phone, and one person of their own."""
    one = a_member(community, name="虚构甲", phone="19912345678")
    other = a_member(community, name="虚构甲甲", phone="19912345678")
    a_member(community, name="虚构乙")
    return one, other


def test_who_was_told_apart_does_not_come_up_again(community, twins):
    with community.acting() as scope:
        [pair], total = pairs(scope)
        assert ({pair.first.id, pair.second.id}, total) == (set(twins), 1)
        said = tell_apart(scope, twins[1], twins[0])
        assert tell_apart(scope, *twins) == said
        assert pairs(scope) == ([], 0)
        assert [names for _, *names in told_apart(scope)] == [["虚构甲", "虚构甲甲"]]
        ask_again(scope, said)
        assert pairs(scope)[1] == 1


def test_a_link_hides_one_record_and_undoing_brings_it_back(community, twins):
    kept, merged = twins
    with community.acting() as scope:
        before = {each.id for each in members(scope)}
        link_id = link(scope, kept, merged)
        assert {each.id for each in members(scope)} == before - {merged}
        assert pairs(scope) == ([], 0)
        assert [each.merged_id for each in links(scope, kept)] == [merged]
        with pytest.raises(NotFound):
            link(scope, merged, kept)
        unlink(scope, link_id)
        assert {each.id for each in members(scope)} == before
        assert links(scope, kept) == []
        with pytest.raises(NotFound):
            unlink(scope, link_id)


def test_a_record_that_holds_a_seat_is_not_put_behind_another(community, twins):
    with community.acting() as scope:
        db.session.execute(
            text("UPDATE member SET branch_id = :branch WHERE id = :id"),
            {"branch": community.branches[0], "id": twins[1]},
        )
        db.session.expire_all()
        with pytest.raises(Conflict):
            link(scope, twins[0], twins[1])
        assert link(scope, twins[1], twins[0])


def test_a_county_says_yes_or_no_and_another_county_is_never_asked(app, community):
    phone = "19987654321"
    here = a_member(community, phone=phone)
    next_door = a_community(community.county, name="邻社区", centre=beside(community))
    abroad = a_community(a_county(app))
    a_member(abroad, phone=phone)
    with abroad.acting() as scope:
        assert mark_members(scope) == 1
    with community.acting() as scope:
        assert mark_members(scope) == 1
        assert not known_elsewhere(scope, here)
    there = a_member(next_door, phone=phone)
    with next_door.acting() as scope:
        assert mark_members(scope) == 1
        assert mark_members(scope) == 0
        assert known_elsewhere(scope, there)
    with community.acting() as scope:
        assert known_elsewhere(scope, here)
        with pytest.raises(NotFound):
            known_elsewhere(scope, there)


@pytest.mark.parametrize(
    "gone", ["left_on = CURRENT_DATE", "phone_sealed = NULL, phone_blind = NULL"]
)
def test_whoever_left_or_took_their_phone_away_is_found_no_more(community, gone):
    phone = "19912340000"
    here = a_member(community, phone=phone)
    next_door = a_community(community.county, name="邻社区", centre=beside(community))
    there = a_member(next_door, phone=phone)
    with next_door.acting() as scope:
        mark_members(scope)
        db.session.execute(text(f"UPDATE member SET {gone} WHERE id = :id"), {"id": there})
        assert mark_members(scope) == 0
    with community.acting() as scope:
        assert not known_elsewhere(scope, here)
