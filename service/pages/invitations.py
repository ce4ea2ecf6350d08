"""The page behind an invitation's link: for somebody who cannot sign in yet."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import hash_password
from flask_security.utils import verify_password
from werkzeug.wrappers import Response

from service.forms.administration import TakeUpForm
from service.front_door import PAUSED
from service.limits import limiter
from service.rights import ROLE_TITLES, open_to_all
from service.saving import saving
from service.sentences import told, translated
from tenants.errors import Conflict
from tenants.organisations.below import own_card
from tenants.people.door import (
    FoundInvitation,
    enter_person,
    invitation_of,
    keep_person,
    person_by_email,
)
from tenants.people.invitations import STATE_SENTENCES, state_of, take_up
from tenants.scope import Scope, entered

invitations = Blueprint("invitations", __name__)


@invitations.route("/invitations/<token>", methods=["GET", "POST"])
@open_to_all
@limiter.limit("30/minute;300/hour")
@limiter.limit("10/minute;60/hour", methods=["POST"])
def show(token: str) -> str | Response | tuple[str, int]:
    """One person, one standing. What no longer opens anything says why."""
    found = invitation_of(token)
    if found is None:
        return render_template(
            "people/invitation_over.html", sentence=_("没有这个邀请。请核对链接是不是完整。")
        ), 404
    state = state_of(found)
    if state != "open":
        sentence = translated(STATE_SENTENCES[state])
        return render_template("people/invitation_over.html", sentence=sentence), 410
    form = TakeUpForm()
    signed_in = current_user.is_authenticated and current_user.email == found.email
    if signed_in and form.is_submitted() or form.validate_on_submit():
        person_id = current_user.id if signed_in else _person(found, form)
        if person_id is not None:
            return _begin(found, person_id, signed_in)
    page = render_template(
        "people/invitation.html",
        it=found,
        form=form,
        title=ROLE_TITLES[found.role],
        signed_in=signed_in,
    )
    return (page, 422) if form.is_submitted() else page


def _begin(found: FoundInvitation, person_id: UUID, signed_in: bool) -> Response | tuple[str, int]:
    scope = Scope(
        found.tenant_id,
        found.slug,
        found.tenant_name,
        found.level,
        found.area,
        role=found.role,
        person_id=person_id,
    )
    try:
        with entered(scope), saving():
            if own_card(scope).state == "paused":
                raise Conflict(PAUSED)
            take_up(scope, found.id, person_id)
    except Conflict as conflict:
        return render_template("people/invitation_over.html", sentence=told(conflict)), 409
    flash(
        _(
            "好了，您已经是%(tenant)s的%(role)s。",
            tenant=found.tenant_name,
            role=ROLE_TITLES[found.role],
        ),
        "success",
    )
    if signed_in:
        return redirect(url_for("map.show", tenant=found.slug))
    return redirect(url_for("security.login"))


def _person(found: FoundInvitation, form: TakeUpForm) -> UUID | None:
    """Who takes it up: the person known under the address, by their password, or a new one."""
    known = person_by_email(found.email)
    if known is not None:
        if known.active and verify_password(form.password.data, known.password_hash):
            return known.id
        form.password.errors = [_("密码不对。您以前用这个邮箱登录过的话，请填原来的密码。")]
        return None
    person_id = enter_person(found.email, found.shown_name, hash_password(form.password.data))
    entered_now = person_by_email(found.email)
    if entered_now is not None and entered_now.language != found.language:
        keep_person(entered_now.uniquifier, language=found.language)
    return person_id
