"""Who works in the tenant, in what role, until when; letting in, handing over, ending."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.administration import InviteForm
from service.forms.people import HandOverForm
from service.pages.administration.links import link_to
from service.rights import ROLE_TITLES, ROLES, needs, works_when_paused
from service.saving import saving
from service.sentences import told
from service.words import RIGHT_WORDS
from tenants.administration.lookups import PeoplePage, people_page
from tenants.errors import Conflict, NotFound
from tenants.liaisons.choosing import how_many_held
from tenants.liaisons.handing_over import hand_over_everything, take_everything_back
from tenants.people import actions, invitations

people = Blueprint("people", __name__)


@people.route("/people", methods=["GET", "POST"])
@needs("manage_people")
def index() -> str | tuple[str, int]:
    found = people_page(g.scope, date.today())
    form = _offered(InviteForm(), found)
    if not form.is_submitted():
        return _page(found, form)
    if not form.validate():
        return _page(found, form), 422
    draft = invitations.InvitationDraft(
        form.email.data,
        form.shown_name.data,
        form.role.data,
        UUID(form.cell.data) if form.cell.data else None,
        UUID(form.branch.data) if form.branch.data else None,
    )
    with saving():
        _id, token = invitations.invite(g.scope, draft)
    return _link(token, draft.email)


@people.post("/people/invitations/<uuid:invitation_id>/again")
@needs("manage_people")
def again(invitation_id: UUID) -> str | Response:
    try:
        with saving():
            token = invitations.invite_again(g.scope, invitation_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
        return _back()
    return _link(token, "")


@people.post("/people/invitations/<uuid:invitation_id>/withdraw")
@needs("manage_people")
@works_when_paused
def withdraw(invitation_id: UUID) -> Response:
    return _done(
        lambda: invitations.withdraw_invitation(g.scope, invitation_id),
        _("邀请已收回，链接不能再用。"),
    )


@people.post("/people/<uuid:standing_id>/end")
@needs("manage_people")
@works_when_paused
def end(standing_id: UUID) -> Response:
    """At once: somebody who left must not open another page."""
    return _done(
        lambda: actions.end_standing(g.scope, standing_id), _("任职已结束。一天之内可以恢复。")
    )


@people.post("/people/<uuid:standing_id>/resume")
@needs("manage_people")
def resume(standing_id: UUID) -> Response:
    return _done(lambda: actions.resume_standing(g.scope, standing_id), _("任职已恢复。"))


@people.route("/people/<uuid:standing_id>/hand-over", methods=["GET", "POST"])
@needs("manage_people")
def hand_over(standing_id: UUID) -> str | Response | tuple[str, int]:
    """Everything somebody holds here goes to another in one step."""
    found = people_page(g.scope, date.today())
    leaving = next((each for each in found.present if each.id == standing_id), None)
    if leaving is None:
        raise NotFound
    form = HandOverForm()
    others = {each.person_id: each.shown_name for each in found.present}
    others.pop(leaving.person_id)
    form.offer(others)
    if form.validate_on_submit():
        return _done(
            lambda: hand_over_everything(
                g.scope, leaving.person_id, UUID(form.to.data), date.today()
            ),
            _("已移交。一天之内可以撤销。"),
        )
    held = [each for each in found.present if each.person_id == leaving.person_id]
    page = render_template(
        "people/hand_over.html",
        leaving=leaving,
        held=held,
        liaisons=how_many_held(g.scope, leaving.person_id),
        people=found,
        form=form,
        others=others,
        titles=ROLE_TITLES,
    )
    return (page, 422) if form.is_submitted() else page


@people.post("/people/handovers/<uuid:handover_id>/undo")
@needs("manage_people")
def undo_handover(handover_id: UUID) -> Response:
    return _done(lambda: take_everything_back(g.scope, handover_id), _("移交已撤销，各归原位。"))


@people.get("/rights")
@needs("see_map")
def rights() -> str:
    """What each role may do, out of the very table that decides it."""
    return render_template(
        "people/rights.html",
        roles=[(role, title, ROLES[role]) for role, title in ROLE_TITLES.items()],
        words=RIGHT_WORDS,
    )


def _offered(form: InviteForm, found: PeoplePage) -> InviteForm:
    form.offer(
        [(role, ROLE_TITLES[role]) for role in found.roles],
        [(str(id_), name) for id_, name in found.cells.items()],
        [(str(id_), name) for id_, name in found.branches.items()],
    )
    return form


def _page(found: PeoplePage, form: InviteForm) -> str:
    return render_template("people/index.html", people=found, form=form, titles=ROLE_TITLES)


def _link(token: str, email: str) -> str:
    return render_template("people/link.html", link=link_to(token), email=email)


def _done(change: Callable[[], object], words: str) -> Response:
    """Somebody else may have been here a moment ago: that is told on the page as it is now."""
    try:
        with saving():
            change()
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(words, "success")
    return _back()


def _back() -> Response:
    return redirect(url_for("people.index", tenant=g.scope.slug))
