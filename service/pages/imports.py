"""Rosters coming in: upload, the check, and the decision of a person."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.downloads import attached
from service.forms.imports import UPLOADED, AcceptForm, ImportForm, SystemForm
from service.pages.jobs import progress_of
from service.rejected import rejected_name, rejected_workbook
from service.rights import needs
from service.saving import saving
from service.sentences import roster_fault, told
from tenants.audit.actions import note
from tenants.errors import Conflict, InvalidInput
from tenants.matching.roster_undo import survey
from tenants.members.import_lookups import import_card, rejected_of
from tenants.members.import_lookups import imports as found_imports
from tenants.members.import_questions import check_again, decide_system
from tenants.members.imports import accept_import, discard_import, start_import, undo_import
from tenants.members.roster_matches import undecided
from tenants.outbox.lookups import job

imports = Blueprint("imports", __name__)

FAULTS_SHOWN = 200


@imports.route("/imports", methods=["GET", "POST"])
@needs("import_rosters")
def index() -> str | Response | tuple[str, int]:
    form = ImportForm()
    if not form.is_submitted():
        return _index(form)
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
    return _index(form), 422


@imports.get("/imports/<uuid:import_id>")
@needs("import_rosters")
def show(import_id: UUID) -> str:
    return _show(import_id)


@imports.get("/imports/<uuid:import_id>/rejected")
@needs("import_rosters")
def rejected(import_id: UUID) -> Response:
    """The rows that will not be taken, to be put right and sent again."""
    filename, tables = rejected_of(g.scope, import_id, roster_fault)
    with saving():
        count = sum(len(table.rows) for table in tables)
        note(g.scope, "export_rejected", "roster_import", import_id, count=count)
    return attached(rejected_workbook(tables, _), rejected_name(filename, _))


@imports.post("/imports/<uuid:import_id>/system")
@needs("import_rosters")
def system(import_id: UUID) -> Response | tuple[str, int]:
    """How the coordinates are to be read, and why: kept in the audit, then checked again."""
    form = SystemForm.of(import_card(g.scope, import_id))
    if not form.validate():
        return _show(import_id, system_form=form), 422
    said = {"swapped": form.swapped, "reason": form.reason.data}
    return _decided(import_id, lambda: decide_system(g.scope, import_id, form.system, **said))


@imports.post("/imports/<uuid:import_id>/accept")
@needs("import_rosters")
def accept(import_id: UUID) -> Response | tuple[str, int]:
    form = AcceptForm.of(undecided(g.scope, import_id))
    if not form.validate():
        return _show(import_id, accept_form=form), 422
    return _decided(import_id, lambda: accept_import(g.scope, import_id, **form.said()))


@imports.post("/imports/<uuid:import_id>/discard")
@needs("import_rosters")
def discard(import_id: UUID) -> Response:
    gone = _("已放弃，文件已删除，什么都没有导入。")
    return _decided(import_id, lambda: discard_import(g.scope, import_id), gone)


@imports.post("/imports/<uuid:import_id>/check")
@needs("import_rosters")
def check(import_id: UUID) -> Response:
    """Once more, after a check that failed."""
    return _decided(import_id, lambda: check_again(g.scope, import_id))


@imports.post("/imports/<uuid:import_id>/undo")
@needs("import_rosters")
def undo(import_id: UUID) -> Response:
    return _decided(import_id, lambda: undo_import(g.scope, import_id))


def _index(form: ImportForm) -> str:
    lines = found_imports(g.scope)
    return render_template("imports/index.html", form=form, imports=lines, systems=UPLOADED)


def _show(
    import_id: UUID,
    *,
    accept_form: AcceptForm | None = None,
    system_form: SystemForm | None = None,
) -> str:
    found = import_card(g.scope, import_id)
    is_running = found.state in ("checking", "accepting", "undoing")
    work = job(g.scope, found.job_id) if is_running and found.job_id else None
    waiting = undecided(g.scope, import_id) if found.state == "checked" else {}
    asks_system = found.state == "asking" and (found.question or {}).get("kind") == "system"
    asks_undo = found.state == "accepted" and "undo" in request.args
    return render_template(
        "imports/show.html",
        it=found,
        job=work,
        progress=None if work is None else progress_of(work),
        faults=found.faults[:FAULTS_SHOWN],
        undecided=waiting,
        accept_form=accept_form or AcceptForm.of(waiting),
        system_form=system_form or (SystemForm.of(found) if asks_system else None),
        survey=survey(g.scope, import_id) if asks_undo else None,
    )


def _decided(import_id: UUID, act: Callable[[], object], done: str = "") -> Response:
    """Somebody else may have decided a moment ago: that is told on the page as it is now."""
    try:
        with saving():
            act()
    except (Conflict, InvalidInput) as refused:
        flash(told(refused), "error")
    else:
        if done:
            flash(done, "success")
    return redirect(url_for("imports.show", tenant=g.scope.slug, import_id=import_id))
