"""One episode's page, and the way back to it after something was said."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.movements import ClassForm, DayForm
from service.saving import saving
from service.sentences import told
from tenants.errors import Conflict, InvalidInput
from tenants.mobility.histories import stage
from tenants.mobility.movements import movement_card
from tenants.visits.lookups import duties_done_by


def page_of(episode_id: UUID, contact: str = "") -> tuple[str, UUID]:
    """The page and whose it is. `contact`: how to reach them, where it was just asked for."""
    today = date.today()
    card = movement_card(
        g.scope, episode_id, today, lambda member_id: duties_done_by(g.scope, member_id)
    )
    facts = card.movement.facts
    override = facts.override
    page = render_template(
        "movements/show.html",
        card=card,
        stage=stage(facts.history, facts.debriefed_on, today),
        day_form=DayForm(formdata=None),
        class_form=ClassForm(
            formdata=None,
            name=override.name if override else "",
            reason=override.reason if override else "",
        ),
        contact=contact,
        today=today,
    )
    return page, facts.member_id


def on_a_day(episode_id: UUID, act: Callable[[date, str], None], done: str) -> Response:
    """Do what was said for a day, as well as it is known: `act` is given both."""
    form = DayForm()
    if not form.validate() or form.on.data is None:
        flash(_("请填完整的日期。"), "error")
        movement_card(g.scope, episode_id, date.today())
        return to_episode(episode_id)
    on, precision = form.on.data, form.precision.data or "day"
    return said(episode_id, lambda: act(on, precision), done)


def said(episode_id: UUID, act: Callable[[], None], done: str) -> Response:
    """What cannot be is told on the page of the episode as it is now."""
    try:
        with saving():
            act()
    except (InvalidInput, Conflict) as refused:
        flash(told(refused), "error")
    else:
        flash(done, "success")
    return to_episode(episode_id)


def to_episode(episode_id: UUID) -> Response:
    return redirect(url_for("movements.show", tenant=g.scope.slug, episode_id=episode_id))
