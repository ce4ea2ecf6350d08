"""The record of who did and read what: for the administrator, and for the person themselves."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, Response, g, render_template, request

from service.audit_words import ACT_WORDS
from service.rights import needs
from service.saving import saving
from service.written import BEIJING
from tenants.arrivals.lookups import arrival_of
from tenants.audit.actions import note, note_people
from tenants.audit.lookups import PAGE, Wanted, head
from tenants.audit.rules import anchor_line
from tenants.errors import NotFound
from tenants.grid.lookups import groups_today
from tenants.members.lookups import member_card
from tenants.mobility.lookups import episodes
from tenants.oversight.audit_book import BookLine, book, everybody, subjects
from tenants.people.history import history
from tenants.places.lookups import branch_names

audit = Blueprint("audit", __name__)

ON_THE_SHEET = 1000


@audit.get("/audit")
@needs("see_audit")
def index() -> str:
    chosen = {
        name: request.args.get(name, "").strip()
        for name in ("person", "act", "from", "until", "words", "member")
    }
    after = request.args.get("after", type=UUID)
    found = book(g.scope, _wanted(chosen["words"]), after=after, limit=PAGE + 1)
    last = head(g.scope)
    with saving():
        note_people(g.scope, "read_audit", _people(found[:PAGE]))
    return render_template(
        "audit/index.html",
        lines=found[:PAGE],
        last=found[PAGE - 1].id if len(found) > PAGE else None,
        after=after,
        head=last,
        chosen={name: value for name, value in chosen.items() if value},
        people=everybody(g.scope),
        acts=sorted(ACT_WORDS.items(), key=lambda pair: str(pair[1])),
    )


@audit.get("/audit/head")
@needs("see_audit")
def anchor() -> Response:
    """The head of the chain as one line of text, to be kept where nobody can change it."""
    last = head(g.scope)
    if last is None:
        raise NotFound
    now = datetime.now(UTC)
    with saving():
        note(g.scope, "export_audit", "audit")
    return Response(
        anchor_line(g.scope.tenant_id, last.seq, last.hash, now),
        mimetype="text/plain",
        headers={"Content-Disposition": f"attachment; filename=audit-{now:%Y-%m-%d}.txt"},
    )


@audit.get("/members/<uuid:member_id>/sheet")
@needs("see_members")
def sheet(member_id: UUID) -> str:
    """What is held on a person and who read it, on paper for them (design, section 7)."""
    person = member_card(g.scope, member_id)
    case = arrival_of(g.scope, member_id)
    with saving():
        note(g.scope, "print_sheet", "member", member_id)
    readings = history(g.scope, "member", member_id, limit=ON_THE_SHEET)
    if case:
        readings += history(g.scope, "arrival", case.id, limit=ON_THE_SHEET)
    return render_template(
        "audit/sheet.html",
        person=person,
        arrival=case,
        branch=person.branch_id and branch_names(g.scope).get(person.branch_id),
        group=person.group_id and dict(groups_today(g.scope)).get(person.group_id),
        episodes=episodes(g.scope, member_id),
        readings=sorted(readings, key=lambda reading: reading.at, reverse=True),
        most=ON_THE_SHEET,
        now=datetime.now(UTC),
    )


def _wanted(words: str) -> Wanted:
    """What the address asks for; days are Beijing's, the last one is included."""
    since = request.args.get("from", type=date.fromisoformat)
    until = request.args.get("until", type=date.fromisoformat)
    member_id = request.args.get("member", type=UUID)
    about = (member_id,) if member_id else subjects(g.scope, words) if words else None
    return Wanted(
        person_id=request.args.get("person", type=UUID),
        act=request.args.get("act", "").strip(),
        since=None if since is None else _midnight(since),
        until=None if until is None else _midnight(until + timedelta(days=1)),
        subject_ids=about,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def _people(lines: list[BookLine]) -> list[UUID]:
    return sorted({line.member_id for line in lines if line.member_id})
