"""Cards of the map's sheet: a tapped thing in a few lines, as a fragment of HTML."""

from datetime import date
from uuid import UUID

from flask import Blueprint, g, render_template
from flask_babel import gettext as _

from service.figures import number
from service.rights import needs
from service.saving import saving
from tenants.arrivals.lookups import arrival_of, cell_counts
from tenants.audit.actions import note
from tenants.errors import NotFound
from tenants.grid.lookups import cell_card
from tenants.matching.cases import Case, case, person_of
from tenants.members.lookups import member_card
from tenants.organisations.lookups import tenant_names
from tenants.oversight.lookups import tenants_below
from tenants.places.lookups import branch_names, county_branch, county_station
from tenants.scope import Scope

cards = Blueprint("cards", __name__)


@cards.get("/cards/arrivals/<uuid:arrival_id>")
@needs("see_arrivals")
def arrival(arrival_id: UUID) -> str:
    found = case(g.scope, arrival_id)
    with saving():
        note(g.scope, "read_member", "member", found.line.member_id)
    return arrival_card(g.scope, found)


def arrival_card(scope: Scope, found: Case, said: tuple[str, str] | None = None) -> str:
    """The card of a case; `said` is what came of a decision, (good | bad, words)."""
    person = person_of(scope, found)
    there = county_branch(scope, found.proposal.branch_id) if found.proposal else None
    return render_template("cards/arrival.html", case=found, person=person, there=there, said=said)


@cards.get("/cards/members/<uuid:member_id>")
@needs("see_members")
def member(member_id: UUID) -> str:
    person = member_card(g.scope, member_id)
    with saving():
        note(g.scope, "read_member", "member", member_id)
    return render_template(
        "cards/member.html",
        person=person,
        branches=branch_names(g.scope),
        arrival=arrival_of(g.scope, member_id),
    )


@cards.get("/cards/branches/<uuid:branch_id>")
@needs("see_places")
def branch(branch_id: UUID) -> str:
    found = county_branch(g.scope, branch_id)
    return render_template(
        "cards/branch.html", branch=found, keeper=tenant_names(g.scope).get(found.area, "")
    )


@cards.get("/cards/stations/<uuid:station_id>")
@needs("see_places")
def station(station_id: UUID) -> str:
    found = county_station(g.scope, station_id)
    return render_template(
        "cards/station.html", station=found, keeper=tenant_names(g.scope).get(found.area, "")
    )


@cards.get("/cards/cells/<uuid:cell_id>")
@needs("see_map")
def cell(cell_id: UUID) -> str:
    found = cell_card(g.scope, cell_id)
    if found is None:
        raise NotFound
    members, waiting = cell_counts(g.scope, cell_id)
    return render_template(
        "cards/cell.html",
        cell=found,
        mine=cell_id in g.scope.cell_ids,
        members=members,
        waiting=waiting,
    )


@cards.get("/cards/boundary/<slug>")
@needs("see_map")
def boundary(slug: str) -> str:
    """A community knows its own ground only; the offices above what lies below them."""
    if g.scope.level == "community":
        if slug != g.scope.slug:
            raise NotFound
        return render_template("cards/boundary.html", name=g.scope.name, counts=None)
    below = tenants_below(g.scope, date.today())
    found = next((each for each in below if each.slug == slug), None)
    if found is None:
        raise NotFound(_("没有找到这个社区，或者它不归您管。"))
    return render_template("cards/boundary.html", name=found.name, counts=found, number=number)
