"""The register of transfer letters: the list, issuing one, and what became of each."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.downloads import attached
from service.forms.transfers import AnotherLetterForm, LetterForm
from service.rights import needs
from service.saving import saving
from service.sentences import told
from service.spreadsheets import Sheet, workbook
from service.transfer_words import EVERY, SHOWN_WORDS, STEP_DONE, cells, columns
from service.written import day
from tenants.audit.actions import note, note_people
from tenants.errors import Conflict, InvalidInput
from tenants.members.lookups import members, names_of
from tenants.people.lookups import shown_names
from tenants.transfers import actions
from tenants.transfers.lookups import (
    PAGE,
    SHOWN,
    letter,
    letter_counts,
    letters,
    longest_validity,
    suggested_valid_to,
)
from tenants.transfers.rules import NEAR_DAYS, STEPS, may

transfers = Blueprint("transfers", __name__)
WITHIN = (7, NEAR_DAYS, 30)
"""Choices of how many days ahead count as near."""
MOST_ROWS = 5_000


@transfers.app_context_processor
def words() -> dict[str, object]:
    return EVERY


@transfers.get("/transfers")
@needs("see_members")
def index() -> str:
    today, asked = date.today(), _asked()
    found = letters(g.scope, today, **asked, limit=PAGE + 1)
    with saving():
        note_people(g.scope, "read_members", sorted({each.member_id for each in found[:PAGE]}))
    return render_template(
        "transfers/index.html",
        letters=found[:PAGE],
        last=found[PAGE - 1].id if len(found) > PAGE else None,
        counts=letter_counts(g.scope, today, asked["within"]),
        asked=asked,
        choices=WITHIN,
        rule=longest_validity(g.scope, today),
        today=today,
    )


@transfers.get("/transfers/file")
@needs("export_ledgers")
def file() -> Response:
    """The same list as a workbook; everybody in it is told that it was taken along."""
    today, asked = date.today(), _asked()
    found = letters(g.scope, today, **{**asked, "after": None}, limit=MOST_ROWS)
    people = sorted({str(each.member_id) for each in found})
    with saving():
        note(
            g.scope, "export_ledger", "member",
            kind="transfers", form="file", count=len(found), people=people,
        )  # fmt: skip
    title = f"{g.scope.name} {_('组织关系介绍信')}"
    above = [title, str(SHOWN_WORDS[asked["show"]]), _("共 %(n)s 封，%(day)s。", n=len(found), day=day(today))]  # fmt: skip
    sheet = Sheet(_("组织关系介绍信"), columns(), cells(found, today), above=above)
    return attached(workbook([sheet]), f"{title}-{today:%Y%m%d}.xlsx")


@transfers.route("/transfers/new", methods=["GET", "POST"])
@needs("manage_transfers")
def new() -> str | Response | tuple[str, int]:
    """First for whom, then what stands on the stub."""
    member_id = request.values.get("member_id", type=UUID)
    person = names_of(g.scope, [member_id]).get(member_id) if member_id else None
    if person is None:
        wanted = request.args.get("words", "").strip()
        found = members(g.scope, words=wanted, affiliation="affiliated", limit=20) if wanted else []
        with saving():
            note_people(g.scope, "read_members", (each.id for each in found))
        return render_template("transfers/whom.html", words=wanted, people=found)
    form = LetterForm()
    if form.validate_on_submit():
        try:
            with saving():
                letter_id = actions.issue(g.scope, form.draft(member_id), date.today())
        except (InvalidInput, Conflict) as refused:
            form.number.errors = [told(refused)]
        else:
            flash(_("已登记开出。"), "success")
            return _to(letter_id)
    form.member_id.data = str(member_id)
    page = render_template(
        "transfers/new.html",
        form=form,
        person=person,
        rule=longest_validity(g.scope, date.today()),
        suggested=suggested_valid_to(g.scope, date.today()),
    )
    return (page, 422) if form.errors else page


@transfers.get("/transfers/<uuid:letter_id>")
@needs("see_members")
def show(letter_id: UUID) -> str:
    return _page(letter_id)


@transfers.post("/transfers/<uuid:letter_id>/step")
@needs("manage_transfers")
def step(letter_id: UUID) -> Response | tuple[str, int]:
    act, on = request.form.get("act", ""), None
    with suppress(ValueError):
        on = date.fromisoformat(request.form.get("on", ""))

    def do() -> UUID:
        if on is None:
            letter(g.scope, letter_id)
            raise InvalidInput("请填完整的日期。")
        actions.step(g.scope, letter_id, act, on, date.today())
        return letter_id

    return _said(letter_id, do, lambda: str(STEP_DONE[act]))


@transfers.post("/transfers/<uuid:letter_id>/replace")
@needs("manage_transfers")
def replace(letter_id: UUID) -> Response | tuple[str, int]:
    form = AnotherLetterForm()

    def do() -> UUID:
        letter(g.scope, letter_id)
        if not form.validate() or form.issued_on.data is None:
            raise InvalidInput("请填新的编号和开具日期。")
        return actions.replace(
            g.scope,
            letter_id,
            form.number.data or "",
            form.issued_on.data,
            form.valid_to.data,
            date.today(),
        )

    return _said(letter_id, do, lambda: _("已作废原来的一封，补开的这一封已登记。"))


@transfers.post("/transfers/<uuid:letter_id>/undo")
@needs("manage_transfers")
def undo(letter_id: UUID) -> Response | tuple[str, int]:
    return _said(
        letter_id, lambda: actions.undo(g.scope, letter_id), lambda: _("已撤销，回到上一步。")
    )


def _asked() -> dict[str, Any]:
    show = request.args.get("show", "open")
    within = request.args.get("within", NEAR_DAYS, type=int)
    return {
        "show": show if show in SHOWN else "open",
        "within": within if within in WITHIN else NEAR_DAYS,
        "words": request.args.get("words", "").strip(),
        "after": request.args.get("after", type=UUID),
    }


def _said(
    letter_id: UUID, act: Callable[[], UUID | None], done: Callable[[], str]
) -> Response | tuple[str, int]:
    """Do it; then the letter it leads to, or why it could not be done."""
    try:
        with saving():
            leads_to = act()
    except (InvalidInput, Conflict) as error:
        return _page(letter_id, told(error)), 409 if isinstance(error, Conflict) else 422
    flash(done(), "success")
    if leads_to is None:
        return redirect(url_for("transfers.index", tenant=g.scope.slug))
    return _to(leads_to)


def _page(letter_id: UUID, fault: str = "") -> str:
    found, today = letter(g.scope, letter_id), date.today()
    with saving():
        note(g.scope, "read_member", "member", found.member_id)
    who = [found.said_by] if found.said_by else []
    return render_template(
        "transfers/show.html",
        letter=found,
        steps=[act for act in STEPS if may(act, found.stub, today)],
        may_replace=may("replace", found.stub, today),
        form=AnotherLetterForm(),
        suggested=suggested_valid_to(g.scope, today),
        who=shown_names(g.scope, who).get(found.said_by) if found.said_by else None,
        fault=fault,
        today=today,
    )


def _to(letter_id: UUID) -> Response:
    return redirect(url_for("transfers.show", tenant=g.scope.slug, letter_id=letter_id))
