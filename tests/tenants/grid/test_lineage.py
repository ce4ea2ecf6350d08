"""Which cells a cell went on from, through redraws and back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from tenants.grid.drafts.lineage import earlier_cells, redrawn_since
from tenants.grid.lookups import cells_today
from tenants.redraws.actions import undo
from tests.factories.members import a_member
from tests.factories.people import a_leader
from tests.factories.redraws import approved, in_the_strip, moved_east
from tests.factories.visits import an_operation, delivered

A, B, C, D = (UUID(int=number) for number in range(1, 5))
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
STEPS = [(A, B, MAY), (B, C, JUNE), (C, B, JUNE)]


@pytest.mark.parametrize(
    ("cell", "since", "expected"),
    [
        (A, MAY, set()),
        (B, MAY, {A, C}),
        (C, MAY, {A, B}),
        (C, JUNE, {B}),
        (C, date(2026, 6, 2), set()),
        (D, MAY, set()),
    ],
)
def test_step_by_step_and_never_for_ever(cell, since, expected):
    assert earlier_cells(cell, STEPS, since) == expected


def test_a_redraw_and_its_undo_are_steps(community):
    def now():
        with community.acting() as scope:
            return {cell.code: cell.id for cell in cells_today(scope)}

    first = now()
    draft_id = moved_east(community)
    approved(community, draft_id)
    second = now()
    with community.acting() as scope:
        undo(scope, draft_id)
        steps = redrawn_since(scope, date.today())
    third = now()
    assert first["G1"] in earlier_cells(second["G1"], steps, date.today())
    assert {first["G1"], second["G1"]} <= earlier_cells(third["G1"], steps, date.today())
    assert second["G2"] not in earlier_cells(third["G1"], steps, date.today())


def test_what_was_done_before_a_border_moved_stays_with_who_did_it(community):
    leader, other = a_leader(community, 2), a_leader(community, 1)
    member = a_member(community, home=in_the_strip(community))
    mine, theirs = an_operation(member=member), an_operation(member=member)
    draft_id = moved_east(community)
    approved(community, draft_id)
    assert delivered(leader, [mine])[0]["status"] == "applied"
    assert delivered(other, [theirs])[0]["status"] == "applied"
    late = a_leader(community, 2)
    with community.acting() as scope:
        undo(scope, draft_id)
    again = an_operation(member=member)
    assert delivered(other, [again])[0]["status"] == "applied"
    assert delivered(late, [an_operation(member=member)])[0]["status"] == "applied"
