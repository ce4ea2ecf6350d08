"""Activity certificates: the list, one certificate with its steps and entries, a check of it."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.certificate_words import EVERY
from service.forms.certificates import EntryForm, OnForm, StepForm
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note, note_people
from tenants.certificates import actions
from tenants.certificates.lookups import (
    MOST,
    certificate,
    certificates,
    certificates_of,
    counts_by_state,
    entries_of,
    without_certificate,
)
from tenants.certificates.rules import OPEN, STATES, WITH_THE_MEMBER
from tenants.errors import Conflict, InvalidInput
from tenants.members.lookups import member_card
from tenants.mobility.lookups import chosen_pack
from tenants.visits.actions import VisitDraft, record_visit
from tenants.visits.certificate_checks import checks_due

certificates_page = Blueprint("certificates", __name__)


@certificates_page.app_context_processor
def words() -> dict[str, object]:
    return EVERY


@certificates_page.get("/certificates")
@needs("see_certificates")
def index() -> str:
    today = date.today()
    state = request.args.get("state", "")
    missing = without_certificate(g.scope, today)
    if state == "none":
        found = []
    else:
        found = certificates(g.scope, states=(state,) if state in STATES else OPEN)
    people = [*(each.member_id for each in found), *(missing if state == "none" else ())]
    with saving():
        note_people(g.scope, "read_members", dict.fromkeys(people))
    return render_template(
        "certificates/index.html",
        found=found,
        state=state,
        states=STATES,
        counts=counts_by_state(g.scope),
        missing=missing,
        due=checks_due(g.scope, found, today),
        pack=chosen_pack(g.scope, today).pack,
        most=MOST,
        today=today,
    )


@certificates_page.get("/certificates/<uuid:certificate_id>")
@needs("see_certificates")
def show(certificate_id: UUID) -> str:
    return _page(certificate_id)


@certificates_page.route("/certificates/of/<uuid:member_id>", methods=["GET", "POST"])
@needs("manage_certificates")
def new(member_id: UUID) -> Response | str | tuple[str, int]:
    """A certificate is asked for; what the member has and had is shown beside."""
    person = member_card(g.scope, member_id)
    form, fault = OnForm(), ""
    if form.validate_on_submit():
        try:
            with saving():
                on = form.on.data or date.today()
                made = actions.request_certificate(g.scope, member_id, on, date.today())
        except (Conflict, InvalidInput) as refused:
            fault = told(refused)
        else:
            flash(_("已登记申领。发证时再填编号。"), "success")
            return _to(made)
    with saving():
        note(g.scope, "read_member", "member", member_id)
    had = certificates_of(g.scope, member_id)
    page = render_template("certificates/new.html", person=person, form=form, fault=fault, had=had)
    return (page, 422) if fault or form.errors else page


@certificates_page.post("/certificates/<uuid:certificate_id>/step")
@needs("manage_certificates")
def step(certificate_id: UUID) -> Response | tuple[str, int]:
    form = StepForm()
    return _done(
        certificate_id,
        form,
        lambda: actions.move_certificate(g.scope, certificate_id, form.step(), date.today()),
        _("已登记。记错了可以退回一步。"),
    )


@certificates_page.post("/certificates/<uuid:certificate_id>/undo")
@needs("manage_certificates")
def undo(certificate_id: UUID) -> Response | tuple[str, int]:
    return _done(
        certificate_id,
        None,
        lambda: actions.take_back_step(g.scope, certificate_id),
        _("已退回一步。"),
    )


@certificates_page.post("/certificates/<uuid:certificate_id>/entries")
@needs("manage_certificates")
def enter(certificate_id: UUID) -> Response | tuple[str, int]:
    form = EntryForm()

    def act() -> None:
        on, signer = form.on.data or date.today(), form.signed_by.data or ""
        actions.add_entry(g.scope, certificate_id, form.what.data, on, signer, date.today())

    return _done(certificate_id, form, act, _("已记下流入地的记载。记错了可以划去。"))


@certificates_page.post("/certificates/<uuid:certificate_id>/entries/<uuid:entry_id>/strike")
@needs("manage_certificates")
def strike(certificate_id: UUID, entry_id: UUID) -> Response | tuple[str, int]:
    return _done(
        certificate_id,
        None,
        lambda: actions.strike_entry(g.scope, certificate_id, entry_id),
        _("已划去。划去的仍看得到。"),
    )


@certificates_page.post("/certificates/<uuid:certificate_id>/check")
@needs("record_visits")
def check(certificate_id: UUID) -> Response | tuple[str, int]:
    """The certificate was looked at: a visit like one recorded in the day's list, and counted so."""
    form = OnForm()

    def act() -> None:
        found = certificate(g.scope, certificate_id)
        if found.state not in WITH_THE_MEMBER:
            raise Conflict("活动证不在外面使用，不用定期查验；交回的请登记“查验完毕”。")
        by_post = request.form.get("way") == "letter"
        draft = VisitDraft(
            found.member_id,
            form.on.data or date.today(),
            outcome="reached",
            way="letter" if by_post else "meeting",
            kind="certificate_check",
        )
        record_visit(g.scope, draft, date.today())

    said = _("已记下这次查验，下一次从这天算起。记错了可以在走访记录里撤销。")
    return _done(certificate_id, form, act, said)


def _done(
    certificate_id: UUID, form: OnForm | None, act: Callable[[], object], said: str
) -> Response | tuple[str, int]:
    """Do it; then the certificate as it now is, or why it could not be done."""
    certificate(g.scope, certificate_id)
    if form is not None and not form.validate():
        fault = " ".join(str(each) for faults in form.errors.values() for each in faults)
        return _page(certificate_id, fault), 422
    try:
        with saving():
            act()
    except (InvalidInput, Conflict) as refused:
        return _page(certificate_id, told(refused)), 409 if isinstance(refused, Conflict) else 422
    flash(said, "success")
    return _to(certificate_id)


def _page(certificate_id: UUID, fault: str = "") -> str:
    found, today = certificate(g.scope, certificate_id), date.today()
    with saving():
        note(g.scope, "read_member", "member", found.member_id)
    return render_template(
        "certificates/show.html",
        it=found,
        entries=entries_of(g.scope, certificate_id),
        due=checks_due(g.scope, [found], today).get(found.id),
        in_use=found.state in WITH_THE_MEMBER,
        fault=fault,
        today=today,
        entry_form=EntryForm(),
        typed=request.form if fault else {},
    )


def _to(certificate_id: UUID) -> Response:
    return redirect(
        url_for("certificates.show", tenant=g.scope.slug, certificate_id=certificate_id)
    )
