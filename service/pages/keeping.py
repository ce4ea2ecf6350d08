"""Keeping the register by hand: somebody more, facts corrected, somebody taken out and back."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.members import CorrectionForm, NewMemberForm, TakeOutForm
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note, note_people
from tenants.errors import Conflict, InvalidInput
from tenants.members.keeping.actions import bring_back, correct, enter_by_hand, take_out
from tenants.members.keeping.lookups import PAGE, taken_out
from tenants.members.lookups import member_card
from tenants.places.lookups import branch_classes

keeping = Blueprint("keeping", __name__)


@keeping.route("/members/new", methods=["GET", "POST"])
@needs("keep_register")
def new() -> str | Response | tuple[str, int]:
    form = NewMemberForm()
    form.offer_classes(branch_classes(g.scope))
    if not form.is_submitted():
        return render_template("members/new.html", form=form)
    if not (form.validate() and form.is_new(g.scope)):
        return render_template("members/new.html", form=form), 422
    with saving():
        member_id = enter_by_hand(g.scope, form.draft())
    flash(_("已登记。"), "success")
    # An address wants its building next; the card is one step further.
    where = "homes.choose" if form.address.data else "members.show"
    return redirect(url_for(where, tenant=g.scope.slug, member_id=member_id))


@keeping.get("/members/<uuid:member_id>/correct")
@needs("keep_register")
def correction(member_id: UUID) -> str:
    person, form = member_card(g.scope, member_id), CorrectionForm(formdata=None)
    form.show(person)
    form.offer_classes([*branch_classes(g.scope), *filter(None, [person.class_])])
    with saving():
        note(g.scope, "read_member", "member", member_id)
    return render_template("members/correct.html", form=form, person=person)


@keeping.post("/members/<uuid:member_id>/correct")
@needs("keep_register")
def keep(member_id: UUID) -> Response | tuple[str, int]:
    person, form = member_card(g.scope, member_id), CorrectionForm()
    form.offer_classes([*branch_classes(g.scope), *filter(None, [person.class_])])
    if not form.validate():
        return render_template("members/correct.html", form=form, person=person), 422
    try:
        with saving():
            changed = correct(g.scope, member_id, form.version.data or 0, form.facts())
    except Conflict as error:
        form.version.data = person.version
        form.name.errors = [told(error)]
        return render_template("members/correct.html", form=form, person=person), 409
    flash(_("已更正。") if changed else _("没有要改的内容。"), "success")
    return redirect(url_for("members.show", tenant=g.scope.slug, member_id=member_id))


@keeping.post("/members/<uuid:member_id>/out")
@needs("keep_register")
def out(member_id: UUID) -> Response:
    member_card(g.scope, member_id)
    form = TakeOutForm()
    try:
        if not form.validate():
            raise InvalidInput("请选一个原因，并填完整的日期。")
        with saving():
            take_out(g.scope, member_id, form.version.data or 0, form.reason.data, form.on.data)
    except (Conflict, InvalidInput) as error:
        flash(told(error), "error")
        return redirect(url_for("members.show", tenant=g.scope.slug, member_id=member_id))
    flash(_("已移出名册。以前的数字和记录不变；移错了可以在这里放回。"), "success")
    return redirect(url_for("keeping.gone", tenant=g.scope.slug))


@keeping.get("/members/out")
@needs("keep_register")
def gone() -> str:
    words, after = request.args.get("words", "").strip(), request.args.get("after", type=UUID)
    found = taken_out(g.scope, words=words, after=after, limit=PAGE + 1)
    with saving():
        note_people(g.scope, "read_members", (line.id for line in found[:PAGE]))
    return render_template(
        "members/out.html",
        people=found[:PAGE],
        last=found[PAGE - 1].id if len(found) > PAGE else None,
        words=words,
        after=after,
    )


@keeping.post("/members/<uuid:member_id>/back")
@needs("keep_register")
def back(member_id: UUID) -> Response:
    with saving():
        seated = bring_back(g.scope, member_id)
    if seated:
        flash(_("已放回名册。"), "success")
    else:
        flash(_("已放回名册。原来的支部已经满员，请重新编入支部。"), "error")
    return redirect(url_for("members.show", tenant=g.scope.slug, member_id=member_id))
