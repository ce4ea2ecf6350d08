"""Ledgers as offices file them: to read, to print, to take along as a workbook."""

from flask import Blueprint, g, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from service import ledgers as written
from service.rights import needs
from service.saving import saving
from service.spreadsheets import download
from tenants.audit.actions import note
from tenants.errors import NotFound
from tenants.mobility.ledgers import KINDS, LedgerLine, ledger

ledgers = Blueprint("ledgers", __name__)


@ledgers.get("/ledgers")
@needs("export_ledgers")
def index() -> str:
    kind = _wanted()
    lines = _lines(kind, "page")
    return render_template(
        "ledgers/index.html",
        kind=kind,
        titles=written.TITLES,
        title=written.title(kind, g.scope.name),
        notes=written.notes(kind, current_user.name, len(lines)),
        columns=written.columns(kind),
        rows=written.cells(kind, lines),
    )


@ledgers.get("/ledgers/file")
@needs("export_ledgers")
def file() -> Response:
    kind = _wanted()
    lines = _lines(kind, "file")
    content = written.ledger_workbook(kind, g.scope.name, current_user.name, lines)
    return download(content, written.ledger_name(kind, g.scope.name))


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
    people = sorted({str(line.member_id) for line in lines})
    with saving():
        note(
            g.scope,
            "export_ledger",
            "member",
            kind=kind,
            form=form,
            count=len(lines),
            people=people,
        )
    return lines
