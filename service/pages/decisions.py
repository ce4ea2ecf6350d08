"""What a person decides about an arrival. Each is a form; htmx only saves the reload."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.places import PlacesForm
from service.pages.cards import arrival_card
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.arrivals.rules import WITHOUT_SEAT
from tenants.errors import Conflict, NotFound
from tenants.matching import actions
from tenants.matching.cases import Case, branch_choices, case, person_of, story
from tenants.members.actions import keep_places
from tenants.organisations.lookups import boundary_shape
from tenants.places.lookups import branch

decisions = Blueprint("decisions", __name__)


@decisions.after_request
def tell_the_map(response: Response) -> Response:
    """A map that shows the case fetches its layers again."""
    if request.headers.get("HX-Request") and response.status_code < 400:
        response.headers["HX-Trigger"] = "features-changed"
    return response


@decisions.post("/arrivals/<uuid:arrival_id>/accept")
@needs("decide_arrivals")
def accept(arrival_id: UUID) -> Response | str:
    found = case(g.scope, arrival_id)
    return _done(
        arrival_id,
        lambda: actions.accept(g.scope, _proposal_of(found)),
        _("已接受建议，编入%(branch)s。", branch=found.branch),
    )


@decisions.post("/arrivals/<uuid:arrival_id>/another")
@needs("decide_arrivals")
def another(arrival_id: UUID) -> Response | str:
    found = case(g.scope, arrival_id)
    return _done(
        arrival_id,
        lambda: actions.ask_for_another(g.scope, _proposal_of(found)),
        _("好的，正在另找一个支部。"),
    )


@decisions.post("/arrivals/<uuid:arrival_id>/undo")
@needs("decide_arrivals")
def undo(arrival_id: UUID) -> Response | str:
    case(g.scope, arrival_id)
    return _done(
        arrival_id,
        lambda: actions.undo_placement(g.scope, arrival_id),
        _("已撤销，名额退回，建议重新等待决定。"),
    )


@decisions.post("/arrivals/<uuid:arrival_id>/again")
@needs("decide_arrivals")
def again(arrival_id: UUID) -> Response | str:
    case(g.scope, arrival_id)
    return _done(
        arrival_id,
        lambda: actions.match_again(g.scope, arrival_id),
        _("正在重新匹配。"),
    )


@decisions.route("/arrivals/<uuid:arrival_id>/choose", methods=["GET", "POST"])
@needs("decide_arrivals")
def choose(arrival_id: UUID) -> Response | str | tuple[str, int]:
    found = case(g.scope, arrival_id)
    chosen = request.form.get("branch", type=UUID)
    if chosen is not None:
        name = branch(g.scope, chosen).name
        return _done(
            arrival_id,
            lambda: actions.redirect(g.scope, arrival_id, chosen),
            _("已编入%(branch)s。", branch=name),
        )
    page = render_template(
        "arrivals/choose.html",
        case=found,
        choices=branch_choices(g.scope, found, date.today()),
        fault=_("请先选一个支部。") if request.method == "POST" else None,
    )
    return (page, 422) if request.method == "POST" else page


@decisions.route("/arrivals/<uuid:arrival_id>/places", methods=["GET", "POST"])
@needs("decide_arrivals")
def places(arrival_id: UUID) -> Response | str | tuple[str, int]:
    found = case(g.scope, arrival_id)
    form = PlacesForm()
    page = {"case": found, "person": person_of(g.scope, found), "form": form}
    if not form.is_submitted():
        return render_template("arrivals/places.html", **page)
    if not (form.validate() and form.judge_places(boundary_shape(g.scope))):
        return render_template("arrivals/places.html", **page), 422
    known = form.places()
    if known["home"] is None and known["work"] is None:
        form.home_lon.errors = [_("请至少填一处的经度和纬度。")]
        return render_template("arrivals/places.html", **page), 422

    def act() -> None:
        if found.line.state in WITHOUT_SEAT:
            # A proposal of the old place would be measured from where nobody lives any more. Asked
            # for first: with the new place the person may be a colleague's.
            actions.match_again(g.scope, arrival_id)
        keep_places(g.scope, found.line.member_id, home=known["home"], work=known["work"])

    return _done(arrival_id, act, _("位置已登记。"))


def _proposal_of(found: Case) -> UUID:
    """The proposal the person saw, which must be one of this case."""
    seen = request.form.get("proposal", type=UUID)
    if seen is None or found.proposal is None:
        raise Conflict(_("这条建议刚刚被别人处理过，请看现在的情况。"))
    if seen != found.proposal.id:
        raise Conflict(_("建议刚刚变了，请看现在的情况。"))
    return seen


def _done(arrival_id: UUID, act: Callable[[], object], said: str) -> Response | str:
    """Do it; then the case as it now is, or why it could not be done."""
    kind = "good"
    try:
        with saving():
            act()
    except Conflict as conflict:
        kind, said = "bad", told(conflict)
    return _answer(arrival_id, kind, said)


def _answer(arrival_id: UUID, kind: str, said: str) -> Response | str:
    """Without htmx the case's page; with it the part that asked: a card, a case, a line of today."""
    try:
        found = case(g.scope, arrival_id)
    except NotFound:
        return _gone(said)
    if not request.headers.get("HX-Request"):
        flash(said, {"good": "success", "bad": "error"}[kind])
        return redirect(url_for("arrivals.show", tenant=g.scope.slug, arrival_id=arrival_id))
    asked_by = request.headers.get("HX-Target", "")
    if asked_by == "sheet-body":
        return arrival_card(g.scope, found, (kind, said))
    if asked_by == "case":
        steps = story(g.scope, arrival_id)
        return render_template("arrivals/case.html", case=found, story=steps, said=(kind, said))
    return render_template("arrivals/due.html", case=found, said=(kind, said))


def _gone(said: str) -> Response | str:
    """A corrected place may lie in a colleague's cell: then the person is theirs from now on."""
    said += _("这位同志不在您的网格内，由社区管理员接着办。")
    if request.headers.get("HX-Request"):
        return render_template("errors/notice.html", sentence=said)
    flash(said, "success")
    return redirect(url_for("today.show", tenant=g.scope.slug))
