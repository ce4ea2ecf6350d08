"""Arrivals: the list, one person's case, and registering somebody."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.arrivals import ArrivalForm
from service.pages.decisions import decisions
from service.rights import needs
from service.saving import saving
from tenants.arrivals.actions import register_arrival
from tenants.arrivals.lookups import PAGE
from tenants.arrivals.reports.lookups import verifications
from tenants.audit.actions import note, note_people
from tenants.errors import NotFound
from tenants.matching.cases import case, cases, person_of, story
from tenants.organisations.lookups import boundary_shape
from tenants.places.address_lookups import candidates_of
from tenants.places.buildings_lookups import building
from tenants.places.lookups import branch_classes
from tenants.redirects.suggestions.lookups import suggestions_of

arrivals = Blueprint("arrivals", __name__)
arrivals.register_blueprint(decisions)

FILTERS = {
    "proposed": ("proposed",),
    "unserved": ("unserved",),
    "matching": ("signalled", "verified"),
    "placed": ("consented", "placed"),
    "filed": ("filed",),
    "served": ("served",),
}
"""What the list can be narrowed to, and the states behind each word."""


@arrivals.get("/arrivals")
@needs("see_arrivals")
def index() -> str:
    wanted = request.args.get("state", "")
    words = request.args.get("words", "")
    after = request.args.get("after", type=UUID)
    found = cases(g.scope, states=FILTERS.get(wanted, ()), words=words, after=after, limit=PAGE + 1)
    with saving():
        note_people(g.scope, "read_members", (one.line.member_id for one in found[:PAGE]))
    return render_template(
        "arrivals/index.html",
        cases=found[:PAGE],
        suggested=suggestions_of(g.scope, [one.line.id for one in found[:PAGE]]),
        last=found[PAGE - 1].line.id if len(found) > PAGE else None,
        wanted=wanted,
        words=words,
        after=after,
    )


@arrivals.get("/arrivals/<uuid:arrival_id>")
@needs("see_arrivals")
def show(arrival_id: UUID) -> str:
    """Opening a card is written down, for the person to see (design, section 7)."""
    found = case(g.scope, arrival_id)
    person = person_of(g.scope, found)
    with saving():
        note(g.scope, "read_member", "member", person.id)
    return render_template(
        "arrivals/show.html",
        case=found,
        person=person,
        story=story(g.scope, arrival_id),
        verified=verifications(g.scope, person.id),
    )


@arrivals.get("/arrivals/<uuid:arrival_id>/state")
@needs("see_arrivals")
def state(arrival_id: UUID) -> str | tuple[str, int]:
    """What the page asks every second while a worker looks for a branch: nothing, until found."""
    found = case(g.scope, arrival_id)
    if found.is_matching:
        return "", 204
    return render_template(
        "arrivals/case.html", case=found, story=story(g.scope, arrival_id), said=None
    )


@arrivals.get("/arrivals/<uuid:arrival_id>/due")
@needs("see_arrivals")
def due(arrival_id: UUID) -> str | tuple[str, int]:
    """The same, asked by a line of today's page."""
    found = case(g.scope, arrival_id)
    if found.is_matching:
        return "", 204
    return render_template("arrivals/due.html", case=found, said=None)


@arrivals.route("/arrivals/new", methods=["GET", "POST"])
@needs("register_arrivals")
def new() -> str | Response | tuple[str, int]:
    form = ArrivalForm()
    form.offer_classes(branch_classes(g.scope))
    if not form.is_submitted() or "find" in request.form:
        return _new_page(form)
    boundary = boundary_shape(g.scope)
    # All are asked, so that every fault is shown at once.
    sound = all(
        [form.validate(), _finds_building(form), form.judge_places(boundary), form.is_new(g.scope)]
    )
    if not sound:
        return _new_page(form), 422
    with saving():
        arrival_id = register_arrival(g.scope, form.draft(boundary))
    return _registered(arrival_id)


def _new_page(form: ArrivalForm) -> str:
    """The form with the buildings its address may mean, as far as it has one."""
    address = (form.address.data or "").strip()[:200]
    found, one = candidates_of(g.scope, address) if address else ([], None)
    return render_template(
        "arrivals/new.html", form=form, candidates=found, one=one, asked=bool(address)
    )


def _finds_building(form: ArrivalForm) -> bool:
    """The building a person chose, open and in sight; False when it was closed meanwhile."""
    if not form.home_building.data:
        return True
    try:
        form.building = building(g.scope, UUID(form.home_building.data))
    except (NotFound, ValueError):
        form.building = None
    if form.building is not None and form.building.closed_on is None:
        return True
    form.building = None
    form.address.errors = [_("所选的楼栋已经停用或不在了，请重新选。")]
    return False


def _registered(arrival_id: UUID) -> Response:
    """A leader registers anybody who comes by, but sees the people of their own cells only."""
    try:
        case(g.scope, arrival_id)
    except NotFound:
        flash(_("已登记。这位同志不在您的网格内，由社区管理员接着办。"), "success")
        return redirect(url_for("arrivals.index", tenant=g.scope.slug))
    flash(_("已登记。"), "success")
    return redirect(url_for("arrivals.show", tenant=g.scope.slug, arrival_id=arrival_id))
