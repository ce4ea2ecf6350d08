"""What an office above knows of the tenants below: counts with their definitions, never a name."""

from flask import Blueprint, g, render_template

from service.rights import needs
from service.words import FIGURE_WORDS
from tenants.oversight.lookups import reported_below, tenants_below
from tenants.oversight.rules import FIGURES, beside_computed, by_township, totals

tenants = Blueprint("tenants", __name__)


@tenants.get("/tenants")
@needs("see_tenants")
def index() -> str:
    """In the order of the area, never ranked."""
    counts = tenants_below(g.scope)
    return render_template(
        "tenants/index.html",
        townships=by_township(counts),
        figures=[(key, *FIGURE_WORDS[key]) for key in FIGURES],
        totals=totals(counts),
        communities=sum(1 for tenant in counts if tenant.level == "community"),
        reported=beside_computed(reported_below(g.scope), counts),
    )
