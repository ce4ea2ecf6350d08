"""Liaisons: who has none, how many each one has, whose liaison somebody is, and naming one."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.liaisons import chosen_members, named, who_of
from service.liaison_words import EVERY, VIEW_WORDS
from service.page_frame import may
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note, note_people
from tenants.errors import Conflict, InvalidInput
from tenants.liaisons import actions
from tenants.liaisons.choosing import holders, last_batch, liaison_most
from tenants.liaisons.loads import branch_liaisons, loads
from tenants.liaisons.lookups import (
    PAGE,
    Holder,
    held_by,
    holder,
    how_many,
    liaisons_of,
    without_liaison,
)
from tenants.members.lookups import names_of
from tenants.places.lookups import branch_names

liaisons = Blueprint("liaisons", __name__)


@liaisons.app_context_processor
def words() -> dict[str, object]:
    return EVERY


@liaisons.get("/liaisons")
@needs("see_members")
def index() -> str:
    return _page()


@liaisons.get("/liaisons/people/<uuid:person_id>")
@needs("see_members")
def person(person_id: UUID) -> str:
    """Whose liaison somebody is who works here."""
    return _held("person", person_id)


@liaisons.get("/liaisons/keepers/<uuid:keeper_id>")
@needs("see_members")
def keeper(keeper_id: UUID) -> str:
    """Whose liaison a member is who agreed to it."""
    return _held("member", keeper_id)


@liaisons.get("/members/<uuid:member_id>/liaison")
@needs("see_members")
def of(member_id: UUID) -> str:
    return _of(member_id)


@liaisons.post("/liaisons/assign")
@needs("manage_liaisons")
def assign() -> Response | tuple[str, int]:
    """For the members ticked, be it one or many; then back to where they were ticked."""
    asked, members, today = (
        named(request.form, date.today()),
        chosen_members(request.form),
        date.today(),
    )
    back = request.form.get("back", "")

    def do() -> UUID:
        return actions.assign(
            g.scope,
            asked.who,
            members,
            asked.from_day,
            today,
            agreed=asked.agreed,
            beyond=asked.beyond,
        )

    try:
        with saving():
            do()
    except (InvalidInput, Conflict) as refused:
        status = 409 if isinstance(refused, Conflict) else 422
        if back == "member" and len(members) == 1:
            return _of(members[0], told(refused)), status
        if back == "held" and (whose := who_of(request.form.get("of", ""))):
            return _held(*whose, told(refused)), status
        return _page(told(refused), set(members)), status
    count = len(set(members))
    flash(_("已给 %(num)s 人指定联系人。", num=count), "success")
    if back == "member" and len(members) == 1:
        return redirect(url_for("liaisons.of", tenant=g.scope.slug, member_id=members[0]))
    return redirect(url_for("liaisons.index", tenant=g.scope.slug))


@liaisons.post("/liaisons/branches/<uuid:branch_id>")
@needs("manage_liaisons")
def assign_branch(branch_id: UUID) -> Response | tuple[str, int]:
    asked, today = named(request.form, date.today()), date.today()

    def do() -> UUID:
        return actions.assign_branch(
            g.scope, asked.who, branch_id, asked.from_day, today, agreed=asked.agreed
        )

    return _done(do, _("已指定支部的联系人。"), "branches")


@liaisons.post("/liaisons/<uuid:liaison_id>/end")
@needs("manage_liaisons")
def end(liaison_id: UUID) -> Response | tuple[str, int]:
    on = date.today()
    with suppress(ValueError):
        on = date.fromisoformat(request.form.get("on", ""))
    return _done(
        lambda: actions.end(g.scope, liaison_id, on, date.today()),
        _("已结束。现在没有联系人，请另行指定。"),
        request.form.get("view", "without"),
    )


@liaisons.post("/liaisons/batches/<uuid:batch_id>/undo")
@needs("manage_liaisons")
def undo(batch_id: UUID) -> Response | tuple[str, int]:
    return _done(lambda: actions.undo(g.scope, batch_id), _("已撤销，和指定以前一样。"), "without")


def _done(act: Callable[[], object], done: str, view: str) -> Response | tuple[str, int]:
    try:
        with saving():
            act()
    except (InvalidInput, Conflict) as refused:
        status = 409 if isinstance(refused, Conflict) else 422
        return _page(told(refused), view=view), status
    flash(done, "success")
    return redirect(url_for("liaisons.index", tenant=g.scope.slug, view=view))


def _page(fault: str = "", ticked: set[UUID] | None = None, view: str = "") -> str:
    today = date.today()
    asked = view or request.values.get("view", "without")
    asked = asked if asked in VIEW_WORDS else "without"
    wanted, after = request.args.get("words", "").strip(), request.args.get("after", type=UUID)
    found: dict[str, Any] = {}
    if asked == "without":
        lines = without_liaison(g.scope, today, words=wanted, after=after, limit=PAGE + 1)
        found = {"lines": lines[:PAGE], "last": lines[PAGE - 1].id if len(lines) > PAGE else None}
        with saving():
            note_people(g.scope, "read_members", (each.id for each in lines[:PAGE]))
    elif asked == "loads":
        found = {"loads": loads(g.scope, today)}
        _note_keepers(each.holder for each in found["loads"])
    else:
        found = {"places": branch_liaisons(g.scope, today)}
    batch = last_batch(g.scope)
    return render_template(
        "liaisons/index.html",
        **found,
        **_choice(today),
        view=asked,
        counts=how_many(g.scope, today),
        words=wanted,
        after=after,
        ticked=ticked or set(),
        batch=batch,
        branches=branch_names(g.scope),
        fault=fault,
    )


def _of(member_id: UUID, fault: str = "") -> str:
    """One member's liaisons: opening it is opening the person's record."""
    today = date.today()
    lines = liaisons_of(g.scope, member_id, today)
    with saving():
        note(g.scope, "read_member", "member", member_id)
    return render_template(
        "liaisons/of.html",
        **_choice(today),
        lines=lines,
        member_id=member_id,
        name=names_of(g.scope, [member_id])[member_id],
        fault=fault,
    )


def _held(kind: str, id_: UUID, fault: str = "") -> str:
    today = date.today()
    chosen = holder(g.scope, kind, id_, today)
    lines = held_by(g.scope, kind, id_, today)
    with saving():
        note_people(g.scope, "read_members", sorted({e.member_id for e in lines if e.member_id}))
    return render_template(
        "liaisons/held.html", **_choice(today), lines=lines, chosen=chosen, fault=fault
    )


def _choice(today: date) -> dict[str, Any]:
    """Who may be chosen, by whoever may choose, and what the rule pack says of how many."""
    asked = request.values.get("keeper", "").strip()
    found = holders(g.scope, today, words=asked) if may("manage_liaisons") else []
    _note_keepers(found)
    return {
        "holders": found,
        "keeper": asked,
        "most": liaison_most(g.scope, today),
        "today": today,
    }


def _note_keepers(found: Iterable[Holder]) -> None:
    """Members who are liaisons are told, like everybody, that their name was read."""
    people = sorted({each.id for each in found if each.kind == "member"})
    if people:
        with saving():
            note_people(g.scope, "read_members", people)
