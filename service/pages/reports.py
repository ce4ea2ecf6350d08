"""The open letter, the form behind its code, and the reports that wait for a person."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.forms.reports import DOCUMENT_WORDS, HOW_WORDS, SelfReportForm, VerifyForm
from service.limits import limiter
from service.public_links import public_link
from service.qr_codes import qr_code
from service.rights import needs, open_to_all
from service.saving import saving
from tenants.arrivals.actions import ArrivalDraft
from tenants.arrivals.reports import actions, lookups
from tenants.arrivals.reports.rules import Facts
from tenants.audit.actions import note
from tenants.errors import NotFound
from tenants.members.actions import MemberDraft
from tenants.members.lookups import known_people
from tenants.organisations.below import own_card
from tenants.people.door import scope_of_tenant
from tenants.scope import entered

reports = Blueprint("reports", __name__)
hello = Blueprint("hello", __name__)


@hello.route("/hello/<slug>/<code>", methods=["GET", "POST"])
@open_to_all
@limiter.limit("60/minute")
@limiter.limit("5/minute;20/hour", methods=["POST"])
def show(slug: str, code: str) -> str | tuple[str, int]:
    """Whoever has the letter may write to the community; nothing of anybody's is shown here."""
    scope = scope_of_tenant(slug=slug)
    if scope is None or scope.level != "community":
        # As for a letter that was taken in: which communities there are is told to nobody here.
        return render_template("reports/over.html"), 410
    form = SelfReportForm()
    with entered(scope):
        if not lookups.is_open(scope, code) or own_card(scope).state != "open":
            return render_template("reports/over.html"), 410
        if not form.validate_on_submit():
            page = render_template("reports/hello.html", form=form, name=scope.name)
            return (page, 422) if form.is_submitted() else page
        with saving():
            actions.take_report(scope, code, form.facts())
    return render_template("reports/thanks.html", name=scope.name)


@reports.get("/letter")
@needs("register_arrivals")
def letter() -> str:
    code = lookups.letter_code(g.scope)
    return render_template(
        "reports/letter.html",
        code=code,
        where=public_link("hello.show", slug=g.scope.slug, code=code) if code else "",
        waiting=lookups.waiting(g.scope),
    )


@reports.get("/letter/code.svg")
@needs("register_arrivals")
def picture() -> Response:
    """The QR code of the letter's address."""
    code = lookups.letter_code(g.scope)
    if code is None:
        raise NotFound
    drawn = qr_code(
        public_link("hello.show", slug=g.scope.slug, code=code), scale=6, border=2, alone=True
    )
    return Response(drawn, mimetype="image/svg+xml")


@reports.post("/letter")
@needs("receive_reports")
def put_out() -> Answer:
    with saving():
        actions.put_letter_out(g.scope)
    flash(_("新的公开信已经生成。以前印出去的二维码不再有效。"))
    return redirect(url_for("reports.letter", tenant=g.scope.slug))


@reports.get("/reports")
@needs("receive_reports")
def index() -> str:
    """Reports name people: that they were read is written down."""
    found = lookups.reports(g.scope)
    known = known_people(
        g.scope, [(each.facts.name, each.facts.phone, None, "unknown") for each in found]
    )
    with saving():
        note(g.scope, "read_self_reports", "self_report", None, count=len(found))
    return render_template(
        "reports/index.html",
        reports=list(zip(found, known, strict=True)),
        form=VerifyForm(formdata=None),
        letter=lookups.letter_code(g.scope),
    )


@reports.post("/reports/<uuid:report_id>/verify")
@needs("receive_reports")
def verify(report_id: UUID) -> Answer:
    form = VerifyForm()
    found = lookups.report(g.scope, report_id)
    if not form.validate_on_submit():
        flash(_("还没有登记：请选怎么核实的、看过什么证件。"), "bad")
        return redirect(url_for("reports.index", tenant=g.scope.slug))
    with saving():
        arrival_id = actions.verify(
            g.scope,
            report_id,
            _draft(found.facts),
            form.how.data,
            form.document.data,
            date.today(),
        )
    flash(_("已核实并登记，系统正在找附近的支部。住处的位置请在名册里补上。"), "success")
    return redirect(url_for("arrivals.show", tenant=g.scope.slug, arrival_id=arrival_id))


@reports.post("/reports/<uuid:report_id>/decline")
@needs("receive_reports")
def decline(report_id: UUID) -> Answer:
    with saving():
        actions.decline(g.scope, report_id)
    flash(_("已删去，什么都没有留下。"))
    return redirect(url_for("reports.index", tenant=g.scope.slug))


@reports.app_context_processor
def _words() -> dict[str, object]:
    return {"how_words": HOW_WORDS, "document_words": DOCUMENT_WORDS}


def _draft(facts: Facts) -> ArrivalDraft:
    member = MemberDraft(
        name=facts.name,
        affiliation="incoming",
        phone=facts.phone,
        address=facts.address,
        joined_on=facts.joined_on,
        joined_precision="day" if facts.joined_on else "unknown",
    )
    return ArrivalDraft(member, facts.arrived_on, facts.from_place, source="self")
