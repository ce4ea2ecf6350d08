"""What an office above knows of the tenants below: counts with their definitions, never a name."""

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request
from werkzeug.wrappers import Response

from service import figures as written
from service.rights import needs
from service.spreadsheets import Sheet, download, workbook
from service.words import FIGURE_WORDS
from tenants.errors import InvalidInput
from tenants.oversight.lookups import reported_below, table_below
from tenants.oversight.rules import beside_computed, gaps

tenants = Blueprint("tenants", __name__)


@tenants.get("/tenants")
@needs("see_tenants")
def index() -> str:
    """In the order of the area, never ranked."""
    asked = _asked()
    table, communities = table_below(g.scope, asked["day"], asked["township"])
    reported = reported_below(g.scope)
    return render_template(
        "tenants/index.html",
        **asked,
        table=table,
        communities=communities,
        figures=[(key, *FIGURE_WORDS[key]) for key in written.ABOUT[asked["about"]]],
        written=written,
        today=date.today(),
        reported=beside_computed(reported, table.lines()),
        gaps=gaps(reported),
    )


@tenants.get("/tenants/file")
@needs("see_tenants")
def file() -> Response:
    """The same table as a workbook, with what each figure counts."""
    asked = _asked()
    table, _communities = table_below(g.scope, asked["day"], asked["township"])
    about = asked["about"]
    sheet = Sheet(
        g.scope.name,
        written.columns(about),
        written.cells(about, table),
        above=[g.scope.name, *written.notes(asked["day"])],
        below=written.definitions(about),
    )
    return download(workbook([sheet]), f"{g.scope.name}-{asked['day']:%Y%m%d}.xlsx")


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
