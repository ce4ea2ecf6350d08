"""Two people name a liaison, or issue a letter, in the same moment: one answer holds, nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from tenants.errors import Conflict
from tenants.liaisons.actions import assign, assign_branch
from tenants.liaisons.loads import branch_liaisons
from tenants.liaisons.lookups import liaisons_of
from tenants.transfers.actions import LetterDraft, issue
from tenants.transfers.lookups import letters_of
from tests.factories.liaisons import an_absentee
from tests.factories.members import a_member
from tests.factories.people import a_leader, a_person

TODAY = date.today()


def at_once(community, *acts: Callable[[object], object]) -> list[object]:
    """What each act answered, or why it was refused; all begin together."""
    together = Barrier(len(acts))

    def do(act):
        try:
            with community.acting() as scope:
                together.wait(timeout=20)
                return act(scope)
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(acts)) as all_of_them:
        return list(all_of_them.map(do, acts))


def test_two_name_the_same_members_liaison(community):
    members = [an_absentee(community) for _ in range(3)]
    who = [
        ("person", a_person(community, "community_admin", name=name).person_id) for name in "子丑"
    ]
    for _ in range(5):
        answers = at_once(
            community, *(lambda scope, w=w: assign(scope, w, members, TODAY, TODAY) for w in who)
        )
        assert not [each for each in answers if isinstance(each, Conflict)]
    with community.acting() as scope:
        for member_id in members:
            lines = liaisons_of(scope, member_id, TODAY)
            assert [each.ended_on is None for each in lines] == [True] + [False] * 9


def test_two_name_the_same_branchs_liaison(community):
    branch = community.branches[0]
    who = [("person", a_leader(community, cell).person_id) for cell in (1, 2)]
    at_once(
        community, *(lambda scope, w=w: assign_branch(scope, w, branch, TODAY, TODAY) for w in who)
    )
    with community.acting() as scope:
        assert branch_liaisons(scope, TODAY)[0].line is not None


def test_two_issue_the_same_member_a_letter(community):
    member_id = a_member(community)
    drafts = [LetterDraft(member_id, number, "某区", "某党委", TODAY) for number in ("甲", "乙")]
    answers = at_once(community, *(lambda scope, d=d: issue(scope, d, TODAY) for d in drafts))
    assert sum(isinstance(each, Conflict) for each in answers) == 1
    with community.acting() as scope:
        assert len(letters_of(scope, member_id)) == 1
