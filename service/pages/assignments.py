"""Assignments: start a run, read what it found and why, accept it, take it back, compare two."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.assignments import BASIS_CHOICES, WHOM_CHOICES, AssignmentForm
from service.pages.jobs import progress_of
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note_people
from tenants.errors import Conflict
from tenants.matching.assignments.accepting import accept_all, accept_lines, undo_all
from tenants.matching.assignments.actions import discard_run, start_county_run, start_run
from tenants.matching.assignments.comparing import compare as compared
from tenants.matching.assignments.county import communities_of, worth_most
from tenants.matching.assignments.explaining import explanations
from tenants.matching.assignments.lines import (
    PAGE,
    line,
    lines,
    people_of_sites,
    to_accept,
    unserved_by_reason,
)
from tenants.matching.assignments.lookups import RunCard, acceptances, prices, run, runs, sites
from tenants.matching.assignments.shared_sites import shared_sites
from tenants.matching.assignments.standing import Left
from tenants.matching.assignments.work import latest_work
from tenants.members.lookups import names_of
from tenants.organisations.lookups import tenant_facts, tenant_names
from tenants.outbox.lookups import job
from tenants.places.lookups import branch_names

assignments = Blueprint("assignments", __name__)

SHOWN = ("", "changed", "kept", "unserved")


@assignments.app_context_processor
def _words() -> dict[str, Any]:
    return {"whom_words": dict(WHOM_CHOICES), "basis_words": dict(BASIS_CHOICES)}


@assignments.route("/assignments", methods=["GET", "POST"])
@needs("plan_assignments")
def index() -> str | Response | tuple[str, int]:
    facts = tenant_facts(g.scope)
    form = AssignmentForm(basis=facts.match_basis, reach_metres=facts.reach_metres)
    if form.validate_on_submit():
        with saving():
            run_id = _start(form)
        return redirect(url_for("assignments.show", tenant=g.scope.slug, run_id=run_id))
    page = render_template(
        "assignments/index.html", form=form, runs=runs(g.scope), whole_county=_is_county()
    )
    return (page, 422) if form.is_submitted() else page


def _is_county() -> bool:
    """A county's run counts over all its communities; a community's names its own people."""
    return bool(g.scope.level == "county")


def _start(form: AssignmentForm) -> UUID:
    basis, reach_metres = form.basis.data, form.reach_metres.data
    if _is_county():
        return start_county_run(g.scope, basis=basis, reach_metres=reach_metres)
    return start_run(
        g.scope,
        whom=form.whom.data,
        basis=basis,
        reach_metres=reach_metres,
        keep_placed=form.keep_placed.data,
    )


@assignments.get("/assignments/<uuid:run_id>")
@needs("plan_assignments")
def show(run_id: UUID) -> str:
    found = run(g.scope, run_id)
    if found.state != "done":
        work = job(g.scope, run_id)
        return render_template(
            "assignments/waiting.html", run=found, job=work, progress=progress_of(work)
        )
    if _is_county():
        return _county(found)
    if found.is_told:
        return _told(found)
    shown = request.args.get("shown", "changed" if found.assigned else "")
    after = request.args.get("after", type=UUID)
    return render_template(
        "assignments/show.html",
        run=found,
        open_lines=to_accept(g.scope, run_id),
        acceptances=acceptances(g.scope, run_id),
        **_work(run_id),
        prices=prices(g.scope, run_id),
        sites=sites(g.scope, run_id),
        reasons=unserved_by_reason(g.scope, run_id),
        site_people=_site_people(run_id),
        others=_others(run_id),
        after=after,
        **_lines(found, shown if shown in SHOWN else "", after),
    )


def _others(run_id: UUID) -> list[RunCard]:
    """Runs it can be compared with."""
    return [
        one for one in runs(g.scope) if one.state == "done" and not one.is_told and one.id != run_id
    ]


def _told(found: RunCard) -> str:
    """Temporary branches with neighbours that the county's run found."""
    return render_template(
        "assignments/told.html",
        run=found,
        sites=sites(g.scope, found.id),
        site_people=_site_people(found.id),
    )


def _site_people(run_id: UUID) -> dict[int, dict[UUID, str]]:
    found = people_of_sites(g.scope, run_id)
    listed = [member_id for people in found.values() for member_id in people]
    if listed:
        with saving():
            note_people(g.scope, "read_members", listed)
    return found


def _work(run_id: UUID) -> dict[str, Any]:
    """The job that accepts or takes back, while it runs, and what became of it."""
    latest = latest_work(g.scope, run_id)
    if latest is None:
        return {"work": None}
    return {"work": latest, "progress": progress_of(latest.job)}


