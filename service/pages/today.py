"""The day's list: who is to be called on and why, what was done of it, and entering it from paper."""

from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service import visit_words
from service.besides import besides
from service.forms.paper import PaperRow, TalkRow, rows_of, talk_rows_of
from service.forms.talks import OUTCOME_WORDS
from service.forms.visits import DID, ONE_TAP, VisitForm
from service.rights import allows, needs
from service.saving import saving
from service.sentences import told
from service.written import BEIJING
from tenants.arrivals.lookups import counts_by_state
from tenants.arrivals.talks.actions import keep_outcome
from tenants.audit.actions import note_people
from tenants.errors import InvalidInput, NotFound
from tenants.matching.cases import Case, cases
from tenants.members.lookups import names_of
from tenants.scope import Scope
from tenants.visits.actions import VisitDraft, record_visit
from tenants.visits.lookups import recorded_by_me
from tenants.visits.requests import open_count
from tenants.visits.worklist import WorkLine, Worklist, worklist

today = Blueprint("today", __name__)

WAITING = {
    "proposed": ("proposed",),
    "unserved": ("unserved",),
    "matching": ("signalled", "verified"),
}
"""What waits for a decision about who came, and the states behind each word."""
WAITING_SHOWN = 20
SHOWN = 200
PRINTED = 3_000
"""Lines of the sheet: whoever needs more prints cell by cell."""
KIND_OF = {"certificate_check": "certificate_check", "return_visit": "return_visit"}
"""What a visit for such a duty is, unless somebody says otherwise."""


@today.app_context_processor
def _visit_words() -> dict[str, Any]:
    return {
        "visits_say": visit_words,
        "did_words": DID,
        "one_tap": ONE_TAP,
        "talk_words": OUTCOME_WORDS,
    }


@today.get("/today")
@needs("record_visits")
def show() -> str:
    found = asked_for(g.scope)
    due, counts = _arrivals(g.scope)
    wishes = open_count(g.scope)
    mine = recorded_by_me(g.scope, _midnight(), date.today())
    people = [
        *(line.member_id for line in found.lines),
        *(case.line.member_id for case in chain.from_iterable(due.values())),
        *(visit.member_id for visit in mine),
    ]
    with saving():
        note_people(g.scope, "read_members", dict.fromkeys(people))
    return render_template(
        "today/show.html",
        found=found,
        shown=SHOWN,
        day=date.today(),
        chosen=chosen(),
        due=due,
        counts=counts,
        mine=mine,
        wishes=wishes,
        besides=list(besides(g.scope, date.today(), wishes)),
        form=VisitForm(formdata=None),
        kind_of=kind_of,
    )


@today.get("/today/sheet")
@needs("record_visits")
def sheet() -> str:
    """All of the narrowed list to take along on paper, however long it is."""
    found = asked_for(g.scope)
    walk = found.walk[:PRINTED]
    with saving():
        people = [line.member_id for line in walk if isinstance(line, WorkLine)]
        note_people(g.scope, "read_members", people)
    return render_template(
        "today/sheet.html",
        walk=walk,
        all=len(found.walk),
        cells=dict(found.cells),
        day=date.today(),
        chosen=chosen(),
    )


@today.route("/today/paper", methods=["GET", "POST"])
@needs("record_visits")
def paper() -> str | Response | tuple[str, int]:
    """All rows are kept or none: a fault is shown in its row, and nothing typed is lost."""
    day = date.today()
    found = asked_for(g.scope)
    rows = rows_of(request.form, day) if request.method == "POST" else {}
    talks = _talk_rows(day) if request.method == "POST" else {}
    if not rows and not talks:
        with saving():
            note_people(g.scope, "read_members", (line.member_id for line in found.lines))
        return _paper(found, rows, talks, day)
    if not _kept(found, rows, talks, day):
        return _paper(found, rows, talks, day), 422
    flash(_("已补录 %(n)s 次走访。", n=len(rows) + len(talks)), "success")
    return redirect(url_for("today.show", tenant=g.scope.slug, **chosen()))


