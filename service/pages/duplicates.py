"""Who may stand in the register twice: looked at by a person, told apart or linked, undone."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from service.fair_use import whoever_asks
from service.limits import limiter
from service.rights import needs
from service.saving import saving
from tenants.audit.actions import note_people
from tenants.errors import InvalidInput
from tenants.liaisons import following
from tenants.members.duplicates import actions, lookups
from tenants.places.lookups import branch_names

duplicates = Blueprint("duplicates", __name__)

SIGN_WORDS = {
    "document": _l("证件号码相同"),
    "phone": _l("电话相同"),
    "name_and_birth": _l("姓名和出生日期相同"),
    "name_and_joining": _l("姓名和入党日期相同"),
}


@duplicates.get("/duplicates")
@needs("settle_duplicates")
def index() -> str:
    pairs, total = lookups.pairs(g.scope)
    links, apart = lookups.links(g.scope), lookups.told_apart(g.scope)
    people = {card.id for pair in pairs for card in (pair.first, pair.second)}
    people |= {each.merged_id for each in links}
    people |= {id_ for each, _one, _other in apart for id_ in (each.first_id, each.second_id)}
    with saving():
        note_people(g.scope, "read_members", sorted(people))
    return render_template(
        "duplicates/index.html",
        pairs=pairs,
        total=total,
        links=links,
        apart=apart,
        sign_words=SIGN_WORDS,
        branches=branch_names(g.scope),
    )


@duplicates.post("/duplicates/apart")
@needs("settle_duplicates")
def apart() -> Response:
    one, other = _two("one", "other")
    return _done(
        lambda: actions.tell_apart(g.scope, one, other),
        _("已记下：这是两个人，以后不再提示。可以在下面撤销。"),
    )


@duplicates.post("/duplicates/apart/<uuid:said_id>/undo")
@needs("settle_duplicates")
def ask_again(said_id: UUID) -> Response:
    return _done(lambda: actions.ask_again(g.scope, said_id), _("已撤销，这两条会重新列出来。"))


@duplicates.post("/duplicates/link")
@needs("settle_duplicates")
def link() -> Response:
    kept, merged = _two("kept", "merged")
    return _done(
        lambda: following.link(g.scope, kept, merged, date.today()),
        _("已合并：另一条收在这条后面，什么都没有删。可以在下面撤销。"),
    )


@duplicates.post("/duplicates/links/<uuid:link_id>/undo")
@needs("settle_duplicates")
def unlink(link_id: UUID) -> Response:
    return _done(
        lambda: following.unlink(g.scope, link_id), _("已撤销合并，两条记录都回到名册里。")
    )


@duplicates.post("/members/<uuid:member_id>/elsewhere")
@needs("settle_duplicates")
@limiter.limit("20/hour;60/day", key_func=whoever_asks)
def elsewhere(member_id: UUID) -> Response:
    """Yes or no: who and where, only the county may find out, by asking both communities."""
    known = lookups.known_elsewhere(g.scope, member_id)
    with saving():
        actions.note_asked_elsewhere(g.scope, member_id, known)
    if known:
        flash(_("本县别的社区可能也登记了这个人。请向县里核对；系统不显示是哪里、是谁。"))
    else:
        flash(_("本县别的社区没有登记这个电话。标记每天夜里更新，今天新登记的明天才能比对。"))
    return redirect(url_for("members.show", tenant=g.scope.slug, member_id=member_id))


def _two(*names: str) -> tuple[UUID, UUID]:
    try:
        one, other = (UUID(request.form.get(name, "")) for name in names)
    except ValueError as error:
        raise InvalidInput("请选两条不同的记录。") from error
    return one, other


def _done(act: Callable[[], object], words: str) -> Response:
    with saving():
        act()
    flash(words)
    return redirect(url_for("duplicates.index", tenant=g.scope.slug))
