"""Cards on paper: the registration card of a departure, and the contact card a member carries."""

from datetime import date
from uuid import UUID

from flask import Blueprint, g, render_template

from service.public_links import public_link
from service.qr_codes import qr_code
from service.rights import needs
from service.saving import saving
from tenants.arrivals.reports.lookups import verifications
from tenants.audit.actions import note
from tenants.liaisons.lookups import running_liaison
from tenants.members.lookups import member_card
from tenants.mobility.lookups import episodes
from tenants.places.lookups import branch_names, stations

paper_cards = Blueprint("paper_cards", __name__)


@paper_cards.get("/members/<uuid:member_id>/cards")
@needs("see_members")
def show(member_id: UUID) -> str:
    """Both cards on one sheet. The code leads to the member's page and tells nothing by itself."""
    person = member_card(g.scope, member_id)
    with saving():
        note(g.scope, "print_cards", "member", member_id)
    today = date.today()
    liaison = running_liaison(g.scope, member_id, today)
    return render_template(
        "members/cards.html",
        person=person,
        branch=branch_names(g.scope).get(person.branch_id, "") if person.branch_id else "",
        episodes=episodes(g.scope, member_id),
        verified=verifications(g.scope, member_id),
        # Who cannot do it any more is not named on a card that is carried for months.
        liaison=liaison.holder.name if liaison and not liaison.holder.gone else "",
        stations=[each for each in stations(g.scope) if each.open_on(today)][:2],
        code=qr_code(public_link("members.show", tenant=g.scope.slug, member_id=member_id)),
        today=today,
    )
