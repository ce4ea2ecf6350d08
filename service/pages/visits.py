"""Visits of one member: writing one down, the list, taking one back; wishes and tablets."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.visits import VisitForm
from service.pages.today import kind_of
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note, note_people
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.members.lookups import member_card, names_of
from tenants.visits import requests as wishes
from tenants.visits.actions import record_visit, withdraw_visit
from tenants.visits.devices import devices as found_devices
from tenants.visits.devices import give_back_device, withdraw_device
from tenants.visits.lookups import VisitLine, visit, visits_of
from tenants.visits.rules import OPEN_REQUESTS, REQUEST_STATES, may_withdraw
from tenants.visits.worklist import WorkLine, worklist

visits = Blueprint("visits", __name__)


@visits.get("/visits/of/<uuid:member_id>")
@needs("record_visits")
def of(member_id: UUID) -> str:
    """Opening it is opening the person's record: written down. Printed, it is what they may have."""
    form = VisitForm(formdata=None)
    with saving():
        note(g.scope, "read_member", "member", member_id)
        if request.headers.get("HX-Request"):
            return _further(member_id, form)
        return _page(member_id, form)


@visits.post("/visits/of/<uuid:member_id>")
@needs("record_visits")
def record(member_id: UUID) -> str | Response | tuple[str, int]:
    """One tap on a line of today, or the whole form on the member's page."""
    if not names_of(g.scope, [member_id]):
        raise NotFound
    form, day = VisitForm(), date.today()
    if not form.validate():
        return _refused(member_id, form, " ".join(_faults(form)))
    try:
        with saving():
            visit_id = record_visit(g.scope, form.draft(member_id, day), day)
            if form.wish.data:
                on = min(form.on.data or day, day)
                wishes.open_request(g.scope, member_id, form.wish.data, on, visit_id=visit_id)
    except InvalidInput as refused:
        return _refused(member_id, form, told(refused))
    if request.headers.get("HX-Request"):
        return render_template("today/done.html", visit=visit(g.scope, visit_id, day))
    flash(_("已记下。记错了可以撤销。"), "success")
    return redirect(url_for("visits.of", tenant=g.scope.slug, member_id=member_id))


@visits.post("/visits/<uuid:visit_id>/withdraw")
@needs("record_visits")
def withdraw(visit_id: UUID) -> str | Response | tuple[str, int]:
    day = date.today()
    member_id = visit(g.scope, visit_id, day).member_id
    try:
        with saving():
            withdraw_visit(g.scope, visit_id, day)
    except (Conflict, NotAllowed) as refused:
        return _back(member_id, "error", told(refused))
    return _back(member_id, "success", _("已撤销这次走访的记录。"))


@visits.get("/requests")
@needs("record_visits")
def index() -> str:
    state = request.args.get("state", "")
    states = (state,) if state in REQUEST_STATES else OPEN_REQUESTS
    found = wishes.requests(g.scope, states=states)
    with saving():
        note_people(g.scope, "read_members", dict.fromkeys(line.member_id for line in found))
    return render_template(
        "visits/requests.html", requests=found, state=state, states=REQUEST_STATES
    )


@visits.post("/requests/<uuid:request_id>/move")
@needs("record_visits")
def move(request_id: UUID) -> Response:
    state = request.form.get("state", "")
    seen = request.form.get("seen", type=int)
    return _moved(
        lambda: wishes.move_request(g.scope, request_id, state, date.today(), seen_version=seen),
        _("已登记。记错了可以退回一步。"),
    )


@visits.post("/requests/<uuid:request_id>/undo")
@needs("record_visits")
def undo(request_id: UUID) -> Response:
    return _moved(lambda: wishes.take_back_step(g.scope, request_id), _("已退回一步。"))


@visits.get("/devices")
@needs("manage_devices")
def devices() -> str:
    return render_template("visits/devices.html", devices=found_devices(g.scope))


@visits.post("/devices/<uuid:device_id>/withdraw")
@needs("manage_devices")
def stop_device(device_id: UUID) -> Response:
    return _device(
        lambda: withdraw_device(g.scope, device_id),
        _("已停用。这台平板下次联网时会删除保存的名单；在那之前，密钥最迟七天后自己作废。"),
    )


@visits.post("/devices/<uuid:device_id>/give-back")
@needs("manage_devices")
def let_device(device_id: UUID) -> Response:
    return _device(lambda: give_back_device(g.scope, device_id), _("已重新启用。"))


def _further(member_id: UUID, form: VisitForm) -> str:
    """The fields behind a line's one tap: fetched when they are wanted, so that a list stays small."""
    if not names_of(g.scope, [member_id]):
        raise NotFound
    return render_template(
        "visits/further.html", form=form, kind=kind_of(_line(member_id)), member_id=member_id
    )


def _page(member_id: UUID, form: VisitForm) -> str:
    day = date.today()
    person = member_card(g.scope, member_id)
    return render_template(
        "visits/of.html",
        person=person,
        line=_line(member_id),
        visits=visits_of(g.scope, member_id, day),
        wishes=wishes.requests(g.scope, states=REQUEST_STATES, member_id=member_id),
        form=form,
        kind_of=kind_of,
        may_take_back=_may_take_back,
    )


def _line(member_id: UUID) -> WorkLine | None:
    lines = worklist(g.scope, date.today()).lines
    return next((line for line in lines if line.member_id == member_id), None)


def _may_take_back(line: VisitLine) -> bool:
    return line.withdrawn_at is None and may_withdraw(
        line.done_by, line.recorded_at.date(), g.scope.person_id, g.scope.role, date.today()
    )


def _refused(member_id: UUID, form: VisitForm, said: str) -> tuple[str, int]:
    if request.headers.get("HX-Request"):
        line = _line(member_id)
        page = render_template(
            "today/line.html", line=line, said=("bad", said), form=form, kind_of=kind_of
        )
        return page if line else said, 422
    flash(said, "error")
    return _page(member_id, form), 422


def _back(member_id: UUID, category: str, said: str) -> str | Response:
    """After taking back: the line is due again, or the member's page."""
    if request.headers.get("HX-Request"):
        line = _line(member_id)
        kind = {"success": "good", "error": "bad"}[category]
        if line is None:
            return render_template("errors/notice.html", sentence=said)
        form = VisitForm(formdata=None)
        return render_template(
            "today/line.html", line=line, said=(kind, said), form=form, kind_of=kind_of
        )
    flash(said, category)
    if request.form.get("back") == "today":
        return redirect(url_for("today.show", tenant=g.scope.slug))
    return redirect(url_for("visits.of", tenant=g.scope.slug, member_id=member_id))


def _moved(act: Callable[[], None], done: str) -> Response:
    return _acted(act, done, "visits.index")


def _device(act: Callable[[], None], done: str) -> Response:
    return _acted(act, done, "visits.devices")


def _acted(act: Callable[[], None], done: str, back: str) -> Response:
    try:
        with saving():
            act()
    except Conflict as refused:
        flash(told(refused), "error")
    else:
        flash(done, "success")
    return redirect(url_for(back, tenant=g.scope.slug))


def _faults(form: VisitForm) -> list[str]:
    return [str(fault) for faults in form.errors.values() for fault in faults]
