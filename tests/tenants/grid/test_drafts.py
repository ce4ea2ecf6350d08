"""Drawing a draft: versions seen, facts of a conflict, refusals that paint, nothing half-kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from shapely.geometry import LineString, Point, mapping

from tenants.database import new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.grid.drafts.actions import edit_cells, start_draft, withdraw
from tenants.grid.drafts.changes import CellEdit, Seen
from tenants.grid.drafts.cutting import merge_cells, snapped, split_cell
from tenants.grid.drafts.lookups import (
    cells_given_up,
    draft,
    draft_cells,
    drafts,
    is_stale,
    judged,
    judged_around,
)
from tests.factories.counties import a_community, a_county
from tests.factories.grid import a_draft_grid, drawn, edit_of, move_the_middle, part

TODAY = date.today()


def test_a_draft_begins_as_the_grid_in_force(community, colleague):
    with colleague.acting() as scope:
        draft_id = start_draft(scope, "  春天的\n网格 ", TODAY)
        found = draft(scope, draft_id)
        assert (found.name, found.state, found.version) == ("春天的 网格", "draft", 1)
        assert found.made_by == colleague.person_id
        assert judged(scope, draft_id).complete
        assert not is_stale(scope, found)
    cells = drawn(community, draft_id)
    assert {cell.from_cell_id for cell in cells.values()} == set(community.cells)
    assert {cell.differs for cell in cells.values()} == {"same"}


def test_a_draft_may_begin_with_nothing(community):
    with community.acting() as scope:
        draft_id = start_draft(scope, "空的", TODAY, empty=True)
        [gap] = judged(scope, draft_id).faults
        assert gap.code == "gap"
        assert len(cells_given_up(scope, draft_id)) == 4


@pytest.mark.parametrize(("name", "day"), [("", TODAY), ("春", TODAY - timedelta(days=1))])
def test_a_draft_needs_a_name_and_a_day_to_come(community, name, day):
    with pytest.raises(InvalidInput), community.acting() as scope:
        start_draft(scope, name, day)


def test_a_border_is_moved_and_the_coverage_judged(community):
    draft_id = a_draft_grid(community)
    move_the_middle(community, draft_id)
    cells = drawn(community, draft_id)
    assert [cells[code].differs for code in ("G1", "G2", "G3", "G4")] == [
        "changed", "changed", "same", "same",
    ]  # fmt: skip
    assert [cells[code].version for code in ("G1", "G3")] == [2, 1]
    with community.acting() as scope:
        assert draft(scope, draft_id).version == 2
        assert judged(scope, draft_id).complete


def test_an_overlap_is_kept_in_the_draft_and_told(community):
    draft_id = a_draft_grid(community)
    cell = drawn(community, draft_id)["G1"]
    with community.acting() as scope:
        edited = edit_cells(scope, draft_id, [edit_of(cell, part(community, 0, 0.5, 0.6, 1))])
        around = judged_around(scope, draft_id, edited.shapes)
        assert [fault.code for fault in around.faults] == ["overlap"]
        assert not judged(scope, draft_id).acceptable


def test_whoever_saves_second_is_told_both_facts(community, colleague):
    draft_id = a_draft_grid(community)
    seen = drawn(community, draft_id)["G1"]
    with colleague.acting() as scope:
        edit_cells(scope, draft_id, [edit_of(seen, name="先改的")])
    with pytest.raises(Conflict) as raised, community.acting() as scope:
        edit_cells(scope, draft_id, [edit_of(seen, part(community, 0, 0.5, 0.6, 1))])
    [theirs] = raised.value.facts["theirs"]
    assert (theirs["name"], theirs["version"], theirs["who"]) == ("先改的", 2, colleague.name)
    assert theirs["geometry"]["type"] == "Polygon"
    cell = drawn(community, draft_id)["G1"]
    assert (cell.name, cell.differs) == ("先改的", "renamed")
    with community.acting() as scope:
        edit_cells(scope, draft_id, [edit_of(cell, part(community, 0, 0.5, 0.6, 1))])


def test_a_cell_somebody_else_removed_is_a_conflict_too(community):
    draft_id = a_draft_grid(community)
    seen = drawn(community, draft_id)["G1"]
    with community.acting() as scope:
        edit_cells(scope, draft_id, [], [Seen(seen.id, seen.version)])
    with pytest.raises(Conflict) as raised, community.acting() as scope:
        edit_cells(scope, draft_id, [edit_of(seen, name="晚了")])
    assert raised.value.facts["theirs"][0]["removed"]
    with pytest.raises(Conflict), community.acting() as scope:
        edit_cells(scope, draft_id, [], [Seen(seen.id, seen.version)])


def test_a_removed_cell_comes_back_with_what_it_continues(community):
    draft_id = a_draft_grid(community)
    cell = drawn(community, draft_id)["G1"]
    with community.acting() as scope:
        edit_cells(scope, draft_id, [], [Seen(cell.id, 1)])
        back = CellEdit(new_id(), None, "G1", "回来", cell.shape, continues=cell.from_cell_id)
        edit_cells(scope, draft_id, [back])
    assert drawn(community, draft_id)["G1"].from_cell_id == cell.from_cell_id


def test_a_shape_that_is_no_cell_is_refused_with_what_to_paint(community):
    draft_id = a_draft_grid(community)
    cell = drawn(community, draft_id)["G1"]
    ring = list(cell.shape.exterior.coords)[:-1]
    crossed = [ring[0], ring[2], ring[1], ring[3], ring[0]]
    sent = {"type": "Polygon", "coordinates": [[list(place) for place in crossed]]}
    with pytest.raises(InvalidInput) as raised, community.acting() as scope:
        edit_cells(
            scope,
            draft_id,
            [edit_of(cell, name="不会留下"), CellEdit(new_id(), None, "N1", "", sent)],
        )
    assert raised.value.facts["shape"]["type"] == "Point"
    cells = drawn(community, draft_id)
    assert (len(cells), cells["G1"].name) == (4, "第1网格")


def test_two_cells_never_have_one_code(community):
    draft_id = a_draft_grid(community)
    cells = drawn(community, draft_id)
    for edits in (
        [edit_of(cells["G1"], code="G2")],
        [edit_of(cells["G1"], code="X"), edit_of(cells["G2"], code="X")],
        [edit_of(cells["G1"], code="")],
        [edit_of(cells["G1"], code="长" * 21)],
    ):
        with pytest.raises(InvalidInput), community.acting() as scope:
            edit_cells(scope, draft_id, edits)
    with community.acting() as scope:
        edit_cells(
            scope, draft_id, [edit_of(cells["G1"], code="G2"), edit_of(cells["G2"], code="G9")]
        )


def test_a_cell_is_cut_and_joined_again(community):
    draft_id = a_draft_grid(community)
    cell = drawn(community, draft_id)["G1"]
    west, south, east, north = cell.shape.bounds
    third = west + (east - west) / 3
    line = LineString([(third, south - 0.001), (third, north + 0.001)])
    with community.acting() as scope:
        split_cell(scope, draft_id, Seen(cell.id, 1), line)
        assert judged(scope, draft_id).complete
    cells = drawn(community, draft_id)
    assert cells["G1"].from_cell_id == community.cells[0]
    assert cells["G1"].shape.area > cells["G1A"].shape.area
    assert cells["G1A"].differs == "new"
    with community.acting() as scope:
        merge_cells(scope, draft_id, Seen(cells["G1"].id, 2), Seen(cells["G1A"].id, 1))
        assert judged(scope, draft_id).complete
    assert drawn(community, draft_id).keys() == {"G1", "G2", "G3", "G4"}


def test_what_cannot_be_cut_or_joined_is_said(community):
    draft_id = a_draft_grid(community)
    cells = drawn(community, draft_id)
    short = LineString([cells["G1"].shape.centroid, Point(cells["G1"].shape.bounds[:2])])
    with pytest.raises(InvalidInput), community.acting() as scope:
        split_cell(scope, draft_id, Seen(cells["G1"].id, 1), short)
    with pytest.raises(InvalidInput), community.acting() as scope:
        merge_cells(scope, draft_id, Seen(cells["G1"].id, 1), Seen(cells["G4"].id, 1))


def test_snapping_keeps_nothing_until_it_is_saved(community):
    draft_id = a_draft_grid(community)
    cell = drawn(community, draft_id)["G1"]
    with community.acting() as scope:
        edit_cells(scope, draft_id, [edit_of(cell, part(community, 0, 0.5, 0.498, 1))])
        found = snapped(scope, draft_id, cell.id)
        assert len(found.moves) == 2
        assert not judged(scope, draft_id).complete
        edit_cells(scope, draft_id, [edit_of(drawn_again(scope, draft_id), found.shape)])
        assert judged(scope, draft_id).complete


def drawn_again(scope, draft_id):
    return next(cell for cell in draft_cells(scope, draft_id) if cell.code == "G1")


def test_a_closed_draft_is_not_changed(community):
    draft_id = a_draft_grid(community)
    cell = drawn(community, draft_id)["G1"]
    with community.acting() as scope:
        withdraw(scope, draft_id)
    with pytest.raises(Conflict), community.acting() as scope:
        edit_cells(scope, draft_id, [edit_of(cell, name="晚了")])
    with pytest.raises(Conflict), community.acting() as scope:
        withdraw(scope, draft_id)


def test_another_communitys_draft_does_not_exist(app, community):
    draft_id = a_draft_grid(community)
    cell = drawn(community, draft_id)["G1"]
    stranger = a_community(a_county(app))
    with stranger.acting() as scope:
        assert drafts(scope) == []
    for act in (
        lambda scope: draft(scope, draft_id),
        lambda scope: edit_cells(scope, draft_id, [edit_of(cell)]),
        lambda scope: withdraw(scope, draft_id),
        lambda scope: snapped(scope, draft_id, cell.id),
    ):
        with pytest.raises(NotFound), stranger.acting() as scope:
            act(scope)
    own = a_draft_grid(stranger)
    with stranger.acting() as scope:
        back = CellEdit(new_id(), None, "N1", "", mapping(cell.shape), continues=community.cells[0])
        edit_cells(scope, own, [back])
    assert drawn(stranger, own)["N1"].from_cell_id is None
