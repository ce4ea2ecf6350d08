"""What is said of an episode later: its season, taking a fact back, how to reach somebody."""

from uuid import UUID

from flask import Blueprint, flash, g, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.pages.movements_page import page_of, said, to_episode
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.errors import InvalidInput
from tenants.mobility import corrections

further = Blueprint("further", __name__)


@further.post("/movements/<uuid:episode_id>/season")
@needs("record_movements")
def season(episode_id: UUID) -> Response:
    first, last = (request.form.get(name, type=int) for name in ("first", "last"))
    return said(
        episode_id,
        lambda: corrections.say_season(g.scope, episode_id, first, last),
        _("已登记常年外出的季节。") if first else _("已去掉季节。"),
    )


@further.post("/movements/<uuid:episode_id>/undo")
@needs("record_movements")
def undo(episode_id: UUID) -> Response:
    what = request.form.get("what", "")
    return said(episode_id, lambda: corrections.take_back(g.scope, episode_id, what), _("已撤销。"))


@further.post("/movements/<uuid:episode_id>/contact")
@needs("reveal_fields")
def contact(episode_id: UUID) -> str | Response:
    """Shown once, in this answer; nothing keeps it (every answer of ours says no-store)."""
    reason, remark = request.form.get("reason", ""), request.form.get("remark", "")
    try:
        with saving():
            found = corrections.reveal_contact(g.scope, episode_id, reason, remark)
    except InvalidInput as refused:
        flash(told(refused), "error")
        return to_episode(episode_id)
    return page_of(episode_id, found)[0]
