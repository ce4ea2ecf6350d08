"""The grid of a day, as a list and on the map, and the drafts of the next one."""

from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geo.maps import SCRIPTS, STYLES, Bounds, FeatureLayer, compose
from service.forms.grid import BalanceForm, DraftForm
from service.headers import csp_nonce
from service.pages.base_map import base_map_of
from service.redraw_words import DRAFT_STATE_WORDS
from service.rights import allows, needs
from service.saving import saving
from service.sentences import told
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.grid.drafts.actions import start_draft
from tenants.grid.drafts.lookups import drafts
from tenants.grid.lookups import cells_on, days_of_change, groups_of_cells
from tenants.organisations.lookups import boundary_feature
from tenants.redraws.actions import ask_for_balance
from tenants.redraws.lookups import leaders_of_cells
from tenants.scope import Scope

grid = Blueprint("grid", __name__)


@grid.get("/grid")
@needs("see_map")
def index() -> str:
    """The cells in force on a day; whoever may draw sees the drafts too."""
    return _page(DraftForm(formdata=None), BalanceForm(formdata=None))


@grid.get("/grid/map")
@needs("see_map")
def day_map() -> str:
    """The map of a day: past, today or to come."""
    _refuse_offices(g.scope)
    boundary, day = boundary_feature(g.scope), _day()
    api = f"/api/v1/tenants/{g.scope.slug}"
    drawn = boundary and compose(
        Bounds(*boundary["bounds"]),
        [
            FeatureLayer("boundary", f"{api}/features/boundary", "boundary"),
            FeatureLayer("cells", f"{api}/cells?on={day.isoformat()}", "cell"),
        ],
        scripts=[url_for("static", filename=name) for name in SCRIPTS],
        styles=[url_for("static", filename=name) for name in STYLES],
        nonce=csp_nonce(),
        ground=base_map_of(g.scope),
    )
    return render_template(
        "map/show.html",
        drawn=drawn,
        layers=[
            {"key": "cells", "kind": "cell", "label": _("各网格"), "count": None},
            {"key": "boundary", "kind": "boundary", "label": _("辖区边界"), "count": None},
        ],
        cards_url=f"/t/{g.scope.slug}/cards/",
        list_url=url_for("grid.index", tenant=g.scope.slug, on=day.isoformat()),
        boundary_url=None,
    )


@grid.post("/grid/drafts")
@needs("edit_grid")
def start() -> str | Response | tuple[str, int]:
    """A draft of today's cells, or an empty one."""
    form = DraftForm()
    if form.validate():
        try:
            with saving():
                draft_id = start_draft(
                    g.scope,
                    form.name.data or "",
                    form.effective_on.data,
                    empty=form.begin.data == "empty",
                )
            return redirect(url_for("grid_drafts.show", tenant=g.scope.slug, draft_id=draft_id))
        except InvalidInput as invalid:
            form.effective_on.errors = [told(invalid)]
        except Conflict as conflict:
            flash(told(conflict), "error")
    return _page(form, BalanceForm(formdata=None)), 422


@grid.post("/grid/balance")
@needs("edit_grid")
def balanced() -> str | Response | tuple[str, int]:
    """A draft that the machine draws: few changes, as many people in one cell as in another."""
    form = BalanceForm()
    if form.validate():
        try:
            with saving():
                draft_id = ask_for_balance(
                    g.scope,
                    form.name.data or "",
                    form.effective_on.data,
                    fewest=form.fewest.data or 0,
                    most=form.most.data or 0,
                )
            return redirect(url_for("grid_drafts.show", tenant=g.scope.slug, draft_id=draft_id))
        except InvalidInput as invalid:
            form.most.errors = [told(invalid)]
        except Conflict as conflict:
            flash(told(conflict), "error")
    return _page(DraftForm(formdata=None), form), 422


def _page(form: DraftForm, balance: BalanceForm) -> str:
    _refuse_offices(g.scope)
    day = _day()
    cells = cells_on(g.scope, day)
    ids = [cell.id for cell in cells]
    may_draw = allows(g.scope.role, "edit_grid")
    return render_template(
        "grid/index.html",
        cells=cells,
        groups=groups_of_cells(g.scope, ids),
        leaders=leaders_of_cells(g.scope, ids),
        day=day,
        today=date.today(),
        days=days_of_change(g.scope),
        drafts=drafts(g.scope) if may_draw else [],
        form=form,
        balance=balance,
        boundary=boundary_feature(g.scope) is not None,
        draft_state_words=DRAFT_STATE_WORDS,
    )


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return date.today()


def _refuse_offices(scope: Scope) -> None:
    if scope.level != "community":
        raise NotFound
