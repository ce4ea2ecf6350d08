"""Naming liaisons on a real database: orphans show at once, acts are undone as a whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.liaisons.actions import assign, end, undo
from tenants.liaisons.choosing import holders
from tenants.liaisons.handing_over import hand_over_everything, take_everything_back
from tenants.liaisons.loads import branch_liaisons, loads
from tenants.liaisons.lookups import how_many, liaisons_of, running_liaison, without_liaison
from tenants.mobility.actions import Departure, choose_pack, leave
from tenants.people.actions import end_standing
from tenants.people.history import history
from tests.factories.liaisons import an_absentee, named, of_branch
from tests.factories.members import a_member
from tests.factories.people import a_leader, a_person, an_officer

TODAY = date.today()


def lacking(community, scope=None):
    with community.acting(scope) as entered:
        found = without_liaison(entered, TODAY)
        assert how_many(entered, TODAY)[1] == len(found)
        return {each.id: (each.orphan_of.gone if each.orphan_of else "") for each in found}


def liaison_of(community, member_id):
    with community.acting() as scope:
        line = running_liaison(scope, member_id, TODAY)
    return line and line.holder


def test_whoever_is_away_or_was_placed_lacks_one_until_somebody_names_it(community, colleague):
    away = an_absentee(community)
    placed = a_member(community, affiliation="incoming", branch_id=community.branches[0])
    a_member(community)
    a_member(community, affiliation="incoming")
    assert lacking(community) == {away: "", placed: ""}
    named(community, colleague, away, placed)
    assert lacking(community) == {}
    assert liaison_of(community, away).name == colleague.name
    with community.acting() as scope:
        assert "name_liaison" in {each.act for each in history(scope, "member", away)}


def test_a_liaison_who_stops_working_here_leaves_orphans_at_once(community):
    leader = a_leader(community)
    away = an_absentee(community)
    named(community, leader, away)
    with community.acting() as scope:
        end_standing(scope, leader.scope.standing_id)
    assert lacking(community) == {away: "no_standing"}
    with community.acting() as scope:
        assert [each.holder.gone for each in loads(scope, TODAY)] == ["no_standing"]


@pytest.mark.parametrize("why", ["left", "away", "untraced"])
def test_a_member_who_is_a_liaison_may_go_too(community, why):
    keeper, away = a_member(community), an_absentee(community)
    named(community, keeper, away)
    assert lacking(community) == {}
    with community.acting() as scope:
        if why == "away":
            leave(scope, Departure(keeper, TODAY - timedelta(3)))
        else:
            column = {"left": "left_on", "untraced": "untraced_since"}[why]
            statement = f"UPDATE member SET {column} = CURRENT_DATE WHERE id = :id"
            db.session.execute(text(statement), {"id": keeper})
    expected = {away: why} | ({keeper: ""} if why == "away" else {})
    assert lacking(community) == expected
    with pytest.raises(Conflict, match="现在不能"):
        named(community, keeper, an_absentee(community))


def test_a_member_has_to_agree_and_is_nobodys_own_liaison(community):
    keeper, away = a_member(community), an_absentee(community)
    with pytest.raises(InvalidInput, match="本人同意"):
        named(community, keeper, away, agreed=False)
    placed = a_member(community, affiliation="incoming", branch_id=community.branches[0])
    with pytest.raises(InvalidInput, match="自己的联系人"):
        named(community, placed, placed)
    with pytest.raises(InvalidInput, match="先选人"):
        named(community, keeper)


def test_the_rule_packs_cap_holds_unless_a_person_says_otherwise(community, colleague):
    with community.acting() as scope:
        choose_pack(scope, "one-to-one", date(2020, 1, 1))
    first, second = an_absentee(community), an_absentee(community)
    named(community, colleague, first)
    named(community, colleague, first)
    with pytest.raises(Conflict, match="最多 1 名"):
        named(community, colleague, second)
    named(community, colleague, second, beyond=True)
    with community.acting() as scope:
        (load,) = loads(scope, TODAY)
    assert (load.members, load.over) == (2, True)


def test_an_act_is_undone_as_a_whole(community, colleague, officer):
    members = [an_absentee(community) for _ in range(3)]
    before = named(community, officer, members[0])
    batch = named(community, colleague, *members)
    with community.acting() as scope:
        assert undo(scope, batch) == 3
    assert liaison_of(community, members[0]).id == officer.person_id
    assert set(lacking(community)) == set(members[1:])
    with community.acting() as scope, pytest.raises(NotFound):
        undo(scope, batch)
    named(community, colleague, members[0])
    with community.acting() as scope, pytest.raises(Conflict, match="又有人改过"):
        undo(scope, before)


def test_an_end_leaves_a_vacancy_and_can_be_undone(community, colleague):
    away = an_absentee(community)
    named(community, colleague, away)
    with community.acting() as scope:
        line = running_liaison(scope, away, TODAY)
        batch = end(scope, line.id, TODAY, TODAY)
    assert lacking(community) == {away: ""}
    with community.acting() as scope:
        with pytest.raises(Conflict, match="已经结束"):
            end(scope, line.id, TODAY, TODAY)
        assert [each.ended_on for each in liaisons_of(scope, away, TODAY)] == [TODAY]
        undo(scope, batch)
    assert liaison_of(community, away).id == colleague.person_id


def test_too_late_to_undo(community, colleague):
    batch = named(community, colleague, an_absentee(community))
    with community.acting():
        db.session.execute(text("UPDATE liaison SET given_at = given_at - interval '25 hours'"))
    with community.acting() as scope, pytest.raises(Conflict, match="一天之内"):
        undo(scope, batch)


def test_a_branch_has_a_liaison_or_shows_that_it_has_none(community, colleague):
    of_branch(community, colleague, 1)
    with community.acting() as scope:
        found = branch_liaisons(scope, TODAY)
    assert [each.line and each.line.holder.name for each in found] == [colleague.name, None, None]


def test_a_handover_takes_the_liaisons_along_and_gives_them_back(community, colleague):
    leader, other = a_leader(community), a_person(community, "community_admin", name="接手者")
    away = an_absentee(community)
    named(community, leader, away)
    of_branch(community, leader, 2)
    with colleague.acting() as scope:
        handover = hand_over_everything(scope, leader.person_id, other.person_id, TODAY)
    assert liaison_of(community, away).name == "接手者"
    with community.acting() as scope:
        assert branch_liaisons(scope, TODAY)[1].line.holder.name == "接手者"
    with colleague.acting() as scope:
        take_everything_back(scope, handover)
    assert liaison_of(community, away).id == leader.person_id
    nobody = a_leader(community, 2)
    with colleague.acting() as scope:
        handover = hand_over_everything(scope, nobody.person_id, other.person_id, TODAY)
        take_everything_back(scope, handover)


def test_an_officer_names_for_their_own_branch_only(community, colleague):
    officer = an_officer(community, 1)
    own, other = an_absentee(community), an_absentee(community, branch_id=community.branches[1])
    assert lacking(community, officer.scope) == {own: ""}
    who = ("person", colleague.person_id)
    with officer.acting() as scope, pytest.raises(NotFound):
        assign(scope, who, [own, other], TODAY, TODAY)
    with officer.acting() as scope:
        assign(scope, who, [own], TODAY, TODAY)
    stranger = ("member", a_member(community, branch_id=community.branches[1]))
    with officer.acting() as scope, pytest.raises(InvalidInput, match="从列出的人"):
        assign(scope, stranger, [own], TODAY, TODAY, agreed=True)


def test_who_can_be_chosen(community, colleague, leader):
    keeper = a_member(community, name="愿意的甲")
    a_member(community, name="不在的乙", affiliation="incoming")
    an_absentee(community, name="外出的甲")
    with community.acting() as scope:
        assert {each.id for each in holders(scope, TODAY)} == {
            colleague.person_id,
            leader.person_id,
        }
        found = holders(scope, TODAY, words="甲")
    assert [each.id for each in found if each.kind == "member"] == [keeper]
