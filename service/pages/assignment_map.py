"""A run on the map: the community's own map page, with ways from people to branches."""

from uuid import UUID

from flask import Blueprint, g, render_template, url_for
from flask_babel import gettext as _

from geo.maps import SCRIPTS, STYLES, Bounds, FeatureLayer, Kind, MapParts, compose
from service.headers import csp_nonce
from service.rights import needs
from service.saving import saving
from tenants.audit.actions import note, note_people
from tenants.errors import NotFound
from tenants.matching.assignments.explaining import explanations
from tenants.matching.assignments.lines import line, lines
from tenants.matching.assignments.lookups import prices, run, sites
from tenants.members.lookups import member_card
from tenants.organisations.lookups import boundary_feature
from tenants.places.lookups import branch as found_branch

assignment_map = Blueprint("assignment_map", __name__)

LOWEST_FIRST: tuple[tuple[str, Kind], ...] = (
    ("boundary", "boundary"),
    ("ways", "line"),
    ("served", "member"),
    ("unserved", "arrival"),
    ("sites", "station"),
    ("branches", "branch"),
)


GROUND = ("boundary", "branches")
"""Layers of every map of the tenant; the others are the run's own."""


@assignment_map.get("/assignments/<uuid:run_id>/map")
@needs("plan_assignments")
def show(run_id: UUID) -> str:
    run(g.scope, run_id)
    words = {
        "boundary": (_("辖区边界"), None),
        "ways": (_("从人到支部"), None),
        "served": (_("有支部的人"), _("{n} 位有支部")),
        "unserved": (_("没有支部的人"), _("{n} 位没有支部")),
        "sites": (_("建议设临时党支部"), None),
        "branches": (_("支部"), None),
    }
    return render_template(
        "map/show.html",
        drawn=_drawn(run_id),
        layers=[
            {"key": key, "kind": kind, "label": words[key][0], "count": words[key][1]}
            for key, kind in reversed(LOWEST_FIRST)
        ],
        cards_url=f"/t/{g.scope.slug}/assignments/{run_id}/cards/",
        list_url=url_for("assignments.show", tenant=g.scope.slug, run_id=run_id),
        boundary_url=None,
    )


@assignment_map.get("/assignments/<uuid:run_id>/cards/served/<uuid:member_id>")
@needs("plan_assignments")
def served(run_id: UUID, member_id: UUID) -> str:
    return _person(run_id, member_id)


@assignment_map.get("/assignments/<uuid:run_id>/cards/unserved/<uuid:member_id>")
@needs("plan_assignments")
def unserved(run_id: UUID, member_id: UUID) -> str:
    return _person(run_id, member_id)


@assignment_map.get("/assignments/<uuid:run_id>/cards/branches/<uuid:branch_id>")
@needs("plan_assignments")
def branch(run_id: UUID, branch_id: UUID) -> str:
    run(g.scope, run_id)
    there = found_branch(g.scope, branch_id)
    card = next((c for c in prices(g.scope, run_id) if c.price.branch_id == branch_id), None)
    return render_template("assignments/branch_card.html", there=there, card=card, run_id=run_id)


@assignment_map.get("/assignments/<uuid:run_id>/cards/sites/<number>")
@needs("plan_assignments")
def site(run_id: UUID, number: str) -> str:
    found = next((site for site in sites(g.scope, run_id) if str(site.number) == number), None)
    if found is None:
        raise NotFound
    members = [
        one
        for one in lines(g.scope, run_id, outcomes=("unserved",), limit=500)
        if one.site == found.number
    ]
    with saving():
        note_people(g.scope, "read_members", (one.member_id for one in members))
    return render_template(
        "assignments/site_card.html", site=found, members=members, county=g.scope.level == "county"
    )


def _person(run_id: UUID, member_id: UUID) -> str:
    found, one = run(g.scope, run_id), line(g.scope, run_id, member_id)
    person = member_card(g.scope, member_id)
    with saving():
        note(g.scope, "read_member", "member", member_id)
    there = None if one.branch_id is None else found_branch(g.scope, one.branch_id)
    return render_template(
        "assignments/person_card.html",
        run=found,
        line=one,
        start=person.work if one.place == "work" else person.home,
        there=there,
        why=explanations(g.scope, found, [one]),
    )


def _drawn(run_id: UUID) -> MapParts | None:
    boundary = boundary_feature(g.scope)
    if boundary is None:
        return None
    ground = f"/api/v1/tenants/{g.scope.slug}/features"
    of_run = f"/api/v1/tenants/{g.scope.slug}/assignments/{run_id}/features"
    return compose(
        Bounds(*boundary["bounds"]),
        [
            FeatureLayer(key, f"{ground if key in GROUND else of_run}/{key}", kind)
            for key, kind in LOWEST_FIRST
        ],
        scripts=[url_for("static", filename=name) for name in SCRIPTS],
        styles=[url_for("static", filename=name) for name in STYLES],
        nonce=csp_nonce(),
    )
