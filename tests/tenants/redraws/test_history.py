"""Whatever is redrawn and undone: the map of each past day stays what it was on that day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tenants.database import db, new_id
from tenants.grid.drafts.actions import edit_cells, locked
from tenants.grid.drafts.applying import put_in_force, take_out_of_force
from tenants.grid.drafts.changes import CellEdit, Seen
from tenants.grid.drafts.lookups import draft_cells, judged
from tenants.grid.lookups import cells_on
from tests.factories.counties import a_community, a_county
from tests.factories.grid import a_draft_grid, edit_of, part

TODAY = date.today()


def on(scope, day):
    return {cell.code: cell.shape.wkt for cell in cells_on(scope, day)}


def redrawn(community, scope, draft_id, where, kind):
    """One of three redraws of the northern half, whatever it looks like now."""
    cells = {cell.code: cell for cell in draft_cells(scope, draft_id)}
    north = [cell for code, cell in cells.items() if code not in ("G3", "G4")]
    if kind == "one":
        whole = edit_of(north[0], part(community, 0, 0.5, 1, 1))
        edit_cells(scope, draft_id, [whole], [Seen(c.id, c.version) for c in north[1:]])
        return
    sides = [part(community, 0, 0.5, where, 1), part(community, where, 0.5, 1, 1)]
    edits = [edit_of(cell, side) for cell, side in zip(north, sides, strict=False)]
    if len(north) == 1:
        edits.append(CellEdit(new_id(), None, f"N{where}", "", sides[1]))
    gone = [Seen(c.id, c.version) for c in north[2:]]
    edit_cells(scope, draft_id, edits, gone)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["two", "one", "undo"]),
            st.sampled_from([0.3, 0.45, 0.6, 0.8]),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_history_replays_to_the_same_map(app, steps):
    community = a_community(a_county(app))
    day, applied = TODAY, []
    with community.acting() as scope:
        told = {TODAY - timedelta(days=1): on(scope, TODAY - timedelta(days=1))}
    for kind, where, later in steps:
        day += timedelta(days=later)
        if kind == "undo":
            if not applied:
                continue
            with community.acting() as scope:
                take_out_of_force(scope, locked(scope, applied[-1], "undo"), day)
                locked(scope, applied.pop(), "undo").state = "undone"
        else:
            draft_id = a_draft_grid(community)
            with community.acting() as scope:
                redrawn(community, scope, draft_id, where, kind)
                assert judged(scope, draft_id).complete
                db.session.execute(
                    text("UPDATE grid_draft SET state = 'approved' WHERE id = :id"),
                    {"id": draft_id},
                )
                put_in_force(scope, locked(scope, draft_id, "undo"), day)
                applied.append(draft_id)
        with community.acting() as scope:
            told[day] = on(scope, day)
            assert sum(1 for _ in told[day]) >= 3
    with community.acting() as scope:
        for known, map_of_day in told.items():
            assert on(scope, known) == map_of_day
        begun = min(told)
        for offset in range((day - begun).days + 1):
            looked = begun + timedelta(days=offset)
            latest = max(known for known in told if known <= looked)
            assert on(scope, looked) == told[latest]
