"""One person more: whom would it move, if somebody came to what a run found? Reading only."""

from uuid import UUID

from flask import Blueprint, g, render_template, request

from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note_people
from tenants.errors import Conflict
from tenants.matching.assignments.lookups import run
from tenants.matching.assignments.newcomers import Effect, came_after, effect

assignment_newcomers = Blueprint("assignment_newcomers", __name__)


@assignment_newcomers.get("/assignments/<uuid:run_id>/newcomers")
@needs("plan_assignments")
def show(run_id: UUID) -> str:
    """`member` names the one who is asked about."""
    found = run(g.scope, run_id)
    waiting = came_after(g.scope, run_id) if found.state == "done" else []
    member_id = request.args.get("member", type=UUID)
    answer: Effect | None = None
    said = ""
    if member_id is not None:
        try:
            answer = effect(g.scope, found, member_id)
        except Conflict as conflict:
            said = told(conflict)
    moved = [one.member_id for one in answer.moved] if answer else []
    with saving():
        note_people(g.scope, "read_members", [*(one.member_id for one in waiting), *moved])
    return render_template(
        "assignments/newcomers.html",
        run=found,
        waiting=waiting,
        who=next((one for one in waiting if one.member_id == member_id), None),
        answer=answer,
        said=said,
    )
