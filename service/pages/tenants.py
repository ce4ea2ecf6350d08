"""What an office above knows of the tenants below: counts with their definitions, never a name."""

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from service import figures as written
from service.downloads import attached
from service.ledgers import mark
from service.papers import pdf
from service.reported import compared
from service.rights import needs
from service.shaded import shaded_map
from service.spreadsheets import workbook
from tenants.area import TOWNSHIP
from tenants.errors import InvalidInput
from tenants.oversight.ground import communities_below, townships_drawn
from tenants.oversight.lookups import reported_below, table_below, tenants_below

tenants = Blueprint("tenants", __name__)

MOST_DRAWN = 300
"""Communities that can be told apart on a sheet; more are drawn by township."""


@tenants.get("/tenants")
@needs("see_tenants")
def index() -> str:
    """In the order of the area, never ranked."""
    asked = _asked()
    table, communities = table_below(g.scope, asked["day"], asked["township"])
    return render_template(
        "tenants/index.html",
        **asked,
        table=table,
        communities=communities,
        figures=[(key, *written.FIGURE_WORDS[key]) for key in written.ABOUT[asked["about"]]],
        written=written,
        today=date.today(),
        compared=compared(reported_below(g.scope), table.lines()),
    )


@tenants.get("/tenants/file")
@needs("see_tenants")
def file() -> Response:
    """The same table as a workbook or on paper, with what each figure counts."""
    asked = _asked()
    table, _communities = table_below(g.scope, asked["day"], asked["township"])
    told = compared(reported_below(g.scope), table.lines())
    all_of_it = (g.scope.name, asked["about"], table, told, asked["day"])
    name, by = f"{g.scope.name}-{asked['day']:%Y%m%d}", mark(g.scope.name, current_user.name)
    if request.args.get("form") == "pdf":
        return attached(pdf(written.paper(*all_of_it, by)), f"{name}.pdf")
    return attached(workbook(written.sheets(*all_of_it, by)), f"{name}.xlsx")


@tenants.get("/tenants/drawn")
@needs("see_tenants")
def drawn() -> str:
    """The same figures on the ground, by community or township; what is hidden there is so here."""
    today = date.today()
    figure = request.args.get("figure", "present")
    figure = figure if figure in written.FIGURE_WORDS else "present"
    grounds = {slug: (name, shape) for slug, name, shape in communities_below(g.scope)}
    few = len(grounds) <= MOST_DRAWN
    by = request.args.get("by", "community" if few else "township")
    if by == "township" or not few:
        table, _communities = table_below(g.scope, today)
        by, lines = "township", [group.total for group in table.groups]
        shapes = townships_drawn(g.scope)
    else:
        lines = tenants_below(g.scope, today)
        shapes = [(slug, shape) for slug, (_name, shape) in grounds.items()]
    shown = {line.slug: line for line in lines}
    keys = [(key, shape) for key, shape in shapes if key in shown]
    return render_template(
        "tenants/drawn.html",
        drawn=shaded_map(
            keys,
            {
                key: None if figure in shown[key].hidden else shown[key][figure]
                for key, _shape in keys
            },
        ),
        names={key: line.name for key, line in shown.items()},
        numbers={key: written.number(line, figure) for key, line in shown.items()},
        links={
            key: url_for(
                "tenants.index", tenant=g.scope.slug, township=line.area // TOWNSHIP * TOWNSHIP
            )
            for key, line in shown.items()
        },
        figure=(figure, *written.FIGURE_WORDS[figure]),
        figures=[(key, word) for key, (word, _definition) in written.FIGURE_WORDS.items()],
        by=by,
    )


def _asked() -> dict[str, Any]:
    """What the address asks for. Raises InvalidInput for a day that is none."""
    wanted = request.args.get("day", "")
    try:
        day = date.fromisoformat(wanted) if wanted else date.today()
    except ValueError as error:
        raise InvalidInput("日期写成 2026-11-21 这样。") from error
    about = request.args.get("about", "people")
    return {
        "day": min(day, date.today()),
        "about": about if about in written.ABOUT else "people",
        "township": request.args.get("township", type=int),
    }
