"""Who is out and who is in: the lists, one episode, and what people say of it."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service import movement_words
from service.forms.movements import FIXED, ClassForm, DepartureForm
from service.pages.movements_further import further
from service.pages.movements_page import on_a_day, page_of, said, to_episode
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note, note_people
from tenants.errors import Conflict, InvalidInput
from tenants.members.finding import is_number
from tenants.members.lookups import PAGE, members, names_of
from tenants.mobility import actions
from tenants.mobility.absences import open_absences
from tenants.mobility.movements import everybody, packs_today
from tenants.mobility.movements import movements as found_movements
from tenants.places.lookups import branch_names
from tenants.transfers.lookups import letter_counts
from tenants.visits.lookups import talked_to_since

movements = Blueprint("movements", __name__)
movements.register_blueprint(further)
MOST_FOUND = 20
"""Whoever finds more people than that is asked for more of the name."""


@movements.context_processor
def _words() -> dict[str, Any]:
    role = g.scope.role if "scope" in g else ""  # the page that says "not yours" has no scope
    return {"says": movement_words, "may_choose_pack": role in actions.CHOOSES_THE_PACK}


@movements.app_context_processor
def _reasons() -> dict[str, Any]:
    return {"move_word": movement_words.move_word}


@movements.get("/movements")
@needs("see_members")
def index() -> str:
    today = date.today()
    words, beside = request.args.get("words", "").strip(), request.args.get("beside", "")
    found = found_movements(g.scope, today, words=words, beside=beside)
    with saving():
        note_people(g.scope, "read_members", everybody(found, PAGE * 4))
    return render_template(
        "movements/index.html",
        found=found,
        packs=packs_today(today),
        words=words,
        letters=letter_counts(g.scope, today),
        shown=PAGE * 4,
        talked=talked_to_since(
            g.scope,
            {each.member_id: each.history.ended.last for each in found.back if each.history.ended},
        ),
    )


@movements.post("/movements/search")
@needs("see_members")
def search() -> Response:
    """The list's box. A name becomes an address that can be kept; a number never stands in one."""
    asked = {name: request.form.get(name, "").strip() for name in ("words", "beside")}
    if is_number(asked["words"]):
        flash(_("这里按姓名找。有电话或证件号码的，请在名册里查找。"), "error")
        asked["words"] = ""
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return redirect(url_for("movements.index", tenant=g.scope.slug, **kept), 303)


@movements.post("/movements/whom")
@needs("record_movements")
def whom() -> str | Response:
    """The search before a departure. A number is answered here, as in the register's own box."""
    words = request.form.get("words", "").strip()
    if is_number(words):
        return _whom(words, phones=True)
    kept: dict[str, Any] = {"words": words} if words else {}
    return redirect(url_for("movements.new", tenant=g.scope.slug, **kept), 303)


@movements.get("/movements/<uuid:episode_id>")
@needs("see_members")
def show(episode_id: UUID) -> str:
    """Opening it is opening the person's record: written down (design, section 7)."""
    page, member_id = page_of(episode_id)
    with saving():
        note(g.scope, "read_member", "member", member_id)
    return page


@movements.route("/movements/new", methods=["GET", "POST"])
@needs("record_movements")
def new() -> str | Response | tuple[str, int]:
    """First whom, then where to and how long."""
    member_id = request.values.get("member_id", type=UUID)
    person = names_of(g.scope, [member_id]).get(member_id) if member_id else None
    if person is None or member_id is None:
        return _whom(request.args.get("words", "").strip())
    form = DepartureForm()
    if form.validate_on_submit():
        try:
            with saving():
                episode_id = actions.leave(g.scope, form.departure(member_id))
        except InvalidInput as invalid:
            form.planned_until.errors = [told(invalid)]
        else:
            flash(_("已登记外出。"), "success")
            return to_episode(episode_id)
    form.member_id.data = str(member_id)
    page = render_template(
        "movements/new.html",
        form=form,
        person=person,
        away=open_absences(g.scope, [member_id]).get(member_id),
    )
    return (page, 422) if form.errors else page


