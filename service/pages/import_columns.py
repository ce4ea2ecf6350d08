"""Which of a roster's columns is what: looked over by a person, remembered for the next roster."""

from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.errors import Conflict, InvalidInput
from tenants.members.import_lookups import columns_to_choose
from tenants.members.import_questions import choose_columns

import_columns = Blueprint("import_columns", __name__)

PASSED_OVER = "-"
"""A select that sends nothing for the first choice could not be told from one that was not shown."""


@import_columns.route("/imports/<uuid:import_id>/columns", methods=["GET", "POST"])
@needs("import_rosters")
def columns(import_id: UUID) -> str | Response | tuple[str, int]:
    filename, sheets, read = columns_to_choose(g.scope, import_id)
    shown = {"filename": filename, "sheets": sheets, "import_id": import_id, "chosen": {}}
    if request.method == "GET":
        return render_template("imports/columns.html", **shown, read=read, fault="")
    chosen = {
        name.removeprefix("column-"): "" if field == PASSED_OVER else field
        for name, field in request.form.items()
        if name.startswith("column-")
    }
    wanted = request.form.getlist("sheet")
    if len(sheets) == 1:
        wanted = [sheets[0].sheet]
    try:
        with saving():
            choose_columns(g.scope, import_id, sheets, chosen, wanted)
    except InvalidInput as invalid:
        again = {**shown, "chosen": chosen, "read": wanted, "fault": told(invalid)}
        return render_template("imports/columns.html", **again), 422
    except Conflict as conflict:
        again = {**shown, "chosen": chosen, "read": wanted, "fault": told(conflict)}
        return render_template("imports/columns.html", **again), 409
    return redirect(url_for("imports.show", tenant=g.scope.slug, import_id=import_id))
