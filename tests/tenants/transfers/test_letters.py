"""The register of letters on a real database: numbers used once, one open letter each, undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.duplicates.actions import link, unlink
from tenants.mobility.actions import choose_pack
from tenants.mobility.calendar import add_months
from tenants.people.history import history
from tenants.transfers.actions import LetterDraft, issue, replace, step, undo
from tenants.transfers.lookups import letter, letter_counts, letters, letters_of
from tests.factories.counties import a_community, beside
from tests.factories.members import a_member
from tests.factories.people import an_officer
from tests.factories.transfers import a_letter, a_number

TODAY = date.today()


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def shown(community, scope=None, **wanted):
    with community.acting(scope) as entered:
        return [each.number for each in letters(entered, TODAY, **wanted)]


def test_the_rule_pack_says_until_when(community):
    letter_id = a_letter(community)
    with community.acting() as scope:
        assert letter(scope, letter_id).stub.valid_to == add_months(TODAY, 3)


def test_a_silent_pack_leaves_it_to_the_person(community):
    with community.acting() as scope:
        choose_pack(scope, "township", date(2020, 1, 1))
    with pytest.raises(InvalidInput, match="没有规定有效期"):
        a_letter(community)
    letter_id = a_letter(community, valid_to=TODAY + timedelta(200))
    with community.acting() as scope:
        assert letter(scope, letter_id).stub.valid_to == TODAY + timedelta(200)


@pytest.mark.parametrize("again", ["字第7号", " 字第7号", "字第７号"])
def test_a_number_is_used_once(community, again):
    a_letter(community, number="字第7号")
    with pytest.raises(Conflict, match="字第7号 已经用过"):
        a_letter(community, number=again)
    neighbour = a_community(community.county, centre=beside(community))
    a_letter(neighbour, number="字第7号")


@pytest.mark.parametrize("number", ["", "  ", "长" * 31, "a\x00b"])
def test_a_number_that_is_none_is_refused(community, number):
    member_id = a_member(community)
    with pytest.raises(InvalidInput), community.acting() as scope:
        issue(scope, LetterDraft(member_id, number, "某区", "某党委", TODAY), TODAY)


def test_nobody_has_two_open_letters(community):
    member_id = a_member(community)
    first = a_letter(community, member_id)
    with pytest.raises(Conflict, match="没有办结"):
        a_letter(community, member_id)
    with community.acting() as scope:
        step(scope, first, "withdraw", TODAY, TODAY)
    a_letter(community, member_id)
    with pytest.raises(Conflict, match="后来又开"), community.acting() as scope:
        undo(scope, first)


def test_a_letter_stays_with_the_person_when_two_records_are_linked(community):
    kept, merged = a_member(community), a_member(community)
    a_letter(community, merged, number="在后面的")
    with community.acting() as scope:
        link_id = link(scope, kept, merged)
        assert [each.number for each in letters_of(scope, kept)] == ["在后面的"]
    with pytest.raises(Conflict, match="没有办结"):
        a_letter(community, kept)
    with community.acting() as scope:
        unlink(scope, link_id)
        assert letters_of(scope, kept) == []


def test_only_whose_relation_is_here_gets_one(community):
    guest = a_member(community, affiliation="incoming")
    with pytest.raises(Conflict, match="不在本单位"):
        a_letter(community, guest)


def test_a_lost_letter_is_voided_and_issued_anew_and_all_of_it_can_be_undone(community):
    member_id = a_member(community)
    old = a_letter(community, member_id, number="甲一", issued_on=days_ago(30))
    with community.acting() as scope:
        step(scope, old, "lose", days_ago(5), TODAY)
        new = replace(scope, old, "甲二", TODAY, None, TODAY)
        found, before = letter(scope, new), letter(scope, old)
        assert (found.replaces, before.replaced_by) == ((old, "甲一"), (new, "甲二"))
        assert (found.destination, before.state) == ("虚构区", "voided")
        with pytest.raises(Conflict, match="撤销补开的那一封"):
            undo(scope, old)
        assert undo(scope, new) == old
        assert [(each.number, each.state) for each in letters_of(scope, member_id)] == [
            ("甲一", "lost")
        ]
        assert undo(scope, old) == old
        assert undo(scope, old) is None
        with pytest.raises(NotFound):
            letter(scope, old)
        acts = [each.act for each in history(scope, "member", member_id)]
    assert {"issue_letter", "lose_letter", "replace_letter", "undo_letter"} <= set(acts)


def test_a_letter_that_holds_is_not_replaced(community):
    letter_id = a_letter(community)
    with pytest.raises(Conflict, match="遗失"), community.acting() as scope:
        replace(scope, letter_id, a_number(), TODAY, None, TODAY)


def test_lists_are_narrowed_and_paged(community):
    for number, (issued, valid) in {
        "near": (20, -3),
        "soon": (20, -40),
        "lapsed": (60, 10),
        "today": (60, 0),
    }.items():
        a_letter(community, number=number, issued_on=days_ago(issued), valid_to=days_ago(valid))
    a_letter(community, number="shown", issued_on=days_ago(90), valid_to=days_ago(1))
    with community.acting() as scope:
        (presented,) = (each for each in letters(scope, TODAY) if each.number == "shown")
        step(scope, presented.id, "present", days_ago(2), TODAY)
        counts = letter_counts(scope, TODAY)
    assert (counts.open, counts.near, counts.lapsed, counts.all) == (5, 2, 1, 5)
    assert shown(community, show="near") == ["today", "near"]
    assert shown(community, show="near", within=60) == ["today", "near", "soon"]
    assert shown(community, show="lapsed") == ["lapsed"]
    assert shown(community) == ["lapsed", "shown", "today", "near", "soon"]
    assert shown(community, words="sho", show="all") == ["shown"]
    for show in ("open", "all"):
        whole, paged, after = shown(community, show=show), [], None
        with community.acting() as scope:
            while found := letters(scope, TODAY, show=show, after=after, limit=2):
                paged += [each.number for each in found]
                after = found[-1].id
        assert paged == whole


def test_each_sees_the_letters_of_whom_they_see(community, leader, colleague):
    mine, other = community.inside(1), community.inside(4)
    a_letter(community, a_member(community, home=mine), number="own")
    other_id = a_letter(
        community, a_member(community, home=other, branch_id=community.branches[0]), number="other"
    )
    officer = an_officer(community, 1)
    assert shown(community, leader.scope) == ["own"]
    assert shown(community, officer.scope) == ["other"]
    assert shown(community, colleague.scope) == ["own", "other"]
    with pytest.raises(NotFound), leader.acting() as scope:
        letter(scope, other_id)
    with pytest.raises(NotFound), an_officer(community, 2).acting() as scope:
        step(scope, other_id, "present", TODAY, TODAY)
