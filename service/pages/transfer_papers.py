"""A transfer letter on paper: the stub that stays, the letter, and the receipt that comes back."""

from datetime import date
from uuid import UUID

from flask import Blueprint, g, render_template

from service.rights import needs
from service.saving import saving
from service.transfer_words import mark
from tenants.audit.actions import note
from tenants.audit.lookups import Wanted, entries
from tenants.people.lookups import shown_names
from tenants.transfers.papers import letter_paper

transfer_papers = Blueprint("transfer_papers", __name__)


@transfer_papers.get("/transfers/<uuid:letter_id>/paper")
@needs("manage_transfers")
def show(letter_id: UUID) -> str:
    """All three parts on one sheet; each time is written down, and the screen says how often."""
    paper, today = letter_paper(g.scope, letter_id), date.today()
    wanted = Wanted(act="print_letter", subject_ids=(paper.letter.member_id,))
    before = [
        each for each in entries(g.scope, wanted) if each.facts.get("letter") == str(letter_id)
    ]
    with saving():
        note(
            g.scope, "print_letter", "member", paper.letter.member_id,
            letter=str(letter_id), again=bool(before),
        )  # fmt: skip
    who = before[0].person_id if before else None
    return render_template(
        "transfers/paper.html",
        paper=paper,
        letter=paper.letter,
        mark=mark(paper.letter.stub, today),
        before=before,
        who=shown_names(g.scope, [who]).get(who) if who else None,
        today=today,
    )
