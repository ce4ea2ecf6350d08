"""One draft of the grid: drawn on the map or written in a list, checked, brought in from a file."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, json, redirect, render_template, url_for
from flask_babel import gettext as _
from shapely.geometry import mapping
from werkzeug.wrappers import Response

from geo.maps import Bounds, FeatureLayer, compose
from service.forms.grid import CellForm, CellsFileForm, DraftForm
from service.headers import csp_nonce
from service.pages.base_map import base_map_of
from service.pages.jobs import progress_of
from service.redraw_words import DIFFERS_WORDS, DRAFT_STATE_WORDS
from service.rights import needs
from service.saving import saving
from service.sentences import told, translated
from tenants.database import new_id
from tenants.errors import Conflict, InvalidInput
from tenants.grid.drafts import lookups
from tenants.grid.drafts.actions import change_draft, edit_cells
from tenants.grid.drafts.cell_files import import_cells
from tenants.grid.drafts.changes import CellEdit, Seen
from tenants.grid.drafts.rules import free_code
from tenants.grid.lookups import groups_of_cells, groups_today
from tenants.organisations.lookups import boundary_feature
from tenants.outbox.lookups import job
from tenants.people.lookups import shown_names
from tenants.redraws.lookups import judged_with_buildings, leaders_of_cells, line_counts

grid_drafts = Blueprint("grid_drafts", __name__)

EDITOR_SCRIPTS = (
    "vendor/leaflet-1.9.4/leaflet.js",
    "map/shapes.js",
    "map/labels.js",
    "map/layer.js",
    "map/ground.js",
    "map/grid/cells.js",
    "map/grid/handles.js",
    "map/grid/saving.js",
    "map/grid/faults.js",
    "map/grid/draw.js",
    "map/grid/edit.js",
)
EDITOR_STYLES = ("vendor/leaflet-1.9.4/leaflet.css", "map/map.css", "map/grid/edit.css")


@grid_drafts.get("/grid/drafts/<uuid:draft_id>")
@needs("edit_grid")
def show(draft_id: UUID) -> str:
    """What the draft is, what is wrong with it, and what would change."""
    return _page(draft_id, CellsFileForm(formdata=None))


@grid_drafts.get("/grid/drafts/<uuid:draft_id>/map")
@needs("edit_grid")
def draw(draft_id: UUID) -> str | Response:
    """The editor. It can be looked at in every state, and drawn on while it is a draft."""
    found = lookups.draft(g.scope, draft_id)
    boundary = boundary_feature(g.scope)
    if boundary is None:
        return _back(draft_id)
    api = f"/api/v1/tenants/{g.scope.slug}"
    drawn = compose(
        Bounds(*boundary["bounds"]),
        [FeatureLayer("boundary", f"{api}/features/boundary", "boundary")],
        scripts=[url_for("static", filename=name) for name in EDITOR_SCRIPTS],
        styles=[url_for("static", filename=name) for name in EDITOR_STYLES],
        nonce=csp_nonce(),
        ground=base_map_of(g.scope),
    )
    return render_template(
        "grid/editor.html",
        draft=found,
        drawn=drawn,
        api=f"{api}/grid/drafts/{draft_id}",
        boundary=f"{api}/features/boundary?bbox={_box(boundary)}&zoom=18",
        editable=found.state == "draft",
        differs_words=DIFFERS_WORDS,
        groups=groups_today(g.scope),
    )


@grid_drafts.post("/grid/drafts/<uuid:draft_id>/change")
@needs("edit_grid")
def change(draft_id: UUID) -> Response:
    """Another name, another day."""
    form = DraftForm()
    form.begin.data = "today"
    try:
        with saving():
            lookups.draft(g.scope, draft_id)
            if not form.name.data or form.effective_on.data is None:
                raise InvalidInput(_("请填名字，选一天。"))
            change_draft(g.scope, draft_id, form.name.data, form.effective_on.data)
    except (Conflict, InvalidInput) as refused:
        flash(told(refused), "error")
    return _back(draft_id)


@grid_drafts.post("/grid/drafts/<uuid:draft_id>/import")
@needs("edit_grid")
def bring_in(draft_id: UUID) -> str | Response | tuple[str, int]:
    """Cells out of a GeoJSON file, a zipped Shapefile or a GeoPackage."""
    lookups.draft(g.scope, draft_id)
    form = CellsFileForm()
    if form.validate():
        sent = form.file.data
        try:
            with saving():
                done = import_cells(
                    g.scope,
                    draft_id,
                    sent.read(),
                    form.system.data or "",
                    instead=bool(form.instead.data),
                )
            flash(
                _(
                    "已读入 %(cells)s 个网格：新的 %(new)s 个，按编号换了形状的 %(known)s 个，删去 %(removed)s 个。",
                    cells=done.new + done.known,
                    new=done.new,
                    known=done.known,
                    removed=done.removed,
                ),
                "success",
            )
            return _back(draft_id)
        except InvalidInput as invalid:
            form.file.errors = [told(invalid)]
        except Conflict as conflict:
            flash(told(conflict), "error")
    return _page(draft_id, form), 422


@grid_drafts.route("/grid/drafts/<uuid:draft_id>/cells/new", methods=["GET", "POST"])
@needs("edit_grid")
def new_cell(draft_id: UUID) -> str | Response | tuple[str, int]:
    """A cell without a map: its shape as GeoJSON."""
    lookups.draft(g.scope, draft_id)
    form = _cell_form()
    if not form.is_submitted():
        form.code.data = free_code(c.code for c in lookups.draft_cells(g.scope, draft_id))
    elif form.validate() and _keep(draft_id, form, new_id(), None):
        return _back(draft_id)
    return _cell_page(draft_id, form, None)


@grid_drafts.route(
    "/grid/drafts/<uuid:draft_id>/cells/<uuid:draft_cell_id>", methods=["GET", "POST"]
)
@needs("edit_grid")
def cell(draft_id: UUID, draft_cell_id: UUID) -> str | Response | tuple[str, int]:
    """Code, name, group and shape of one cell; the version that was seen comes back with the form."""
    found = lookups.draft_cell(g.scope, draft_id, draft_cell_id)
    form = _cell_form()
    if not form.is_submitted():
        form.code.data, form.name.data = found.code, found.name
        form.group.data = str(found.group_id or "")
        form.shape.data = json.dumps(mapping(found.shape))
    elif form.validate() and _keep(draft_id, form, found.id, found):
        return _back(draft_id)
    return _cell_page(draft_id, form, found)


@grid_drafts.post("/grid/drafts/<uuid:draft_id>/cells/<uuid:draft_cell_id>/remove")
@needs("edit_grid")
def remove_cell(draft_id: UUID, draft_cell_id: UUID) -> Response:
    """Out of the draft; the cell in force stays until the draft is approved."""
    found = lookups.draft_cell(g.scope, draft_id, draft_cell_id)
    try:
        with saving():
            edit_cells(g.scope, draft_id, [], [Seen(found.id, found.version)])
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(_("已从草稿里删去网格 %(code)s。", code=found.code), "success")
    return _back(draft_id)


def _keep(draft_id: UUID, form: CellForm, cell_id: UUID, found: lookups.DrawnCell | None) -> bool:
    edit = CellEdit(
        cell_id,
        None if found is None else found.version,
        form.code.data or "",
        form.name.data or "",
        _shape(form, found),
        group_id=UUID(form.group.data) if form.group.data else None,
    )
    try:
        with saving():
            edit_cells(g.scope, draft_id, [edit])
    except InvalidInput as invalid:
        at = form.code if "code" in invalid.facts else form.shape
        at.errors = [told(invalid)]
    except Conflict as conflict:
        form.code.errors = [told(conflict)]
    else:
        flash(_("已保存。"), "success")
        return True
    return False


def _shape(form: CellForm, found: lookups.DrawnCell | None) -> Any:
    """What was typed as JSON; None when it is the shape that is there already."""
    try:
        typed = json.loads(form.shape.data or "")
    except ValueError:
        return {} if form.shape.data or found is None else None
    same = found is not None and typed == json.loads(json.dumps(mapping(found.shape)))
    return None if same else typed


def _cell_form() -> CellForm:
    form = CellForm()
    form.group.choices = [("", _("还没有定")), *((str(id_), n) for id_, n in groups_today(g.scope))]
    return form


def _cell_page(
    draft_id: UUID, form: CellForm, found: lookups.DrawnCell | None
) -> str | tuple[str, int]:
    page = render_template(
        "grid/cell.html", draft=lookups.draft(g.scope, draft_id), form=form, cell=found
    )
    return (page, 422) if form.errors else page


def _page(draft_id: UUID, file_form: CellsFileForm) -> str:
    found = lookups.draft(g.scope, draft_id)
    cells = lookups.draft_cells(g.scope, draft_id)
    given_up = lookups.cells_given_up(g.scope, draft_id) if found.applied_on is None else []
    work = None if found.job_id is None else job(g.scope, found.job_id)
    now = [cell.from_cell_id for cell in cells if cell.from_cell_id] + [c.id for c in given_up]
    there = now + [cell.cell_id for cell in cells if cell.cell_id]
    form = DraftForm(formdata=None, name=found.name, effective_on=found.effective_on)
    return render_template(
        "grid/draft.html",
        draft=found,
        cells=cells,
        given_up=given_up,
        draft_state_words=DRAFT_STATE_WORDS,
        differs_words=DIFFERS_WORDS,
        faults=_faults(draft_id, cells) if found.state in ("draft", "proposed") else [],
        stale=found.state in ("draft", "proposed") and lookups.is_stale(g.scope, found),
        groups=groups_of_cells(g.scope, there),
        group_names=dict(groups_today(g.scope)),
        leaders=leaders_of_cells(g.scope, there),
        counts=line_counts(g.scope, draft_id),
        people=found.plan.get("people"),
        names=shown_names(g.scope, [id_ for id_ in (found.made_by, found.approved_by) if id_]),
        job=work,
        progress=None if work is None else progress_of(work),
        form=form,
        file_form=file_form,
        boundary=boundary_feature(g.scope) is not None,
    )


def _faults(draft_id: UUID, cells: list[lookups.DrawnCell]) -> list[dict[str, Any]]:
    codes = {cell.id: cell.code for cell in cells}
    return [
        {
            "sentence": translated(fault.sentence) % fault.values,
            "blocking": fault.blocking,
            "codes": [codes[id_] for id_ in fault.cells if id_ in codes],
        }
        for fault in judged_with_buildings(g.scope, draft_id).faults
    ]


def _box(boundary: dict[str, Any]) -> str:
    return ",".join(f"{side:.7f}" for side in boundary["bounds"])


def _back(draft_id: UUID) -> Response:
    return redirect(url_for("grid_drafts.show", tenant=g.scope.slug, draft_id=draft_id))
