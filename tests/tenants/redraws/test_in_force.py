"""An approved redraw: in force on its day, not on what nobody saw, and undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tenants.errors import Conflict
from tenants.grid.actions import form_group
from tenants.grid.drafts.changes import Seen
from tenants.grid.drafts.cutting import merge_cells
from tenants.grid.drafts.lookups import draft, is_stale
from tenants.grid.drafts.rebasing import rebase
from tenants.grid.lookups import cells_today, groups_of_cells
from tenants.people.door import standings_of
from tenants.redraws.actions import apply_due, approve, propose, take_back, undo
from tests.factories.counties import SINCE
from tests.factories.grid import a_draft_grid, drawn, move_the_middle
from tests.factories.jobs import work_off
from tests.factories.people import a_leader
from tests.factories.redraws import approved, moved_east, proposed, shapes

TODAY = date.today()


def test_two_who_approve_opposite_drafts_get_one_grid(community):
    first, second = a_draft_grid(community, "甲案"), a_draft_grid(community, "乙案")
    move_the_middle(community, first, 0.6)
    move_the_middle(community, second, 0.4)
    proposed(community, first)
    proposed(community, second)
    approved(community, first)
    kept = shapes(community)
    with pytest.raises(Conflict):
        approved(community, second)
    assert shapes(community) == kept
    with community.acting() as scope:
        assert is_stale(scope, draft(scope, second))
        assert rebase(scope, second) == 0
        assert not is_stale(scope, draft(scope, second))
    assert drawn(community, second)["G1"].differs == "changed"
    proposed(community, second)
    approved(community, second)
    assert shapes(community) != kept


def test_nobody_approves_what_has_changed_since_they_saw_it(community):
    draft_id = moved_east(community)
    with community.acting() as scope:
        seen = draft(scope, draft_id).version
        take_back(scope, draft_id)
        propose(scope, draft_id)
    with pytest.raises(Conflict), community.acting() as scope:
        approve(scope, draft_id, seen)
    with pytest.raises(Conflict), community.acting() as scope:
        approve(scope, draft_id, draft(scope, draft_id).version)
    work_off(community)
    assert approved(community, draft_id)


def test_a_grid_of_a_day_to_come_waits_for_it(community):
    day = TODAY + timedelta(days=30)
    draft_id = moved_east(community, on=day)
    before = shapes(community)
    assert not approved(community, draft_id)
    assert shapes(community) == before
    other = moved_east(community)
    with pytest.raises(Conflict):
        approved(community, other)
    with community.acting() as scope:
        assert apply_due(scope, TODAY) is None
        assert apply_due(scope, day) == draft_id
        assert apply_due(scope, day) is None
    assert shapes(community) != before
    assert shapes(community, day - timedelta(days=1)) == before


def test_a_waiting_approval_is_taken_back_without_a_trace(community):
    draft_id = moved_east(community, on=TODAY + timedelta(days=30))
    before = shapes(community)
    approved(community, draft_id)
    with community.acting() as scope:
        undo(scope, draft_id)
        assert draft(scope, draft_id).state == "undone"
        assert apply_due(scope, TODAY + timedelta(days=31)) is None
    assert shapes(community) == before


def test_an_undo_brings_back_the_grid_its_leaders_and_its_groups(community, app):
    leader, kept = a_leader(community, 2), a_leader(community, 1)
    with community.acting() as scope:
        group = form_group(scope, community.branches[0], "二组", [community.cells[1]], SINCE)
    before = shapes(community)
    draft_id = a_draft_grid(community)
    cells = drawn(community, draft_id)
    with community.acting() as scope:
        merge_cells(scope, draft_id, Seen(cells["G1"].id, 1), Seen(cells["G2"].id, 1))
    proposed(community, draft_id)
    approved(community, draft_id)
    with app.app_context():
        assert standings_of(leader.person_id) == ()
        [still] = standings_of(kept.person_id)
    assert len(shapes(community)) == 3
    with community.acting() as scope:
        undo(scope, draft_id)
        today = {cell.code: cell.id for cell in cells_today(scope)}
        assert groups_of_cells(scope, [today["G2"]]) == {today["G2"]: [(group, "二组")]}
    assert shapes(community) == before
    with app.app_context():
        assert standings_of(leader.person_id)[0].cell_ids == (today["G2"],)
        assert standings_of(kept.person_id)[0].cell_ids == (today["G1"],)
    with pytest.raises(Conflict), community.acting() as scope:
        undo(scope, draft_id)


def test_an_older_redraw_is_not_undone_before_the_newer(community):
    first = moved_east(community)
    approved(community, first)
    second = a_draft_grid(community)
    move_the_middle(community, second, 0.3)
    proposed(community, second)
    approved(community, second)
    with pytest.raises(Conflict), community.acting() as scope:
        undo(scope, first)
    with community.acting() as scope:
        undo(scope, second)
        undo(scope, first)


def test_a_draft_follows_what_its_cells_became_through_an_undo(community):
    waiting = a_draft_grid(community, "等着的")
    applied = moved_east(community)
    approved(community, applied)
    with community.acting() as scope:
        undo(scope, applied)
        assert is_stale(scope, draft(scope, waiting))
        assert rebase(scope, waiting) == 0
    assert {cell.differs for cell in drawn(community, waiting).values()} == {"same"}
