"""Redirects: who is to go to a neighbouring community, who comes from one, and whose turn it is."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.pages.redirect_suggestions import suggestions
from service.redirect_words import EVERY
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.arrivals.lookups import arrival
from tenants.audit.actions import note, note_people
from tenants.errors import Conflict, InvalidInput
from tenants.members.lookups import member_card
from tenants.organisations.lookups import tenant_names
from tenants.oversight.redirects_below import open_redirects
from tenants.places.lookups import branches
from tenants.redirects import actions
from tenants.redirects.lookups import (
    Leg,
    county_choices,
    elsewhere,
    leg,
    legs,
    open_leg_of,
)
from tenants.redirects.rules import MAY, may
from tenants.redirects.suggestions.lookups import suggestions as open_suggestions

redirects = Blueprint("redirects", __name__)
redirects.register_blueprint(suggestions)


@redirects.context_processor
def words() -> dict[str, object]:
    return EVERY


@redirects.get("/redirects")
@needs("see_redirects")
def index() -> str:
    if g.scope.level != "community":
        below = open_redirects(g.scope)
        return render_template(
            "redirects/county.html",
            waiting=[
                (tenant, list(each))
                for tenant, each in groupby(below.lines, key=lambda one: one.tenant)
            ],
            total=below.total,
            oldest=below.oldest,
            asked=legs(g.scope, "county", still_open=True),
            ended=legs(g.scope, "county", still_open=False),
        )
    sent, came = (legs(g.scope, side, still_open=True) for side in ("from", "to"))
    ended = legs(g.scope, "from", still_open=False) + legs(g.scope, "to", still_open=False)
    suggested = open_suggestions(g.scope)
    with saving():
        read = {each.member_id for each in sent + ended if each.name and each.member_id}
        read |= {each.member_id for each in suggested}
        note_people(g.scope, "read_members", sorted(read))
    ended.sort(key=lambda each: each.state_since, reverse=True)
    return render_template(
        "redirects/index.html", sent=sent, came=came, ended=ended, suggested=suggested
    )


@redirects.get("/redirects/<uuid:redirect_id>")
@needs("see_redirects")
def show(redirect_id: UUID) -> str:
    return _page(redirect_id)


@redirects.route("/arrivals/<uuid:arrival_id>/redirect", methods=["GET", "POST"])
@needs("redirect_arrivals")
def new(arrival_id: UUID) -> Response | str | tuple[str, int]:
    line = arrival(g.scope, arrival_id)
    under_way = open_leg_of(g.scope, arrival_id)
    if under_way is not None:
        return redirect(_address(under_way.id))
    fault = ""
    if request.method == "POST":
        chosen = request.form.get("branch", type=UUID)
        try:
            if chosen is None:
                raise InvalidInput(_("请先选一个支部。"))
            with saving():
                made = actions.propose(g.scope, arrival_id, chosen, request.form.get("reason", ""))
        except (InvalidInput, Conflict) as error:
            fault = told(error)
        else:
            flash(_("已提出，正在送到对方社区。对方接收之前看不到姓名。"), "success")
            return redirect(_address(made))
    person = member_card(g.scope, line.member_id)
    with saving():
        note(g.scope, "read_member", "member", line.member_id)
    page = render_template(
        "redirects/new.html",
        line=line,
        person=person,
        choices=elsewhere(g.scope, person, date.today()),
        keepers=tenant_names(g.scope),
        fault=fault,
        chosen=request.form.get("branch", ""),
        reason=request.form.get("reason", line.unserved_reason or "nearer"),
    )
    return (page, 422) if fault else page


@redirects.post("/redirects/<uuid:redirect_id>/accept")
@needs("redirect_arrivals")
def accept(redirect_id: UUID) -> Response | tuple[str, int]:
    branch_id = request.form.get("branch", type=UUID)
    return _done(
        redirect_id,
        lambda: actions.accept(g.scope, redirect_id, branch_id),
        _("已接收，名额已留好。等对方同意转出，资料随后就到。"),
    )


@redirects.post("/redirects/<uuid:redirect_id>/correction")
@needs("redirect_arrivals")
def correction(redirect_id: UUID) -> Response | tuple[str, int]:
    return _done(
        redirect_id,
        lambda: actions.ask_correction(g.scope, redirect_id, request.form.get("answer", "")),
        _("已请对方更正。"),
    )


@redirects.post("/redirects/<uuid:redirect_id>/pass-on")
@needs("redirect_arrivals")
def pass_on(redirect_id: UUID) -> Response | tuple[str, int]:
    branch_id = request.form.get("branch", type=UUID)
    answer = request.form.get("answer", "")

    def act() -> None:
        leg(g.scope, redirect_id)
        if branch_id is None:
            raise InvalidInput(_("请先选一个支部。"))
        actions.pass_on(g.scope, redirect_id, branch_id, answer)

    return _done(redirect_id, act, _("已请那个社区接收，并告诉了对方。"))


@redirects.post("/redirects/<uuid:redirect_id>/escalate")
@needs("redirect_arrivals")
def escalate(redirect_id: UUID) -> Response | tuple[str, int]:
    return _done(
        redirect_id,
        lambda: actions.escalate(g.scope, redirect_id, request.form.get("answer", "")),
        _("已请县里协调。"),
    )


@redirects.post("/redirects/<uuid:redirect_id>/again")
@needs("redirect_arrivals")
def again(redirect_id: UUID) -> Response | tuple[str, int]:
    return _done(
        redirect_id,
        lambda: actions.propose_again(g.scope, redirect_id),
        _("已更正，重新送到对方社区。"),
    )


@redirects.post("/redirects/<uuid:redirect_id>/release")
@needs("redirect_arrivals")
def release(redirect_id: UUID) -> Response | tuple[str, int]:
    return _done(
        redirect_id,
        lambda: actions.release(g.scope, redirect_id),
        _("已同意转出，正在把资料转交给对方。"),
    )


@redirects.post("/redirects/<uuid:redirect_id>/withdraw")
@needs("redirect_arrivals")
def withdraw(redirect_id: UUID) -> Response | tuple[str, int]:
    return _done(
        redirect_id,
        lambda: actions.withdraw(g.scope, redirect_id),
        _("已撤回，这位同志仍在本社区。"),
    )


@redirects.post("/redirects/<uuid:redirect_id>/settle")
@needs("settle_redirects")
def settle(redirect_id: UUID) -> Response | tuple[str, int]:
    branch_id = request.form.get("branch", type=UUID)

    def act() -> None:
        leg(g.scope, redirect_id)
        if branch_id is None:
            raise InvalidInput(_("请先选一个支部。"))
        actions.settle(g.scope, redirect_id, branch_id)

    return _done(redirect_id, act, _("已定下，正在送到那个社区。"))


def _done(redirect_id: UUID, act: Callable[[], object], said: str) -> Response | tuple[str, int]:
    """Do it; then the redirect as it now is, or why it could not be done."""
    try:
        with saving():
            act()
    except (InvalidInput, Conflict) as error:
        return _page(redirect_id, told(error)), 409 if isinstance(error, Conflict) else 422
    flash(said, "success")
    return redirect(_address(redirect_id))


def _page(redirect_id: UUID, fault: str = "") -> str:
    found = leg(g.scope, redirect_id)
    if found.name and found.member_id:
        with saving():
            note(g.scope, "read_member", "member", found.member_id)
    return render_template(
        "redirects/show.html",
        leg=found,
        ways={act for act in MAY if may(act, found.side, found.state, found.round)},
        mine=_own_choices(found),
        others=_other_choices(found),
        keepers=tenant_names(g.scope),
        fault=fault,
    )


def _own_choices(found: Leg) -> list[object]:
    if not may("accept", found.side, found.state):
        return []
    today = date.today()
    return [each for each in branches(g.scope) if each.open_on(today) and each.free != 0]


def _other_choices(found: Leg) -> list[object]:
    if found.side == "from" or not found.is_open:
        return []
    return list(
        county_choices(g.scope, (g.scope.tenant_id, found.other_id), found.class_, date.today())
    )


def _address(redirect_id: UUID) -> str:
    return url_for("redirects.show", tenant=g.scope.slug, redirect_id=redirect_id)
