"""Where a member lives, chosen from the buildings an address may mean; always by a person."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.arrivals.lookups import arrival_of
from tenants.arrivals.rules import WITHOUT_SEAT
from tenants.audit.actions import note
from tenants.errors import Conflict, NotFound
from tenants.matching.actions import match_again
from tenants.members.home_lookups import (
    home_candidates,
    home_card,
    how_many_unplaced,
)
from tenants.members.home_lookups import (
    unplaced as without_place,
)
from tenants.members.homes import settle_home, undo_home
from tenants.places.address_lookups import candidates_of
from tenants.places.addresses import Candidate
from tenants.places.buildings_lookups import building, parts_of

homes = Blueprint("homes", __name__)

LONGEST = 200


@homes.post("/buildings/candidates")
@needs("manage_buildings")
def candidates() -> str:
    """What an address may mean, as choices for a form. The address comes in the body, not in the
    address of the page, and is kept nowhere."""
    address = request.form.get("address", "")[:LONGEST]
    found, one = candidates_of(g.scope, address)
    return render_template(
        "homes/candidates.html",
        candidates=found,
        one=one,
        chosen=None,
        name=request.form.get("as", "home_building"),
        asked=bool(address.strip()),
    )


@homes.get("/homes")
@needs("manage_buildings")
def unplaced() -> str:
    """One member after another who has no place; `done` is the one just settled."""
    after = request.args.get("after", type=UUID)
    found = without_place(g.scope, after=after)
    person = found[0] if found else None
    choices, one = home_candidates(g.scope, person.id) if person else ([], None)
    done = _done(request.args.get("done", type=UUID))
    if person is not None:
        with saving():
            note(g.scope, "read_member", "member", person.id)
    return render_template(
        "homes/unplaced.html",
        person=person,
        candidates=choices,
        one=one,
        done=done,
        after=after,
        left=how_many_unplaced(g.scope),
    )


@homes.route("/members/<uuid:member_id>/home", methods=["GET", "POST"])
@needs("manage_buildings")
def choose(member_id: UUID) -> str | Response | tuple[str, int]:
    """Type an address, see what it may mean, choose. Opening it is a reading of the member."""
    person = home_card(g.scope, member_id)
    address = request.form.get("address", "").strip()[:LONGEST]
    chosen = request.form.get("building", type=UUID)
    if request.method == "POST" and chosen is not None and "find" not in request.form:
        return _settled(member_id, chosen, address if request.form.get("keep") else "")
    found: tuple[object, Candidate | None] = (
        candidates_of(g.scope, address) if address else home_candidates(g.scope, member_id)
    )
    with saving():
        note(g.scope, "read_member", "member", member_id)
    fault = ""
    if request.method == "POST" and "find" not in request.form:
        fault = _("请先选一个小区或楼栋。")
    page = render_template(
        "homes/choose.html",
        person=person,
        address=address,
        candidates=found[0],
        one=found[1],
        fault=fault,
    )
    return (page, 422) if fault else page


@homes.post("/members/<uuid:member_id>/home/undo")
@needs("manage_buildings")
def undo(member_id: UUID) -> Response:
    home_card(g.scope, member_id)
    try:
        with saving():
            undo_home(g.scope, member_id, _version())
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(_("已撤销，住处恢复为原来的样子。"), "success")
    return _onward(member_id, done=False)


@homes.post("/buildings/<uuid:building_id>/homes")
@needs("manage_buildings")
def follow(building_id: UUID) -> Response:
    """Homes that a person ticked move to where their building stands now."""
    building(g.scope, building_id)
    here = parts_of(g.scope, building_id)
    ticked = [each.partition(":") for each in request.form.getlist("member")]
    try:
        with saving():
            for member_id, _colon, version in ticked:
                there = home_card(g.scope, UUID(member_id)).building_id
                if there in here:
                    settle_home(g.scope, UUID(member_id), there, int(version))
    except (ValueError, NotFound):
        flash(_("请先选人。"), "error")
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(_("已把 %(n)s 处住处改到现在的位置。", n=len(ticked)), "success")
    return redirect(url_for("buildings.show", tenant=g.scope.slug, building_id=building_id))


def _settled(member_id: UUID, building_id: UUID, address: str) -> Response:
    case = arrival_of(g.scope, member_id)
    try:
        with saving():
            if case is not None and case.state in WITHOUT_SEAT:
                # A proposal of the old place would be measured from where nobody lives any more.
                match_again(g.scope, case.id)
            settle_home(g.scope, member_id, building_id, _version(), address=address)
    except Conflict as conflict:
        flash(told(conflict), "error")
        return _onward(member_id, done=False)
    if request.form.get("from") != "unplaced":
        # There the page itself says who was settled where, with the undo beside it.
        flash(_("住处已登记。"), "success")
    return _onward(member_id, done=True)


def _onward(member_id: UUID, *, done: bool) -> Response:
    """Back to the list of the unplaced where one came from there, else to the member."""
    if request.form.get("from") == "unplaced":
        after = request.form.get("after", type=UUID)
        settled = member_id if done else None
        return redirect(url_for("homes.unplaced", tenant=g.scope.slug, after=after, done=settled))
    try:
        home_card(g.scope, member_id)
    except NotFound:
        # The building may stand in a colleague's cell: then the person is theirs from now on.
        return redirect(url_for("members.index", tenant=g.scope.slug))
    return redirect(url_for("members.show", tenant=g.scope.slug, member_id=member_id))


def _done(member_id: UUID | None) -> object | None:
    if member_id is None:
        return None
    try:
        return home_card(g.scope, member_id)
    except NotFound:
        return None


def _version() -> int:
    return request.form.get("version", default=0, type=int)
