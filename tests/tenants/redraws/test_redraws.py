"""A redraw: who changes and who stays, approved by a person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.errors import InvalidInput
from tenants.grid.actions import form_group
from tenants.grid.drafts.actions import edit_cells
from tenants.grid.drafts.lookups import draft
from tenants.grid.lookups import cells_today, groups_of_cells
from tenants.members.duplicates.actions import link, unlink
from tenants.members.lookups import member_card, members
from tenants.people.door import standings_of
from tenants.redraws.actions import ask_for_balance, propose, undo
from tenants.redraws.lookups import leaders_of_cells, line_counts, lines
from tenants.redraws.moving import release_stays
from tenants.visits.requests import open_request
from tests.factories.arrivals import a_proposed_arrival
from tests.factories.counties import SINCE
from tests.factories.grid import a_draft_grid, drawn, edit_of, part
from tests.factories.jobs import work_off
from tests.factories.members import a_member
from tests.factories.people import a_leader
from tests.factories.redraws import approved, in_the_strip, moved_east, proposed, shapes

TODAY = date.today()


def test_it_says_who_changes_and_why_and_nothing_is_applied(community):
    before = shapes(community)
    somebody = a_member(community, home=in_the_strip(community))
    a_member(community, home=community.inside(1))
    by_work = a_member(community, home=None, work=in_the_strip(community))
    a_member(community, home=None)
    draft_id = moved_east(community)
    with community.acting() as scope:
        found = {row.member_id: row for row in lines(scope, draft_id)}
        assert found.keys() == {somebody, by_work}
        assert found[somebody].from_cell_id == community.cells[1]
        assert (found[somebody].outcome, found[somebody].reason) == ("moves", "divided")
        assert found[by_work].place == "work"
        assert line_counts(scope, draft_id) == {"moves": 2, "stays": 0, "groups": 0}
        people = draft(scope, draft_id).plan["people"]
        assert (people["counted"], people["without_place"]) == (3, 1)
        assert people["before"][str(community.cells[1])] == 2
    assert shapes(community) == before


def test_a_coverage_with_an_overlap_is_not_proposed(community):
    draft_id = a_draft_grid(community)
    with community.acting() as scope:
        cell = drawn(community, draft_id)["G1"]
    with community.acting() as scope:
        edit_cells(scope, draft_id, [edit_of(cell, part(community, 0, 0.5, 0.6, 1))])
    with pytest.raises(InvalidInput), community.acting() as scope:
        propose(scope, draft_id)


def test_approved_the_cells_go_on_with_their_leaders_and_groups(community, app):
    leader = a_leader(community, 2)
    with community.acting() as scope:
        group = form_group(scope, community.branches[0], "二组", [community.cells[1]], SINCE)
    draft_id = moved_east(community)
    yesterday = shapes(community)
    assert approved(community, draft_id)
    with community.acting() as scope:
        today = {cell.code: cell for cell in cells_today(scope)}
        assert today["G2"].id != community.cells[1]
        assert today["G3"].id == community.cells[2]
        assert leaders_of_cells(scope, [today["G2"].id]) == {today["G2"].id: [leader.name]}
        assert groups_of_cells(scope, [today["G2"].id]) == {today["G2"].id: [(group, "二组")]}
        assert draft(scope, draft_id).applied_on == TODAY
        links = db.session.execute(text("SELECT cell_id, valid_to FROM group_cell")).all()
        assert sorted((str(c), t) for c, t in links) == sorted(
            [(str(community.cells[1]), TODAY), (str(today["G2"].id), None)]
        )
    with app.app_context():
        [scope] = [s for s in standings_of(leader.person_id) if s.tenant_id == community.tenant_id]
    assert scope.cell_ids == (today["G2"].id,)
    assert scope.standing_id == leader.scope.standing_id
    assert shapes(community, TODAY - timedelta(days=1)) == yesterday
    assert shapes(community, TODAY) == shapes(community) != yesterday
    assert shapes(community, SINCE - timedelta(days=1)) == {}


def test_people_change_group_within_their_branch_only(community):
    with community.acting() as scope:
        one = form_group(scope, community.branches[0], "一组", [community.cells[0]], SINCE)
        two = form_group(scope, community.branches[0], "二组", [community.cells[1]], SINCE)
        other = form_group(scope, community.branches[1], "别的组", [], SINCE)
    home, first, second = in_the_strip(community), community.branches[0], community.branches[1]
    changes = a_member(community, home=home, branch_id=first, group_id=two)
    elsewhere = a_member(community, home=home, branch_id=second, group_id=other)
    none = a_member(community, home=home, branch_id=first)
    draft_id = moved_east(community)
    with community.acting() as scope:
        found = {row.member_id: row.to_group_id for row in lines(scope, draft_id)}
        assert found == {changes: one, elsewhere: other, none: None}
    approved(community, draft_id)
    with community.acting() as scope:
        assert member_card(scope, changes).group_id == one
        assert member_card(scope, elsewhere).group_id == other
        undo(scope, draft_id)
        assert member_card(scope, changes).group_id == two


def test_who_is_in_the_middle_of_an_arrival_stays_with_the_leader(community, app):
    leader = a_leader(community, 2)
    other = a_leader(community, 1)
    arrival_id, _ = a_proposed_arrival(community, home=in_the_strip(community), name="办理中")
    draft_id = moved_east(community)
    with community.acting() as scope:
        [row] = lines(scope, draft_id)
        assert (row.outcome, row.reason) == ("stays", "open_arrival")
    approved(community, draft_id)

    def seen_by(person):
        with app.app_context():
            [scope] = [
                s for s in standings_of(person.person_id) if s.tenant_id == community.tenant_id
            ]
        with community.acting(scope):
            return [line.name for line in members(scope)]

    assert seen_by(leader) == ["办理中"]
    assert seen_by(other) == ["办理中"]
    with community.acting() as scope:
        assert release_stays(scope, TODAY) == 0
        db.session.execute(
            text("UPDATE arrival SET state = 'placed' WHERE id = :id"), {"id": arrival_id}
        )
        assert release_stays(scope, TODAY) == 1
    assert seen_by(leader) == []


def test_whose_wish_is_being_dealt_with_stays_too(community):
    member_id = a_member(community, home=in_the_strip(community))
    with community.acting() as scope:
        open_request(scope, member_id, "job", TODAY)
    draft_id = moved_east(community)
    with community.acting() as scope:
        [row] = lines(scope, draft_id)
        assert (row.outcome, row.reason) == ("stays", "open_request")


def test_two_records_of_one_person_stay_with_one_leader(community, app):
    """Linked while in the middle of a case: the leader goes on seeing the record that is kept."""
    leader = a_leader(community, 2)
    merged = a_member(community, home=in_the_strip(community), name="后登记的")
    kept = a_member(community, home=in_the_strip(community), name="先登记的")
    with community.acting() as scope:
        open_request(scope, merged, "job", TODAY)
    draft_id = moved_east(community)

    def counted():
        with community.acting() as scope:
            rows = lines(scope, draft_id)
            counts = line_counts(scope, draft_id)
        assert counts["moves"] + counts["stays"] == len(rows)
        return len(rows)

    assert counted() == 2
    with community.acting() as scope:
        before = link(scope, kept, merged)
    assert counted() == 1
    with community.acting() as scope:
        unlink(scope, before)
    assert counted() == 2
    approved(community, draft_id)

    def seen():
        with app.app_context():
            [scope] = [
                s for s in standings_of(leader.person_id) if s.tenant_id == community.tenant_id
            ]
        with community.acting(scope):
            return sorted(line.name for line in members(scope))

    assert seen() == ["后登记的"]
    with community.acting() as scope:
        link_id = link(scope, kept, merged)
    assert seen() == ["先登记的"]
    with community.acting() as scope:
        assert release_stays(scope, TODAY) == 0
        unlink(scope, link_id)
    assert seen() == ["后登记的"]


def test_a_balanced_draft_is_drawn_and_says_its_bound(community):
    for step in range(10):
        a_member(community, home=community.inside(1, east=-200 + step * 40, north=10 * step - 50))
    with community.acting() as scope:
        draft_id = ask_for_balance(scope, "均衡", TODAY, fewest=0, most=6)
    work_off(community)
    with community.acting() as scope:
        found = draft(scope, draft_id).plan["balance"]
        assert found["within"]
        assert found["changes"] >= found["least"] == 4
    proposed(community, draft_id)
    with community.acting() as scope:
        assert line_counts(scope, draft_id)["moves"] == found["changes"]
    with pytest.raises(InvalidInput), community.acting() as scope:
        ask_for_balance(scope, "反了", TODAY, fewest=7, most=6)
