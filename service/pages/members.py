"""The register: the list with its search, and one member's card."""

from datetime import date
from uuid import UUID

from flask import Blueprint, g, render_template, request

from service.rights import needs
from service.saving import saving
from tenants.arrivals.lookups import arrival_of
from tenants.audit.actions import note, note_people
from tenants.grid.lookups import groups_today
from tenants.members.lookups import PAGE, member_card
from tenants.members.lookups import members as found_members
from tenants.members.revealing import ACT, reveal
from tenants.mobility.lookups import episodes
from tenants.people.history import history
from tenants.places.lookups import branch_names
from tenants.visits.lookups import visits_of

members = Blueprint("members", __name__)


@members.get("/members")
@needs("see_members")
def index() -> str:
    words = request.args.get("words", "").strip()
    affiliation = request.args.get("affiliation", "")
    branch_id = request.args.get("branch", type=UUID)
    after = request.args.get("after", type=UUID)
    found = found_members(
        g.scope,
        words=words,
        affiliation=affiliation,
        branch_id=branch_id,
        after=after,
        limit=PAGE + 1,
    )
    with saving():
        note_people(g.scope, "read_members", (line.id for line in found[:PAGE]))
    chosen = {"words": words, "affiliation": affiliation, "branch": branch_id}
    return render_template(
        "members/index.html",
        members=found[:PAGE],
        last=found[PAGE - 1].id if len(found) > PAGE else None,
        chosen={name: value for name, value in chosen.items() if value},
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
        visits=visits_of(g.scope, member_id, date.today(), limit=5),
        readings=history(g.scope, "member", member_id),
        reveals=history(g.scope, "member", member_id, act=ACT),
        revealed=revealed,
    )