def _whom(words: str, *, phones: bool = False) -> str:
    people = members(g.scope, words=words, limit=MOST_FOUND + 1, phones=phones) if words else []
    with saving():
        note_people(g.scope, "read_members", (person.id for person in people[:MOST_FOUND]))
    return render_template(
        "movements/whom.html",
        words=words,
        people=people[:MOST_FOUND],
        more=len(people) > MOST_FOUND,
        away=open_absences(g.scope, [person.id for person in people]),
        branches=branch_names(g.scope),
        phone_in_address=not phones and is_number(words),
    )


@movements.post("/movements/<uuid:episode_id>/extend")
@needs("record_movements")
def extend(episode_id: UUID) -> Response:
    def act(on: date, precision: str) -> None:
        actions.extend(g.scope, episode_id, on, date.today(), precision)

    return on_a_day(episode_id, act, _("已登记新的预计返回日期。"))


@movements.post("/movements/<uuid:episode_id>/return")
@needs("record_movements")
def come_back(episode_id: UUID) -> Response:
    def act(on: date, precision: str) -> None:
        actions.come_back(g.scope, episode_id, on, date.today(), precision)

    return on_a_day(episode_id, act, _("已登记返回。"))


@movements.post("/movements/<uuid:episode_id>/debrief")
@needs("record_movements")
def debrief(episode_id: UUID) -> Response:
    def act(on: date, _precision: str) -> None:
        actions.debrief(g.scope, episode_id, on, date.today())

    return on_a_day(episode_id, act, _("已登记返回后的谈话。"))


@movements.post("/movements/<uuid:episode_id>/take-back")
@needs("record_movements")
def take_back(episode_id: UUID) -> Response:
    return said(
        episode_id, lambda: actions.take_back_return(g.scope, episode_id), _("已撤销返回的登记。")
    )


@movements.post("/movements/<uuid:episode_id>/withdraw")
@needs("record_movements")
def withdraw(episode_id: UUID) -> Response:
    try:
        with saving():
            actions.withdraw(g.scope, episode_id)
    except Conflict as refused:
        flash(told(refused), "error")
        return to_episode(episode_id)
    flash(_("已撤销这次外出的登记。"), "success")
    return redirect(url_for("movements.index", tenant=g.scope.slug))


@movements.post("/movements/<uuid:episode_id>/settle")
@needs("record_movements")
def settle(episode_id: UUID) -> Response:
    return said(
        episode_id,
        lambda: actions.settle_elsewhere(g.scope, episode_id, date.today()),
        _("已登记定居外地。"),
    )


@movements.post("/movements/<uuid:episode_id>/place")
@needs("record_movements")
def place(episode_id: UUID) -> Response:
    fixed = FIXED.get(request.form.get("fixed", ""))
    return said(
        episode_id, lambda: actions.say_place(g.scope, episode_id, fixed), _("已登记地点。")
    )


@movements.post("/movements/<uuid:episode_id>/employer")
@needs("record_movements")
def employer(episode_id: UUID) -> Response:
    has = FIXED.get(request.form.get("has", ""))
    return said(episode_id, lambda: actions.say_employer(g.scope, episode_id, has), _("已登记。"))


@movements.post("/movements/<uuid:episode_id>/proof")
@needs("record_movements")
def proof(episode_id: UUID) -> Response:
    shown = request.form.get("shown") == "yes"
    return said(episode_id, lambda: actions.show_proof(g.scope, episode_id, shown), _("已登记。"))


@movements.post("/movements/<uuid:episode_id>/file")
@needs("record_movements")
def file_upward(episode_id: UUID) -> Response:
    def act(on: date, _precision: str) -> None:
        actions.file_upward(g.scope, episode_id, on, date.today())

    return on_a_day(episode_id, act, _("已登记备案。"))


@movements.post("/movements/<uuid:episode_id>/class")
@needs("record_movements")
def say_class(episode_id: UUID) -> Response:
    form = ClassForm()
    name = form.name.data if form.validate() else "?"
    return said(
        episode_id,
        lambda: actions.say_class(
            g.scope, episode_id, name or "", form.reason.data or "", date.today()
        ),
        _("已登记。"),
    )


@movements.post("/movements/pack")
@needs("record_movements")
def choose_pack() -> Response:
    with saving():
        actions.choose_pack(g.scope, request.form.get("pack", ""), date.today())
    flash(_("从今天起按这个规则包。以前的日子仍按以前的规则包。"), "success")
    return redirect(url_for("movements.index", tenant=g.scope.slug))
