"""Doors: an office above enters one community for three hours; both sides see it and may end it."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.rights import allows, needs, works_when_paused
from service.saving import saving
from service.sentences import told
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.oversight.door_lookups import DoorLine, communities_below, open_doors_into
from tenants.oversight.door_lookups import doors as known_doors
from tenants.oversight.doors import VISITOR, end_door, open_door

doors = Blueprint("doors", __name__)


@doors.app_context_processor
def whoever_is_inside() -> dict[str, object]:
    return {"doors_here": doors_here}


def doors_here() -> list[DoorLine]:
    """What the banner of every page of a community says; asked by the layout, once a page."""
    scope = g.get("scope")
    if scope is None or scope.level != "community":
        return []
    found = open_doors_into(scope)
    mine = [door for door in found if door.person_id == scope.person_id]
    return mine if scope.role == VISITOR else found


@doors.get("/doors")
@needs("see_doors")
def index() -> str:
    return _page()


@doors.post("/doors")
@needs("open_doors")
def enter() -> Response | tuple[str, int]:
    community, reason = request.form.get("community", ""), request.form.get("reason", "")
    if not community:
        return _page(_("请先选一个社区。"), reason), 422
    try:
        with saving():
            open_door(g.scope, community, reason)
    except (InvalidInput, Conflict) as error:
        return _page(told(error), reason), 409 if isinstance(error, Conflict) else 422
    flash(_("门已打开，三小时后自动关上。社区和被查看的人都看得到。"), "success")
    return redirect(url_for("map.show", tenant=community))


@doors.post("/doors/<uuid:door_id>/end")
@needs("end_doors")
@works_when_paused
def end(door_id: UUID) -> Response:
    try:
        with saving():
            end_door(g.scope, door_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(_("门已关上。"), "success")
    return redirect(url_for("doors.index", tenant=g.scope.slug))


@doors.post("/doors/leave")
@needs("end_doors")
@works_when_paused
def leave() -> Response:
    """Whoever came through a door and is done; the page names no door, so that a copy opens none."""
    mine = doors_here() if g.scope.role == VISITOR else []
    if not mine:
        raise NotFound
    with saving():
        end_door(g.scope, mine[0].id)
    flash(_("门已关上。"), "success")
    return redirect(url_for("home.start"))


def _page(fault: str = "", reason: str = "") -> str:
    words = request.values.get("words", "").strip()
    chosen = request.values.get("community", "")
    below = communities_below(g.scope, words) if allows(g.scope.role, "open_doors") else []
    return render_template(
        "doors/index.html",
        doors=known_doors(g.scope),
        below=below,
        words=words,
        chosen=chosen,
        fault=fault,
        reason=reason,
    )
