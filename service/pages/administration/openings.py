"""Many tenants from one spreadsheet: the dry run, the decision, the links to hand on."""

from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.downloads import attached
from service.forms.administration import OpenManyForm
from service.pages.administration.links import link_to
from service.pages.jobs import progress_of
from service.rights import needs
from service.saving import saving
from service.sentences import told
from service.spreadsheets import Sheet, workbook
from service.words import OPENING_COLUMN_WORDS
from tenants.administration import openings as actions
from tenants.errors import Conflict, InvalidInput
from tenants.mobility.pack_files import repository_packs
from tenants.outbox.lookups import job

openings = Blueprint("openings", __name__)

FAULTS_SHOWN = 300


@openings.route("/administration/many", methods=["GET", "POST"])
@needs("manage_tenants")
def index() -> str | Answer | tuple[str, int]:
    form = OpenManyForm()
    form.offer({pack.id: pack.title for pack in repository_packs()}.items())
    if form.validate_on_submit():
        sent = form.file.data
        try:
            with saving():
                opening_id = actions.start_opening(
                    g.scope, sent.filename or "", sent.read(), form.system.data, form.pack.data
                )
        except (InvalidInput, Conflict) as refused:
            form.file.errors = [told(refused)]
        else:
            return redirect(url_for("openings.show", tenant=g.scope.slug, opening_id=opening_id))
    page = render_template(
        "administration/many.html", form=form, openings=actions.openings(g.scope)
    )
    return (page, 422) if form.is_submitted() else page


@openings.get("/administration/many/<uuid:opening_id>")
@needs("manage_tenants")
def show(opening_id: UUID) -> str:
    found = actions.opening_card(g.scope, opening_id)
    running = found.job_id if found.state in ("checking", "opening") else None
    work = None if running is None else job(g.scope, running)
    return render_template(
        "administration/opening.html",
        it=found,
        job=work,
        progress=None if work is None else progress_of(work),
        faults=found.faults[:FAULTS_SHOWN],
        columns=OPENING_COLUMN_WORDS,
    )


@openings.post("/administration/many/<uuid:opening_id>/accept")
@needs("manage_tenants")
def accept(opening_id: UUID) -> Answer:
    return _decided(opening_id, "accept")


@openings.post("/administration/many/<uuid:opening_id>/discard")
@needs("manage_tenants")
def discard(opening_id: UUID) -> Answer:
    return _decided(opening_id, "discard")


@openings.post("/administration/many/<uuid:opening_id>/links")
@needs("manage_tenants")
def links(opening_id: UUID) -> Response | Answer:
    """A sheet of links, this once."""
    try:
        with saving():
            found = actions.take_links(g.scope, opening_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
        return redirect(url_for("openings.show", tenant=g.scope.slug, opening_id=opening_id))
    columns = (_("单位"), _("短名"), _("管理员"), _("邮箱"), _("邀请链接"))
    rows = [
        (each.name, each.slug, each.admin_name, each.admin_email, link_to(each.token) or "")
        for each in found
    ]
    return attached(workbook([Sheet(_("邀请链接"), columns, rows)]), f"{_('邀请链接')}.xlsx")


def _decided(opening_id: UUID, decision: str) -> Answer:
    act = {"accept": actions.accept_opening, "discard": actions.discard_opening}[decision]
    try:
        with saving():
            act(g.scope, opening_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        if decision == "discard":
            flash(_("已放弃，文件已删除，什么都没有开通。"), "success")
    return redirect(url_for("openings.show", tenant=g.scope.slug, opening_id=opening_id))
