"""Letters near expiry and branches without a liaison, as the offices above count them."""

from __future__ import annotations

from datetime import date, timedelta

from tenants.oversight.lookups import own_line, table_below
from tenants.oversight.summaries import summarise
from tenants.oversight.tables import ORGANISATIONS, PEOPLE
from tenants.people.actions import end_standing
from tenants.transfers.actions import step
from tests.factories.counties import a_community, beside
from tests.factories.figures import counted
from tests.factories.liaisons import of_branch
from tests.factories.people import a_leader
from tests.factories.transfers import a_letter

TODAY = date.today()


def figure(community, name, day=TODAY):
    with community.acting() as scope:
        return own_line(scope, day)[name]


def a_near_letter(community, days=3, **more):
    return a_letter(
        community, issued_on=TODAY - timedelta(40), valid_to=TODAY + timedelta(days), **more
    )


def test_a_letter_in_the_pocket_counts_in_its_last_fortnight(community):
    for days in (0, 14, 15, -1):
        a_near_letter(community, days)
    shown, lost = a_near_letter(community), a_near_letter(community)
    with community.acting() as scope:
        step(scope, shown, "present", TODAY, TODAY)
        step(scope, lost, "lose", TODAY - timedelta(1), TODAY)
    counted(community)
    assert figure(community, "letters_near_expiry") == 2


def test_a_past_day_is_counted_by_what_was_so_then(community):
    shown = a_near_letter(community, 3)
    with community.acting() as scope:
        step(scope, shown, "present", TODAY, TODAY)
        for days in (0, 1, 5, 12, 50):
            summarise(scope, TODAY - timedelta(days), TODAY)
    found = [
        figure(community, "letters_near_expiry", TODAY - timedelta(days))
        for days in (0, 1, 5, 12, 50)
    ]
    assert found == [0, 1, 1, 0, 0]


def test_a_branch_whose_liaison_is_gone_has_none(community, colleague):
    leader = a_leader(community)
    counted(community)
    assert figure(community, "branches_without_liaison") == 3
    of_branch(community, colleague, 1)
    of_branch(community, leader, 2)
    counted(community)
    assert figure(community, "branches_without_liaison") == 1
    with community.acting() as scope:
        end_standing(scope, leader.scope.standing_id)
    counted(community)
    assert figure(community, "branches_without_liaison") == 2


def test_one_letter_tells_of_one_person_and_is_hidden_above(community, county_admin):
    """Letters are of people, so small counts are hidden; a branch without a liaison is nobody."""
    assert "letters_near_expiry" in PEOPLE and "branches_without_liaison" in ORGANISATIONS
    next_door = a_community(community.county, name="邻社区", centre=beside(community))
    a_near_letter(community)
    for _ in range(4):
        a_near_letter(next_door)
    counted(community, next_door)
    with county_admin.acting() as scope:
        lines = table_below(scope, TODAY)[0].lines()
    ours, theirs = lines[community.scope.area], lines[next_door.scope.area]
    assert "letters_near_expiry" in ours.hidden & theirs.hidden
    assert lines[community.county.scope.area]["letters_near_expiry"] == 5
    assert "branches_without_liaison" not in ours.hidden
