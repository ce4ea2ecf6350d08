"""Tokens of programs: listed without the token, issued once, revoked."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.administration import TokenForm
from service.rights import ROLE_TITLES, needs, works_when_paused
from service.saving import saving
from service.sentences import told
from tenants.errors import Conflict
from tenants.people.actions import issue_token, revoke_token
from tenants.people.lookups import tokens as found_tokens

tokens = Blueprint("tokens", __name__)


@tokens.route("/tokens", methods=["GET", "POST"])
@needs("manage_tokens")
def index() -> str | tuple[str, int]:
    """A token has the rights of whoever issues it, and no more."""
    form = TokenForm()
    if form.validate_on_submit():
        with saving():
            token = issue_token(g.scope, g.scope.standing_id, form.name.data)
        return _page(TokenForm(formdata=None), token)
    page = _page(form, None)
    return (page, 422) if form.is_submitted() else page


@tokens.post("/tokens/<uuid:token_id>/revoke")
@needs("manage_tokens")
@works_when_paused
def revoke(token_id: UUID) -> Response:
    try:
        with saving():
            revoke_token(g.scope, token_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(_("令牌已作废，用它的程序从现在起被拒绝。"), "success")
    return redirect(url_for("tokens.index", tenant=g.scope.slug))


def _page(form: TokenForm, token: str | None) -> str:
    return render_template(
        "administration/tokens.html",
        form=form,
        token=token,
        tokens=found_tokens(g.scope),
        titles=ROLE_TITLES,
    )
