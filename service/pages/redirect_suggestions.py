"""What a match run suggests next door, on the case it is about; a person takes or declines it."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.arrivals.lookups import arrival
from tenants.errors import Conflict, InvalidInput
from tenants.redirects.suggestions import actions
from tenants.redirects.suggestions.lookups import last_suggestion, suggestion

suggestions = Blueprint("suggestions", __name__)


@suggestions.get("/arrivals/<uuid:arrival_id>/nearer")
@needs("redirect_arrivals")
def nearer(arrival_id: UUID) -> str | tuple[str, int]:
    """What the case's page asks once: the branch next door that is suggested, or nothing."""
    arrival(g.scope, arrival_id)
    found = last_suggestion(g.scope, arrival_id)
    if found is None:
        return "", 204
    return render_template("redirects/nearer.html", suggestion=found)


@suggestions.post("/redirects/suggestions/<uuid:suggestion_id>/take")
@needs("redirect_arrivals")
def take(suggestion_id: UUID) -> Response:
    return _done(
        suggestion_id,
        lambda: actions.take(g.scope, suggestion_id),
        _("已提出，正在送到对方社区。对方接收之前看不到姓名。"),
    )


@suggestions.post("/redirects/suggestions/<uuid:suggestion_id>/decline")
@needs("redirect_arrivals")
def decline(suggestion_id: UUID) -> Response:
    return _done(
        suggestion_id,
        lambda: actions.decline(g.scope, suggestion_id),
        _("留在本社区。这个支部不会再建议给这位同志。"),
    )


@suggestions.post("/redirects/suggestions/<uuid:suggestion_id>/think-again")
@needs("redirect_arrivals")
def think_again(suggestion_id: UUID) -> Response:
    return _done(
        suggestion_id,
        lambda: actions.think_again(g.scope, suggestion_id),
        _("建议重新等待决定。"),
    )


def _done(suggestion_id: UUID, act: Callable[[], object], said: str) -> Response:
    """Do it, and back to the case; a redirect that was made is shown from there."""
    found = suggestion(g.scope, suggestion_id)
    try:
        with saving():
            act()
    except (InvalidInput, Conflict) as error:
        flash(told(error), "error")
    else:
        flash(said, "success")
    return redirect(url_for("arrivals.show", tenant=g.scope.slug, arrival_id=found.arrival_id))