def _county(found: RunCard) -> str:
    """Numbers only."""
    helpful, how_many = worth_most(g.scope, found.id)
    return render_template(
        "assignments/county.html",
        run=found,
        communities=communities_of(g.scope, found.id),
        prices=helpful,
        more_prices=how_many,
        sites=shared_sites(g.scope, found.id),
        names=tenant_names(g.scope),
    )


def _lines(found: RunCard, shown: str, after: UUID | None) -> dict[str, Any]:
    """A page of the table of people with their explanations, and what it was filtered by."""
    words, branch_id = request.args.get("words", ""), request.args.get("branch", type=UUID)
    some = lines(
        g.scope,
        found.id,
        outcomes=(shown,) if shown in ("kept", "unserved") else (),
        changed_only=shown == "changed",
        branch_id=branch_id,
        words=words,
        after=after,
        limit=PAGE + 1,
    )
    with saving():
        note_people(g.scope, "read_members", (one.member_id for one in some[:PAGE]))
    return {
        "lines": some[:PAGE],
        "last": some[PAGE - 1].member_id if len(some) > PAGE else None,
        "why": explanations(g.scope, found, some[:PAGE]),
        "shown": shown,
        "words": words,
        "branch_id": branch_id,
        "branches": branch_names(g.scope),
    }


@assignments.post("/assignments/<uuid:run_id>/accept")
@needs("plan_assignments")
def accept(run_id: UUID) -> Response:
    """All that stand open: a few here and now, many as a job whose progress the run's page shows."""
    try:
        with saving():
            done = accept_all(g.scope, run_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        if done.job_id is None:
            flash(_("已接受 %(n)s 人的安排。不合适可以撤销。", n=done.done), "success")
            _tell_left(done.left)
    return _back(run_id)


@assignments.post("/assignments/<uuid:run_id>/lines/<uuid:member_id>/accept")
@needs("plan_assignments")
def accept_one(run_id: UUID, member_id: UUID) -> str | Response:
    """One line; with htmx the answer is its row as it is now."""
    said = ""
    line(g.scope, run_id, member_id)
    try:
        with saving():
            accept_lines(g.scope, run_id, [member_id])
    except Conflict as conflict:
        said = told(conflict)
    if request.headers.get("HX-Request"):
        return _row(run_id, member_id, said)
    flash(said or _("已接受。不合适可以撤销。"), "error" if said else "success")
    return _back(run_id)


def _row(run_id: UUID, member_id: UUID, said: str) -> str:
    found, one = run(g.scope, run_id), line(g.scope, run_id, member_id)
    why = explanations(g.scope, found, [one])
    return render_template("assignments/row.html", run=found, line=one, why=why, said=said)


@assignments.post("/assignments/<uuid:run_id>/acceptances/<uuid:acceptance_id>/undo")
@needs("plan_assignments")
def undo(run_id: UUID, acceptance_id: UUID) -> Response:
    try:
        with saving():
            done = undo_all(g.scope, acceptance_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
    else:
        if done.job_id is None:
            flash(_("已撤销，%(n)s 人恢复原状。", n=done.done), "success")
            _tell_left(done.left)
    return _back(run_id)


@assignments.post("/assignments/<uuid:run_id>/discard")
@needs("plan_assignments")
def discard(run_id: UUID) -> Response:
    try:
        with saving():
            discard_run(g.scope, run_id)
    except Conflict as conflict:
        flash(told(conflict), "error")
        return _back(run_id)
    flash(_("已放弃这次安排，没有人被改动。"), "success")
    return redirect(url_for("assignments.index", tenant=g.scope.slug))


@assignments.get("/assignments/<uuid:run_id>/compare")
@needs("plan_assignments")
def compare(run_id: UUID) -> str:
    """With the run that `with` names, else with the newest other one."""
    after = run(g.scope, run_id)
    others = _others(run_id)
    other = request.args.get("with", others[0].id if others else run_id, type=UUID)
    before, found = run(g.scope, other), compared(g.scope, other, run_id)
    with saving():
        note_people(g.scope, "read_members", (move.member_id for move in found.moves))
    return render_template("assignments/compare.html", before=before, after=after, found=found)


def _tell_left(left: tuple[Left, ...]) -> None:
    """Whoever was left as they are, by name, with the reason."""
    if not left:
        return
    sentences = {
        "moved": _("情况刚刚有变"),
        "no_seat": _("支部刚刚满员"),
        "closed": _("支部已不开放"),
    }
    names = names_of(g.scope, [one.member_id for one in left[:20]])
    told = _("、").join(
        _("%(name)s（%(reason)s）", name=names.get(one.member_id, ""), reason=sentences[one.reason])
        for one in left[:20]
    )
    flash(_("另有 %(n)s 人没有改动：%(told)s", n=len(left), told=told), "warning")


def _back(run_id: UUID) -> Response:
    return redirect(url_for("assignments.show", tenant=g.scope.slug, run_id=run_id))
