"""Entering the number of a member's identity document, or taking it away."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.errors import Conflict, InvalidInput
from tenants.members.documents.actions import drop_document, keep_document

documents = Blueprint("documents", __name__)


@documents.post("/members/<uuid:member_id>/document")
@needs("keep_documents")
def keep(member_id: UUID) -> Response:
    """The number itself is never answered: neither in a sentence nor in an address."""
    seen = request.form.get("version", type=int) or 0
    try:
        if "drop" in request.form:
            with saving():
                drop_document(g.scope, member_id, seen)
            flash(_("证件号码已去掉。"))
        else:
            with saving():
                twice = keep_document(g.scope, member_id, seen, request.form.get("number", ""))
            flash(_("证件号码已登记，只有写明原因才能查看。"))
            if twice:
                flash(_("名册里另有一条记录是同一个证件号码，请到“可能重复”里看一看。"), "error")
    except (Conflict, InvalidInput) as error:
        flash(told(error), "error")
    return redirect(url_for("members.show", tenant=g.scope.slug, member_id=member_id))
