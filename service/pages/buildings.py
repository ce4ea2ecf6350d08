"""Compounds and buildings: the list, one of them, adding, correcting, closing. No people in it."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.buildings import BuildingForm
from service.rights import allows, needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note_people
from tenants.errors import Conflict, InvalidInput
from tenants.members.home_lookups import residents
from tenants.organisations.lookups import boundary_feature, boundary_shape
from tenants.people.history import history
from tenants.places import buildings_actions as actions
from tenants.places.buildings_lookups import (
    PAGE,
    BuildingPlace,
    building,
    compounds,
    parts_of,
)
from tenants.places.buildings_lookups import buildings as found_buildings

buildings = Blueprint("buildings", __name__)


@buildings.get("/buildings")
@needs("see_places")
def index() -> str:
    words = request.args.get("words", "").strip()[:80]
    closed = request.args.get("state") == "closed"
    after = request.args.get("after", type=UUID)
    found = found_buildings(g.scope, words=words, closed=closed, after=after, limit=PAGE + 1)
    chosen = {"words": words, "state": "closed" if closed else ""}
    return render_template(
        "buildings/index.html",
        buildings=found[:PAGE],
        last=found[PAGE - 1].id if len(found) > PAGE else None,
        chosen={name: value for name, value in chosen.items() if value},
        after=after,
    )


@buildings.route("/buildings/new", methods=["GET", "POST"])
@needs("manage_buildings")
def new() -> str | Response | tuple[str, int]:
    form = _form()
    if not form.is_submitted():
        form.kind.data = request.args.get("kind", "building")
        form.compound.data = request.args.get("compound", "")
        return _form_page(form)
    return _kept(form, lambda: actions.add_building(g.scope, form.draft()), _("已登记。"))


@buildings.get("/buildings/<uuid:building_id>")
@needs("see_places")
def show(building_id: UUID) -> str:
    """Who lives there is for those who may see people; reading it is written down."""
    found = building(g.scope, building_id)
    people = None
    if allows(g.scope.role, "see_members"):
        people = residents(g.scope, parts_of(g.scope, building_id))
        with saving():
            note_people(g.scope, "read_members", (each.id for each in people))
    return render_template(
        "buildings/show.html",
        it=found,
        inside=found_buildings(g.scope, compound_id=building_id, limit=500),
        people=people,
        story=history(g.scope, "building", building_id),
    )


@buildings.get("/cards/buildings/<uuid:building_id>")
@needs("see_map")
def card(building_id: UUID) -> str:
    """The map's sheet: what the building is called; nobody who lives there."""
    return render_template("cards/building.html", it=building(g.scope, building_id))


@buildings.route("/buildings/<uuid:building_id>/edit", methods=["GET", "POST"])
@needs("manage_buildings")
def edit(building_id: UUID) -> str | Response | tuple[str, int]:
    found = building(g.scope, building_id)
    form = _form(found)
    if not form.is_submitted():
        _fill(form, found)
        return _form_page(form, found)
    form.kind.data = found.kind
    version = _version()

    def act() -> UUID:
        actions.correct_building(g.scope, building_id, form.draft(), version)
        return building_id

    return _kept(form, act, _("已更正。登记在这里的住处没有跟着变，请看下面。"), found)


@buildings.post("/buildings/<uuid:building_id>/close")
@needs("manage_buildings")
def close(building_id: UUID) -> Response:
    building(g.scope, building_id)
    return _decided(
        building_id,
        lambda: actions.close_building(g.scope, building_id, _version(), date.today()),
        _("已停用，随时可以恢复。"),
    )


@buildings.post("/buildings/<uuid:building_id>/reopen")
@needs("manage_buildings")
def reopen(building_id: UUID) -> Response:
    building(g.scope, building_id)
    return _decided(
        building_id,
        lambda: actions.reopen_building(g.scope, building_id, _version()),
        _("已恢复使用。"),
    )


def _version() -> int:
    """The version the person saw; none that was ever given when the form is not whole."""
    return request.form.get("version", default=0, type=int)


def _form(known: BuildingPlace | None = None) -> BuildingForm:
    form = BuildingForm()
    offered = compounds(g.scope)
    if known and known.compound_id and known.compound_id not in dict(offered):
        offered.append((known.compound_id, known.compound))
    form.offer_compounds(offered)
    return form


def _fill(form: BuildingForm, found: BuildingPlace) -> None:
    source = found.source or {"system": "wgs84", "x": found.lon, "y": found.lat}
    form.kind.data, form.name.data, form.address.data = found.kind, found.name, found.address
    form.compound.data = str(found.compound_id or "")
    form.lon.data, form.lat.data = str(source["x"]), str(source["y"])
    form.system.data, form.version.data = source["system"], str(found.version)


def _form_page(form: BuildingForm, known: BuildingPlace | None = None) -> str:
    boundary = boundary_feature(g.scope)
    return render_template(
        "buildings/form.html",
        form=form,
        known=known,
        bounds=boundary and boundary["bounds"],
    )


def _kept(
    form: BuildingForm, act: Callable[[], UUID], said: str, known: BuildingPlace | None = None
) -> str | Response | tuple[str, int]:
    # Both are asked, so that every fault is shown at once.
    if not all([form.validate(), form.judge_place(boundary_shape(g.scope))]):
        return _form_page(form, known), 422
    try:
        with saving():
            building_id = act()
    except (Conflict, InvalidInput) as refused:
        form.name.errors = [told(refused)]
        return _form_page(form, known), 422
    flash(said, "success")
    return redirect(url_for("buildings.show", tenant=g.scope.slug, building_id=building_id))


def _decided(building_id: UUID, act: Callable[[], None], said: str) -> Response:
    try:
        with saving():
            act()
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(said, "success")
    return redirect(url_for("buildings.show", tenant=g.scope.slug, building_id=building_id))
