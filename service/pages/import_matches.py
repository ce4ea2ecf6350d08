"""The rows that are, or may be, people the register knows: field by field, one decision each."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note_people
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.import_lookups import import_card
from tenants.members.import_states import CHOICES
from tenants.members.roster_matches import SHOWN, decide_match
from tenants.members.roster_matches import matches as found_matches

import_matches = Blueprint("import_matches", __name__)


@import_matches.get("/imports/<uuid:import_id>/matches")
@needs("import_rosters")
def matches(import_id: UUID) -> str:
    """People known by name are shown, so each of them is told that they were read."""
    card = import_card(g.scope, import_id)
    standing = request.args.get("of", "")
    after = _place(request.args.get("after", ""))
    lines = found_matches(g.scope, import_id, standing if standing in CHOICES else "", after)
    with saving():
        if lines:
            note_people(g.scope, "read_roster_matches", {line.member_id for line in lines})
    last = lines[-1] if len(lines) == SHOWN else None
    return render_template(
        "imports/matches.html",
        it=card,
        lines=lines,
        standing=standing,
        choices=CHOICES,
        next_after=f"{last.row}-{last.sheet}" if last else "",
    )


@import_matches.post("/imports/<uuid:import_id>/matches")
@needs("import_rosters")
def decide_matches(import_id: UUID) -> Response:
    """What was chosen in the page's selects, all of them or none."""
    import_card(g.scope, import_id)
    try:
        with saving():
            for name, decision in request.form.items():
                if name.startswith("match-"):
                    decide_match(g.scope, import_id, _id(name), decision)
    except (Conflict, InvalidInput) as refused:
        flash(told(refused), "error")
    asked = {"of": request.args.get("of", ""), "after": request.form.get("after", "")}
    where: dict[str, Any] = {name: value for name, value in asked.items() if value}
    if not where.get("after"):
        return redirect(url_for("imports.show", tenant=g.scope.slug, import_id=import_id))
    return redirect(
        url_for("import_matches.matches", tenant=g.scope.slug, import_id=import_id, **where)
    )


def _place(text: str) -> tuple[str, int] | None:
    """row-sheet of the last line before, as `next_after` writes it."""
    row, dash, sheet = text.partition("-")
    return (sheet, int(row)) if dash and row.isdecimal() and len(row) < 9 else None


def _id(name: str) -> UUID:
    try:
        return UUID(name.removeprefix("match-"))
    except ValueError:
        raise NotFound from None
