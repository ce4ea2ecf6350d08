"""Lists of buildings coming in: upload, the check, and the decision of a person."""

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.building_files import SENTENCES, read_rows
from service.forms.buildings import BuildingListForm, DecisionForm
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.errors import Conflict
from tenants.places import buildings_imports as actions
from tenants.places.buildings_import_lookups import building_import
from tenants.places.buildings_rows import FAULTS, UnusableList

building_lists = Blueprint("building_lists", __name__)

SHOWN = 200


@building_lists.route("/buildings/lists", methods=["GET", "POST"])
@needs("manage_buildings")
def index() -> str | Response | tuple[str, int]:
    form = BuildingListForm()
    if not form.is_submitted():
        return render_template("buildings/list_new.html", form=form)
    if form.validate():
        sent = form.file.data
        try:
            rows = read_rows(sent.read())
            with saving():
                list_id = actions.check_buildings(
                    g.scope, sent.filename or "", form.system.data, rows
                )
        except UnusableList as unusable:
            form.file.errors = [str(SENTENCES[unusable.code])]
        else:
            return redirect(url_for("building_lists.show", tenant=g.scope.slug, list_id=list_id))
    return render_template("buildings/list_new.html", form=form), 422


@building_lists.get("/buildings/lists/<uuid:list_id>")
@needs("manage_buildings")
def show(list_id: UUID) -> str:
    found = building_import(g.scope, list_id)
    return render_template(
        "buildings/list_show.html",
        it=found,
        form=DecisionForm(),
        drafts=found.drafts[:SHOWN],
        faults=[
            (fault["row"], _(FAULTS[fault["code"]]) % fault["values"])
            for fault in found.faults[:SHOWN]
        ],
    )


@building_lists.post("/buildings/lists/<uuid:list_id>/accept")
@needs("manage_buildings")
def accept(list_id: UUID) -> Response:
    building_import(g.scope, list_id)
    confirmed = bool(DecisionForm().confirmed.data)
    try:
        with saving():
            count = actions.accept_buildings(g.scope, list_id, confirmed=confirmed)
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(_("已登记 %(n)s 个小区和楼栋。", n=count), "success")
    return _back(list_id)


@building_lists.post("/buildings/lists/<uuid:list_id>/discard")
@needs("manage_buildings")
def discard(list_id: UUID) -> Response:
    building_import(g.scope, list_id)
    try:
        with saving():
            actions.discard_buildings(g.scope, list_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(_("已放弃，什么都没有登记。"), "success")
    return _back(list_id)


@building_lists.post("/buildings/lists/<uuid:list_id>/undo")
@needs("manage_buildings")
def undo(list_id: UUID) -> Response:
    building_import(g.scope, list_id)
    try:
        with saving():
            count = actions.undo_buildings(g.scope, list_id, date.today())
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(_("已撤销：这次导入的 %(n)s 个小区和楼栋都停用了。", n=count), "success")
    return _back(list_id)


def _back(list_id: UUID) -> Response:
    return redirect(url_for("building_lists.show", tenant=g.scope.slug, list_id=list_id))
