"""One's own figures: the four counts with their definitions, the trend, and what was reported."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from service import figures as written
from service import own_figures as own
from service.charts import Chart, line_chart
from service.downloads import attached
from service.forms.figures import ReportedFigureForm
from service.ledgers import mark
from service.papers import pdf
from service.reported import Compared, compared, key_words
from service.rights import needs
from service.saving import saving
from service.spreadsheets import workbook
from tenants.organisations.actions import drop_reported_figure, keep_reported_figure
from tenants.organisations.lookups import reported_figures
from tenants.outbox.actions import recount
from tenants.oversight.breakdowns import Breakdown, breakdowns, own_register
from tenants.oversight.lookups import Month, own_line, reported_below, trend_below
from tenants.oversight.tables import FIGURES, Line

figures = Blueprint("figures", __name__)


@figures.get("/figures")
@needs("see_figures")
def index() -> str:
    return _page(ReportedFigureForm())


@figures.get("/figures/file")
@needs("see_figures")
def file() -> Response:
    """All that the page shows as a workbook or on paper, each figure with what it counts."""
    today = date.today()
    line = own_line(g.scope, today)
    all_of_it = (line, _parts(today), trend_below(g.scope, today), _compared(line, today), today)
    name, by = own.file_name(line, today), mark(g.scope.name, current_user.name)
    if request.args.get("form") == "pdf":
        return attached(pdf(own.paper(*all_of_it, by)), f"{name}.pdf")
    return attached(workbook(own.sheets(*all_of_it, by)), f"{name}.xlsx")


@figures.post("/figures/again")
@needs("see_figures")
def again() -> Response:
    """Count now what the night would count."""
    with saving():
        recount(g.scope)
    flash(_("正在重新统计，十几秒后刷新就能看到。"))
    return redirect(url_for("figures.index", tenant=g.scope.slug))


@figures.post("/figures/reported")
@needs("set_reported_figures")
def report() -> Response | tuple[str, int]:
    form = ReportedFigureForm()
    if not form.validate_on_submit():
        return _page(form), 422
    with saving():
        keep_reported_figure(
            g.scope,
            form.key.data,
            (form.value.data or "").strip(),
            (form.reading.data or "").strip(),
            form.reported_on.data,
        )
    flash(_("已照原样记下上报的数字。"))
    return redirect(url_for("figures.index", tenant=g.scope.slug, _anchor="reported"))


@figures.post("/figures/reported/<uuid:figure_id>/drop")
@needs("set_reported_figures")
def drop(figure_id: UUID) -> Response:
    with saving():
        drop_reported_figure(g.scope, figure_id)
    flash(_("已删去这个上报的数字。"))
    return redirect(url_for("figures.index", tenant=g.scope.slug, _anchor="reported"))


def _page(form: ReportedFigureForm) -> str:
    today = date.today()
    line = own_line(g.scope, today)
    months = trend_below(g.scope, today)
    return render_template(
        "figures/index.html",
        line=line,
        figures=[(key, *written.FIGURE_WORDS[key]) for key in FIGURES],
        written=written,
        months=months,
        charts=_charts(months),
        breakdowns=_parts(today),
        kind_of_part=own.KIND_WORDS,
        part_words=own.PART_WORDS,
        month_words=own.MONTH_WORDS,
        counted_when=own.counted_when(line, today),
        form=form,
        kept=reported_figures(g.scope),
        key_words=key_words,
        compared=_compared(line, today),
        today=today,
    )


def _parts(day: date) -> list[Breakdown]:
    """Of a community alone: an office above sees no parts, which are small."""
    return breakdowns(g.scope, day) if g.scope.level == "community" else []


def _compared(line: Line, day: date) -> Compared:
    """The scope's own reports beside its own figures."""
    reported = [each for each in reported_below(g.scope) if each.area == g.scope.area]
    further = own_register(g.scope, day) if g.scope.level == "community" else {}
    return compared(reported, {g.scope.area: line}, further)


def _charts(months: list[Month]) -> list[tuple[str, Chart]]:
    """How many there are, and how many moved, month by month; the scope's own, beside nobody's."""
    labels = [_("%(n)s月", n=month.last_day.month) for month in months]

    def lines(*names: tuple[str, str]) -> list[tuple[str, Any]]:
        return [(words, [getattr(month, name) for month in months]) for name, words in names]

    return [
        (
            _("流出、流入的人数"),
            line_chart(labels, lines(("outflow", _("流出")), ("inflow", _("流入")))),
        ),
        (
            _("每月外出、返回和到来"),
            line_chart(
                labels,
                lines(("departed", _("外出")), ("returned", _("返回")), ("arrived", _("到来"))),
            ),
        ),
    ]
