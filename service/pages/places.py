"""Branches and stations: one's own, or the directory of the whole county."""

from datetime import date

from flask import Blueprint, g, render_template, request

from service.rights import needs
from tenants.organisations.lookups import tenant_names
from tenants.places.lookups import branches, directory, stations

places = Blueprint("places", __name__)

SHOWN = 200
"""Of a county's thousands; whoever prints the directory asks for all."""


@places.get("/places")
@needs("see_places")
def index() -> str:
    """A community starts with its own; everybody may look at the county's directory."""
    whole_county = g.scope.level != "community" or request.args.get("of") == "county"
    found = directory(g.scope) if whole_county else (branches(g.scope), stations(g.scope))
    words = request.args.get("words", "").strip()
    keepers = tenant_names(g.scope) if whole_county else {}
    some = [
        [each for each in places if words in each.name or words in keepers.get(each.area, "")]
        for places in found
    ]
    most = None if request.args.get("all") else SHOWN
    return render_template(
        "places/index.html",
        branches=some[0][:most],
        stations=some[1][:most],
        counts=[len(each) for each in some],
        keepers=keepers,
        whole_county=whole_county,
        words=words,
        today=date.today(),
    )
