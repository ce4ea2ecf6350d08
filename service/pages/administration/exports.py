"""Everything the tenant holds, to take away; also where it is closed and waits to be erased."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from service.pages.jobs import progress_of
from service.rights import needs, works_when_closed
from service.saving import saving
from service.sentences import told
from tenants.administration.exports import ask_export, export_content
from tenants.administration.exports import exports as found_exports
from tenants.errors import Conflict
from tenants.organisations.below import own_card
from tenants.outbox.lookups import job

exports = Blueprint("exports", __name__)


@exports.route("/export", methods=["GET", "POST"])
@needs("take_data_away")
@works_when_closed
def index() -> str | Answer:
    if request.method == "POST":
        try:
            with saving():
                ask_export(g.scope)
        except Conflict as conflict:
            flash(told(conflict), "error")
        return redirect(url_for("exports.index", tenant=g.scope.slug))
    found = found_exports(g.scope)
    newest = next((each for each in found if each.job_id), None)
    working = newest if newest and newest.state in ("asked", "failed") else None
    work = None if working is None or working.job_id is None else job(g.scope, working.job_id)
    return render_template(
        "administration/export.html",
        exports=found,
        card=own_card(g.scope),
        job=work,
        progress=None if work is None else progress_of(work),
        today=date.today(),
    )


@exports.get("/export/<uuid:export_id>/file")
@needs("take_data_away")
@works_when_closed
def fetch(export_id: UUID) -> Response:
    with saving():
        content = export_content(g.scope, export_id, date.today())
    answer = Response(content, content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{g.scope.slug}.zip"'
    return answer
