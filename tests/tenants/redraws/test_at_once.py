"""Two administrators press "approve" in the same moment: one grid, one clear answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tenants.errors import Conflict
from tenants.grid.drafts.lookups import draft
from tenants.grid.lookups import cells_today
from tenants.redraws.actions import approve, propose
from tests.factories.grid import a_draft_grid, move_the_middle
from tests.factories.jobs import work_off


@pytest.mark.parametrize("same", [False, True], ids=["opposite drafts", "the same draft"])
def test_two_approve_at_once(community, same):
    first = a_draft_grid(community, "甲案")
    second = first if same else a_draft_grid(community, "乙案")
    move_the_middle(community, first, 0.6)
    if not same:
        move_the_middle(community, second, 0.4)
    seen = {}
    for draft_id in {first, second}:
        with community.acting() as scope:
            propose(scope, draft_id)
            seen[draft_id] = draft(scope, draft_id).version
    work_off(community)
    together = Barrier(2)

    def press(draft_id):
        try:
            with community.acting() as scope:
                together.wait(timeout=20)
                return approve(scope, draft_id, seen[draft_id])
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(press, (first, second)))
    assert [answer for answer in answers if answer is True] == [True]
    [refused] = [answer for answer in answers if answer is not True]
    assert refused.sentence
    with community.acting() as scope:
        found = cells_today(scope)
    assert len(found) == 4
    assert sum(1 for cell in found if cell.id in community.cells) == 2
