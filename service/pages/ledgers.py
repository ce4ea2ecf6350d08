"""Ledgers as offices file them: to read, to print, to take along as a workbook or a PDF.

A short one is written while somebody waits; a long one by a worker, and kept for a few days.
"""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from service import ledgers as written
from service.downloads import attached
from service.pages.jobs import progress_of
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.errors import Conflict, NotFound
from tenants.mobility import ledger_files
from tenants.mobility.ledgers import KINDS, MOST_ROWS, LedgerLine, ledger, ledger_size
from tenants.outbox.lookups import job

ledgers = Blueprint("ledgers", __name__)


@ledgers.get("/ledgers")
@needs("export_ledgers")
def index() -> str:
    """A short ledger stands on its page; of a long one the page says how long it is."""
    kind = _wanted()
    size = ledger_size(g.scope, kind)
    lines = _lines(kind, "page") if size <= MOST_ROWS else []
    files = ledger_files.ledger_files(g.scope, kind)
    busy = [
        (each, progress_of(job(g.scope, each.job_id)))
        for each in files
        if each.job_id and each.state in ("asked", "failed")
    ]
    return render_template(
        "ledgers/index.html",
        kind=kind,
        titles=written.TITLES,
        title=written.title(kind, g.scope.name),
        notes=written.notes(kind, current_user.name, size),
        columns=written.columns(kind),
        rows=written.cells(kind, lines),
        size=size,
        too_long=size > MOST_ROWS,
        form_words=written.FORM_WORDS,
        busy=busy,
        kept=[each for each in files if each.here(date.today())],
    )


@ledgers.get("/ledgers/file")
@needs("export_ledgers")
def file() -> Response:
    """A short ledger, at once."""
    kind, form = _wanted(), request.args.get("as", "xlsx")
    if form not in ledger_files.FORMS:
        raise NotFound
    lines = _lines(kind, form)
    content = written.written(kind, form, g.scope.name, current_user.name, lines)
    return attached(content, written.ledger_name(kind, form, g.scope.name))


@ledgers.post("/ledgers")
@needs("export_ledgers")
def make() -> Answer:
    """A long ledger: asked for here, found again on the ledger's own page."""
    kind, form = request.form.get("of", ""), request.form.get("as", "")
    try:
        with saving():
            ledger_files.ask_ledger(g.scope, kind, form, str(get_locale()))
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        flash(_("已经交给后台去做，可以离开这一页，做好后在这里下载。"))
    return redirect(url_for("ledgers.index", tenant=g.scope.slug, of=kind))


@ledgers.get("/ledgers/<uuid:ledger_id>/file")
@needs("export_ledgers")
def fetch(ledger_id: UUID) -> Response:
    with saving():
        content, kind, form = ledger_files.ledger_content(g.scope, ledger_id, date.today())
    return attached(content, written.ledger_name(kind, form, g.scope.name))


def _wanted() -> str:
    kind = request.args.get("of", KINDS[0])
    if kind not in KINDS:
        raise NotFound
    return kind


def _lines(kind: str, form: str) -> list[LedgerLine]:
    """Whoever takes a ledger along, on paper or as a file, is written down first.

    Everybody in it is named in the entry, so that their own page tells them (design, section 7).
    """
    lines = ledger(g.scope, kind)
    with saving():
        ledger_files.note_taken_along(g.scope, kind, form, [line.member_id for line in lines])
    return lines
