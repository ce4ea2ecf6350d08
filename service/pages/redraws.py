"""A redraw as a proposal: who would change and why, and what a person decides about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.redraw_words import REASON_WORDS
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note_people
from tenants.errors import Conflict, InvalidInput
from tenants.grid.drafts.actions import withdraw
from tenants.grid.drafts.lookups import DrawnCell, draft, draft_cells
from tenants.grid.drafts.rebasing import rebase
from tenants.grid.lookups import cell_names, groups_today
from tenants.redraws import actions
from tenants.redraws.lookups import RedrawRow, leaders_of_cells, line_counts, lines

redraws = Blueprint("redraws", __name__)

PAGE = 50


@redraws.get("/grid/drafts/<uuid:draft_id>/people")
@needs("edit_grid")
def people(draft_id: UUID) -> str:
    """Who changes cell and group, one page; `outcome` moves or stays."""
    found = draft(g.scope, draft_id)
    outcome = request.args.get("outcome", "")
    rows = lines(
        g.scope,
        draft_id,
        outcome=outcome,
        after=request.args.get("after", type=UUID),
        limit=PAGE + 1,
    )
    shown, drawn = rows[:PAGE], draft_cells(g.scope, draft_id)
    with saving():
        note_people(g.scope, "read_members", (row.member_id for row in shown))
    return render_template(
        "grid/people.html",
        draft=found,
        rows=shown,
        next_after=shown[-1].id if len(rows) > PAGE else None,
        outcome=outcome,
        counts=line_counts(g.scope, draft_id),
        cells_now=cell_names(g.scope, [row.from_cell_id for row in shown if row.from_cell_id]),
        cells_then={cell.id: cell.name for cell in drawn},
        leads=_leaders(shown, drawn),
        groups=dict(groups_today(g.scope)),
        reasons=REASON_WORDS,
    )


@redraws.post("/grid/drafts/<uuid:draft_id>/propose")
@needs("edit_grid")
def propose(draft_id: UUID) -> Response:
    return _do(draft_id, actions.propose, _("已提交。正在核对谁会换网格。"))


@redraws.post("/grid/drafts/<uuid:draft_id>/take-back")
@needs("edit_grid")
def take_back(draft_id: UUID) -> Response:
    return _do(draft_id, actions.take_back, _("已收回，可以继续画。"))


@redraws.post("/grid/drafts/<uuid:draft_id>/withdraw")
@needs("edit_grid")
def give_up(draft_id: UUID) -> Response:
    return _do(draft_id, withdraw, _("草稿已撤回，今天的网格没有变。"))


@redraws.post("/grid/drafts/<uuid:draft_id>/rebase")
@needs("edit_grid")
def bring_up_to_date(draft_id: UUID) -> Response:
    return _do(draft_id, rebase, _("草稿已更新到今天的网格，形状没有动。请再看一遍。"))


@redraws.post("/grid/drafts/<uuid:draft_id>/approve")
@needs("edit_grid")
def approve(draft_id: UUID) -> Response:
    """The version that was seen comes along: nobody approves what they have not read."""
    seen = request.form.get("version", type=int) or 0
    return _do(
        draft_id,
        lambda scope, id_: actions.approve(scope, id_, seen),
        _("已批准。"),
    )


@redraws.post("/grid/drafts/<uuid:draft_id>/undo")
@needs("edit_grid")
def undo(draft_id: UUID) -> Response:
    return _do(draft_id, actions.undo, _("批准已撤销，网格回到调整以前的样子。"))


def _leaders(rows: list[RedrawRow], drawn: list[DrawnCell]) -> dict[UUID, list[str]]:
    """Cell in force or draft cell -> who leads it, for the cells of these lines.

    A leader goes on with the cell that goes on, so both ids lead to the same people.
    """
    there = {cell.id: cell.cell_id or cell.from_cell_id for cell in drawn}
    now = {cell.from_cell_id: cell.cell_id or cell.from_cell_id for cell in drawn}
    wanted = {row.from_cell_id: now.get(row.from_cell_id, row.from_cell_id) for row in rows}
    wanted |= {row.to_draft_cell_id: there.get(row.to_draft_cell_id) for row in rows}  # type: ignore[arg-type]
    found = leaders_of_cells(g.scope, [id_ for id_ in wanted.values() if id_])
    return {cell: found[lead] for cell, lead in wanted.items() if cell and lead and lead in found}


def _do(draft_id: UUID, act: Callable[..., Any], said: str) -> Response:
    try:
        with saving():
            act(g.scope, draft_id)
    except (Conflict, InvalidInput) as refused:
        flash(told(refused), "error")
    else:
        flash(said, "success")
    return redirect(url_for("grid_drafts.show", tenant=g.scope.slug, draft_id=draft_id))
