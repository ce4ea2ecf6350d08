"""Branches and stations: one's own, or the directory of the whole county."""

from datetime import date

from flask import Blueprint, g, render_template, request

from service.rights import needs
from tenants.organisations.lookups import tenant_names
from tenants.places.lookups import branches, directory, stations

places = Blueprint("places", __name__)


@places.get("/places")
@needs("see_places")
def index() -> str:
    """A community starts with its own; everybody may look at the county's directory."""
    whole_county = g.scope.level != "community" or request.args.get("of") == "county"
    found = directory(g.scope) if whole_county else (branches(g.scope), stations(g.scope))
    words = request.args.get("words", "").strip()
    return render_template(
        "places/index.html",
        branches=[each for each in found[0] if words in each.name],
        stations=[each for each in found[1] if words in each.name],
        keepers=tenant_names(g.scope) if whole_county else {},
        whole_county=whole_county,
        words=words,
        today=date.today(),
    )
