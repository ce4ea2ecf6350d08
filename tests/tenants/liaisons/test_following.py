"""Two records of one person are linked: liaisons follow, and come back when the link is undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.errors import Conflict, NotFound
from tenants.liaisons.actions import end, undo
from tenants.liaisons.choosing import last_batch
from tenants.liaisons.following import link, unlink
from tenants.liaisons.loads import branch_liaisons
from tenants.liaisons.lookups import held_by, running_liaison
from tenants.people.history import history
from tests.factories.liaisons import an_absentee, named, of_branch
from tests.factories.members import a_member

TODAY = date.today()


@pytest.fixture
def twins(community):
    """(kept, merged): both away, neither with a liaison."""
    kept = an_absentee(community, name="虚构甲")
    return kept, an_absentee(community, name="虚构甲甲", branch_id=None)


def linked(community, twins):
    with community.acting() as scope:
        return link(scope, *twins, TODAY)


def taken_back(community, link_id):
    with community.acting() as scope:
        unlink(scope, link_id)


def whose(community, *member_ids):
    """The ids of their liaisons today, None for those without one, whoever may be in the register."""
    with community.acting():
        rows = db.session.execute(
            text(
                "SELECT member_id, coalesce(person_id, keeper_id) FROM liaison"
                " WHERE ended_on IS NULL AND member_id IS NOT NULL"
            )
        ).all()
    found = {member_id: holder for member_id, holder in rows}
    return [found.get(member_id) for member_id in member_ids]


def test_the_merged_ones_liaison_follows_and_comes_back(community, leader, twins):
    named(community, leader, twins[1])
    link_id = linked(community, twins)
    assert whose(community, *twins) == [leader.person_id, None]
    with community.acting() as scope:
        assert [each.member_id for each in held_by(scope, "person", leader.person_id, TODAY)] == [
            twins[0]
        ]
        assert running_liaison(scope, twins[0], TODAY).from_day == TODAY
    taken_back(community, link_id)
    assert whose(community, *twins) == [None, leader.person_id]
    with community.acting() as scope:
        acts = [each.act for each in history(scope, "member", twins[1])]
    assert "return_liaison" in acts


def test_the_day_it_began_stays(community, leader, twins):
    named(community, leader, twins[1])
    with community.acting():
        db.session.execute(
            text("UPDATE liaison SET from_day = :day"), {"day": TODAY - timedelta(90)}
        )
    linked(community, twins)
    with community.acting() as scope:
        assert running_liaison(scope, twins[0], TODAY).from_day == TODAY - timedelta(90)


def test_the_kept_ones_own_liaison_stays(community, leader, colleague, twins):
    named(community, colleague, twins[0])
    named(community, leader, twins[1])
    link_id = linked(community, twins)
    assert whose(community, *twins) == [colleague.person_id, None]
    taken_back(community, link_id)
    assert whose(community, *twins) == [colleague.person_id, leader.person_id]


def test_who_is_a_liaison_stays_one_under_the_kept_record(community, twins):
    kept = a_member(community, name="虚构乙")
    keeper = a_member(community, name="虚构乙乙")
    named(community, keeper, *twins)
    link_id = linked(community, (kept, keeper))
    assert whose(community, *twins) == [kept, kept]
    with community.acting() as scope:
        assert running_liaison(scope, twins[0], TODAY).holder.gone == ""
    taken_back(community, link_id)
    assert whose(community, *twins) == [keeper, keeper]


def test_nobody_becomes_their_own_liaison(community, leader, twins):
    keeper = a_member(community)
    named(community, keeper, twins[0])
    link_id = linked(community, (twins[0], keeper))
    assert whose(community, twins[0]) == [None]
    taken_back(community, link_id)
    assert whose(community, twins[0]) == [keeper]


@pytest.mark.parametrize("decided", ["another", "nobody"])
def test_what_was_decided_meanwhile_stays(community, leader, colleague, twins, decided):
    named(community, leader, twins[1])
    link_id = linked(community, twins)
    if decided == "another":
        named(community, colleague, twins[0])
    else:
        with community.acting() as scope:
            end(scope, running_liaison(scope, twins[0], TODAY).id, TODAY, TODAY)
    taken_back(community, link_id)
    stays = colleague.person_id if decided == "another" else None
    assert whose(community, *twins) == [stays, None]


def test_it_comes_back_however_much_later(community, leader, twins):
    named(community, leader, twins[1])
    link_id = linked(community, twins)
    with community.acting():
        db.session.execute(text("UPDATE liaison SET given_at = given_at - interval '400 days'"))
        db.session.execute(text("UPDATE liaison SET ended_at = ended_at - interval '399 days'"))
    taken_back(community, link_id)
    assert whose(community, *twins) == [None, leader.person_id]


def test_the_link_is_taken_back_as_a_whole_or_not_at_all(community, colleague, twins):
    keeper = a_member(community)
    named(community, keeper, twins[1])
    kept = a_member(community)
    with community.acting(colleague.scope) as scope:
        link_id = link(scope, kept, keeper, TODAY)
        assert last_batch(scope) is None
        with pytest.raises(Conflict, match="撤销那次合并"):
            undo(scope, link_id)
    taken_back(community, link_id)
    assert whose(community, twins[1]) == [keeper]
    with community.acting() as scope, pytest.raises(NotFound):
        unlink(scope, link_id)


def test_a_branchs_liaison_is_left_alone(community, leader, twins):
    of_branch(community, leader)
    taken_back(community, linked(community, twins))
    with community.acting() as scope:
        assert branch_liaisons(scope, TODAY)[0].line.holder.id == leader.person_id
