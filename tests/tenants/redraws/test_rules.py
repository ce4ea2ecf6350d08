"""Who changes and why, as a table of cases (domain ORG-1, ASG-10); and what may become of a draft."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from tenants.grid.drafts.rules import difference, free_code, mark_of, may, takes_effect
from tenants.redraws.rules import OPEN_REQUEST, NewGrid, Somebody, counted, who_changes


def id_(number):
    return UUID(int=number)


A, B, C = id_(1), id_(2), id_(3)
"""Cells in force; C is given up by the draft."""
DA, DB, NEW = id_(11), id_(12), id_(13)
"""Draft cells: DA continues A, DB continues B."""
GA, GB, GX = id_(21), id_(22), id_(23)
"""Groups that run A and B, and one of another branch that would run the new cell."""
ONE, TWO = id_(31), id_(32)
GRID = NewGrid(
    continues={DA: A, DB: B},
    runs_now={A: frozenset({GA}), B: frozenset({GB})},
    runs_then={DA: GA, DB: GB, NEW: GX},
    branch_of={GA: ONE, GB: ONE, GX: TWO},
)


def line_of(now, then, *, group=None, busy=""):
    somebody = Somebody(id_(99), 0.0, 0.0, "home", ONE, group, busy)
    found = who_changes([somebody], [now], [then], GRID)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("now", "then", "reason"),
    [
        (A, DA, None),
        (None, None, None),
        (A, DB, "divided"),
        (A, NEW, "new_cell"),
        (C, DB, "given_up"),
        (A, None, "left_out"),
        (None, DA, "no_cell_yet"),
        (None, NEW, "no_cell_yet"),
    ],
)
def test_why_somebody_changes(now, then, reason):
    line = line_of(now, then)
    assert (None if line is None else line.reason) == reason
    assert line is None or line.outcome == "moves"


@pytest.mark.parametrize(
    ("now", "then", "group", "following"),
    [
        (A, DB, GA, GB),
        (A, DB, None, None),
        (A, DB, GX, GX),
        (A, NEW, GA, GA),
        (A, None, GA, GA),
        (C, DB, GA, GA),
    ],
    ids=[
        "the group of the cell changes",
        "who had none gets none",
        "a group of elsewhere stays",
        "no redraw changes the branch",
        "no cell, no change",
        "it was not the cell's group",
    ],
)
def test_whose_group_changes(now, then, group, following):
    assert line_of(now, then, group=group).to_group_id == following


def test_who_is_busy_stays_as_long_as_there_is_somebody_to_stay_with():
    stays = line_of(A, DB, group=GA, busy=OPEN_REQUEST)
    assert (stays.outcome, stays.reason, stays.to_group_id) == ("stays", OPEN_REQUEST, GA)
    moves = line_of(C, DB, busy=OPEN_REQUEST)
    assert (moves.outcome, moves.reason) == ("moves", "given_up")
    assert line_of(A, DA, busy=OPEN_REQUEST) is None


def test_people_are_counted_by_cell():
    assert counted([A, A, B, None]) == {str(A): 2, str(B): 1}


def test_what_may_be_done_with_a_draft():
    assert may("edit", "draft")
    assert not may("edit", "proposed")
    assert may("approve", "proposed")
    assert not may("approve", "draft")
    assert may("undo", "approved")
    assert not any(may(act, "withdrawn") for act in ("edit", "propose", "approve", "undo"))


def test_the_mark_of_a_grid_depends_on_its_cells_alone():
    assert mark_of([A, B]) == mark_of([B, A]) != mark_of([A])


def test_a_code_nobody_has():
    assert free_code([]) == "N1"
    assert free_code(["N1", "N2"]) == "N3"
    assert free_code(["G1", "G1A"], "G1") == "G1B"
    assert len(free_code([], "x" * 20)) == 20


def test_a_draft_takes_effect_from_its_day_on():
    assert takes_effect(date(2026, 3, 1), date(2026, 3, 1))
    assert not takes_effect(date(2026, 3, 2), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("from_cell", "same_shape", "same_words", "said"),
    [
        (False, False, False, "new"),
        (True, False, True, "changed"),
        (True, True, False, "renamed"),
        (True, True, True, "same"),
    ],
)
def test_how_a_draft_cell_differs(from_cell, same_shape, same_words, said):
    found = difference(from_cell=from_cell, same_shape=same_shape, same_words=same_words)
    assert found == said
