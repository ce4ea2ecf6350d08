"""Rosters coming in: upload, the check, and the decision of a person."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.imports import ImportForm
from service.pages.jobs import progress_of
from service.rejected import rejected_name, rejected_workbook
from service.rights import needs
from service.saving import saving
from service.sentences import roster_fault, told
from service.spreadsheets import download
from tenants.audit.actions import note
from tenants.errors import Conflict, InvalidInput
from tenants.members.import_lookups import import_card, rejected_of
from tenants.members.import_lookups import imports as found_imports
from tenants.members.imports import accept_import, discard_import, start_import
from tenants.outbox.lookups import job

imports = Blueprint("imports", __name__)

FAULTS_SHOWN = 200


@imports.route("/imports", methods=["GET", "POST"])
@needs("import_rosters")
def index() -> str | Response | tuple[str, int]:
    form = ImportForm()
    if not form.is_submitted():
        return render_template("imports/index.html", form=form, imports=found_imports(g.scope))
    if form.validate():
        sent = form.file.data
        try:
            with saving():
                import_id = start_import(
                    g.scope, sent.filename or "", sent.read(), form.system.data
                )
        except InvalidInput as invalid:
            form.file.errors = [told(invalid)]
        else:
            return redirect(url_for("imports.show", tenant=g.scope.slug, import_id=import_id))
    return render_template("imports/index.html", form=form, imports=found_imports(g.scope)), 422


@imports.get("/imports/<uuid:import_id>")
@needs("import_rosters")
def show(import_id: UUID) -> str:
    found = import_card(g.scope, import_id)
    running = found.job_id if found.state in ("checking", "accepting") else None
    work = None if running is None else job(g.scope, running)
    return render_template(
        "imports/show.html",
        it=found,
        job=work,
        progress=None if work is None else progress_of(work),
        faults=found.faults[:FAULTS_SHOWN],
    )


@imports.get("/imports/<uuid:import_id>/rejected")
@needs("import_rosters")
def rejected(import_id: UUID) -> Response:
    """The rows that will not be taken, to be put right and sent again."""
    filename, tables = rejected_of(g.scope, import_id, roster_fault)
    with saving():
        count = sum(len(table.rows) for table in tables)
        note(g.scope, "export_rejected", "roster_import", import_id, count=count)
    return download(rejected_workbook(tables, _), rejected_name(filename, _))


@imports.post("/imports/<uuid:import_id>/accept")
@needs("import_rosters")
def accept(import_id: UUID) -> Response:
    return _decided(import_id, "accept")


@imports.post("/imports/<uuid:import_id>/discard")
@needs("import_rosters")
def discard(import_id: UUID) -> Response:
    return _decided(import_id, "discard")


def _decided(import_id: UUID, decision: str) -> Response:
    """Somebody else may have decided a moment ago: that is told on the page as it is now."""
    act = {"accept": accept_import, "discard": discard_import}[decision]
    try:
        with saving():
            act(g.scope, import_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        if decision == "discard":
            flash(_("已放弃，文件已删除，什么都没有导入。"), "success")
    return redirect(url_for("imports.show", tenant=g.scope.slug, import_id=import_id))
