"""Centre households: hosts whom people chose, proposals, and what both sides said."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.pages.jobs import progress_of
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note_people
from tenants.errors import Conflict, InvalidInput
from tenants.matching.households import actions
from tenants.matching.households.lookups import households as found_households
from tenants.matching.households.lookups import last_settlement
from tenants.matching.households.rules import FEWEST, MOST
from tenants.members.lookups import members
from tenants.outbox.lookups import job

households = Blueprint("households", __name__)

CANDIDATES_SHOWN = 10


@households.get("/households")
@needs("plan_households")
def index() -> str:
    """Search finds members of the register who could be asked to host."""
    words = request.args.get("words", "")
    last = last_settlement(g.scope)
    work = job(g.scope, last.id) if last is not None and last.ended_at is None else None
    found = found_households(g.scope)
    candidates = members(g.scope, words=words, limit=CANDIDATES_SHOWN) if words.strip() else []
    listed = [pair.member_id for household in found for pair in household.pairs]
    with saving():
        note_people(g.scope, "read_members", listed + [line.id for line in candidates])
    return render_template(
        "households/index.html",
        households=found,
        last=last,
        job=work,
        progress=None if work is None else progress_of(work),
        words=words,
        candidates=candidates,
        fewest=FEWEST,
        most=MOST,
    )


@households.post("/households")
@needs("plan_households")
def name_host() -> Response:
    """A member becomes a host; the office says that they agreed."""
    member_id = request.form.get("member", type=UUID)
    try:
        if member_id is None:
            raise InvalidInput(_("请先选一位党员。"))
        with saving():
            actions.name_host(
                g.scope,
                member_id,
                fewest=request.form.get("fewest", FEWEST, type=int),
                most=request.form.get("most", MOST, type=int),
            )
    except (Conflict, InvalidInput) as refused:
        flash(told(refused), "error")
    else:
        flash(_("已记下这位中心户。"), "success")
    return _back()


@households.post("/households/settle")
@needs("plan_households")
def settle() -> Response:
    try:
        with saving():
            actions.ask_for_settlement(g.scope)
    except Conflict as conflict:
        flash(told(conflict), "error")
    return _back()


@households.post("/households/<uuid:household_id>/end")
@needs("plan_households")
def end(household_id: UUID) -> Response:
    with saving():
        actions.end_household(g.scope, household_id)
    flash(_("这个中心户已经结束，原来联系的党员可以重新分。"), "success")
    return _back()


@households.post("/households/pairs/<uuid:pair_id>/agree")
@needs("plan_households")
def agree(pair_id: UUID) -> Response:
    return _said(pair_id, "agree")


@households.post("/households/pairs/<uuid:pair_id>/another")
@needs("plan_households")
def another(pair_id: UUID) -> Response:
    return _said(pair_id, "another")


@households.post("/households/pairs/<uuid:pair_id>/end")
@needs("plan_households")
def end_pair(pair_id: UUID) -> Response:
    return _said(pair_id, "end")


def _said(pair_id: UUID, what: str) -> Response:
    act = {
        "agree": actions.agree,
        "another": actions.ask_for_another,
        "end": actions.end_pair,
    }[what]
    try:
        with saving():
            act(g.scope, pair_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
    return _back()


def _back() -> Response:
    return redirect(url_for("households.index", tenant=g.scope.slug))