def _talk_rows(day: date) -> dict[UUID, TalkRow]:
    may = allows(g.scope.role, "register_arrivals")
    return talk_rows_of(request.form, day) if may else {}


def _kept(
    found: Worklist, rows: dict[UUID, PaperRow], talks: dict[UUID, TalkRow], day: date
) -> bool:
    lines = {line.member_id: line for line in found.lines}
    drafts = {id_: row.draft(kind_of(lines.get(id_))) for id_, row in rows.items()}
    with suppress(NotKept), saving():
        for member_id, draft in drafts.items():
            rows[member_id].fault = rows[member_id].fault or _recorded(draft, day)
        for talk in talks.values():
            talk.fault = _talked(talk, day)
        if any(row.fault for row in rows.values()) or any(row.fault for row in talks.values()):
            raise NotKept
        return True
    return False


def _talked(row: TalkRow, day: date) -> str:
    """Keep what was said at one address; answers why it cannot be, or ''."""
    days = row.days(day)
    if days is None:
        return row.fault
    try:
        keep_outcome(g.scope, row.talk_id, row.did, *days)
    except InvalidInput as refused:
        return told(refused)
    except NotFound:
        return _("这个地址已经不在您的首谈清单上，不用再记。")
    return ""


class NotKept(Exception):
    """A row has a fault, so that none of them is kept."""


def _recorded(draft: VisitDraft | None, day: date) -> str:
    """Write one row down; answers why it cannot be, or ''."""
    try:
        if draft is not None:
            record_visit(g.scope, draft, day, source="paper")
    except InvalidInput as refused:
        return told(refused)
    except NotFound:
        return _("这位同志已经不归您联系。")
    return ""


def _paper(
    found: Worklist, rows: dict[UUID, PaperRow], talks: dict[UUID, TalkRow], day: date
) -> str:
    listed = {line.member_id for line in found.lines}
    further = names_of(g.scope, [each for each in rows if each not in listed])
    return render_template(
        "today/paper.html",
        found=found,
        rows=rows,
        talks=talks,
        further=further,
        day=day,
        chosen=chosen(),
    )


def chosen() -> dict[str, Any]:
    """What the list is narrowed to, as it stands in the address."""
    wanted = {name: request.args.get(name, "") for name in ("kind", "state")}
    cell = request.args.get("cell", type=UUID)
    return {name: value for name, value in {**wanted, "cell": cell}.items() if value}


def asked_for(scope: Scope) -> Worklist:
    """The day's list, narrowed to what stands in the address."""
    narrowed = chosen()
    return worklist(
        scope,
        date.today(),
        cell_id=narrowed.get("cell"),
        kind=narrowed.get("kind", ""),
        state=narrowed.get("state", ""),
        with_talks=allows(scope.role, "register_arrivals"),
    )


def kind_of(line: WorkLine | None) -> str:
    """What a visit on this line is: the check or the talk that is due, else a contact."""
    kinds = [KIND_OF[due.kind] for due in line.dues if due.kind in KIND_OF] if line else []
    return kinds[0] if kinds else "contact"


def _arrivals(scope: Scope) -> tuple[dict[str, list[Case]], dict[str, int]]:
    """Who came and waits for a decision, for whoever may decide."""
    if not allows(scope.role, "see_arrivals"):
        return {key: [] for key in WAITING}, dict.fromkeys(WAITING, 0)
    states = counts_by_state(scope)
    due = {
        key: cases(scope, states=wanted, limit=WAITING_SHOWN, oldest_first=True)
        for key, wanted in WAITING.items()
    }
    counts = {key: sum(states.get(each, 0) for each in WAITING[key]) for key in WAITING}
    return due, counts


def _midnight() -> datetime:
    """When today began for people here."""
    now = datetime.now(BEIJING)
    return now.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
