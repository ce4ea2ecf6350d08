"""The register: the list with its search, and one member's card."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.forms.members import TakeOutForm
from service.rights import needs
from service.saving import saving
from tenants.arrivals.lookups import arrival_of
from tenants.audit.actions import note, note_people
from tenants.certificates.lookups import certificates_of
from tenants.grid.lookups import groups_today
from tenants.liaisons.lookups import needs_liaison, running_liaison
from tenants.members.finding import is_number
from tenants.members.lookups import PAGE, member_card
from tenants.members.lookups import members as found_members
from tenants.members.revealing import ACT, reveal
from tenants.mobility.lookups import episodes
from tenants.people.history import history
from tenants.places.lookups import branch_names
from tenants.transfers.lookups import letters_of
from tenants.visits.lookups import visits_of

members = Blueprint("members", __name__)


@members.get("/members")
@needs("see_members")
def index() -> str:
    words = request.args.get("words", "").strip()
    affiliation = request.args.get("affiliation", "")
    branch_id = request.args.get("branch", type=UUID)
    after = request.args.get("after", type=UUID)
    return _list({"words": words, "affiliation": affiliation, "branch": branch_id}, after)


@members.post("/members/search")
@needs("see_members")
def search() -> str | Response:
    """The list's search box. A number is answered here and never stands in an address; a name or
    a building becomes an address that can be kept."""
    words = request.form.get("words", "").strip()
    chosen = {
        "words": words,
        "affiliation": request.form.get("affiliation", ""),
        "branch": request.form.get("branch", type=UUID),
    }
    if is_number(words):
        return _list(chosen, None, phones=True)
    asked: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    return redirect(url_for("members.index", tenant=g.scope.slug, **asked), 303)


def _list(chosen: dict[str, Any], after: UUID | None, *, phones: bool = False) -> str:
    found = found_members(
        g.scope,
        words=chosen["words"],
        affiliation=chosen["affiliation"],
        branch_id=chosen["branch"],
        after=after,
        limit=PAGE + 1,
        phones=phones,
    )
    with saving():
        note_people(g.scope, "read_members", (line.id for line in found[:PAGE]))
    return render_template(
        "members/index.html",
        members=found[:PAGE],
        # A page further would carry the number in its address.
        last=found[PAGE - 1].id if len(found) > PAGE and not phones else None,
        chosen={name: value for name, value in chosen.items() if value},
        phone_in_address=not phones and is_number(chosen["words"]),
        after=after,
        branches=branch_names(g.scope),
        groups=dict(groups_today(g.scope)),
    )


@members.get("/members/<uuid:member_id>")
@needs("see_members")
def show(member_id: UUID) -> str:
    """Opening a card is written down, for the person to see (design, section 7)."""
    with saving():
        note(g.scope, "read_member", "member", member_id)
        return _page(member_id)


@members.post("/members/<uuid:member_id>/reveal")
@needs("reveal_fields")
def show_field(member_id: UUID) -> str:
    """Shown once, in this answer; nothing keeps it (every answer of ours says no-store)."""
    field = request.form.get("field", "")
    with saving():
        value = reveal(
            g.scope,
            member_id,
            field,
            request.form.get("reason", ""),
            request.form.get("remark", ""),
        )
    if request.headers.get("HX-Request"):
        return render_template("members/revealed.html", field=field, value=value)
    return _page(member_id, (field, value))


def _page(member_id: UUID, revealed: tuple[str, str] | None = None) -> str:
    person = member_card(g.scope, member_id)
    return render_template(
        "members/show.html",
        person=person,
        branch=person.branch_id and branch_names(g.scope).get(person.branch_id),
        group=person.group_id and dict(groups_today(g.scope)).get(person.group_id),
        arrival=arrival_of(g.scope, member_id),
        episodes=episodes(g.scope, member_id),
        letters=letters_of(g.scope, member_id),
        liaison=running_liaison(g.scope, member_id, date.today()),
        needs_liaison=needs_liaison(g.scope, member_id, date.today()),
        today=date.today(),
        visits=visits_of(g.scope, member_id, date.today(), limit=5),
        certificates=certificates_of(g.scope, member_id),
        readings=history(g.scope, "member", member_id),
        reveals=history(g.scope, "member", member_id, act=ACT),
        revealed=revealed,
        leaving=TakeOutForm(formdata=None),
    )
