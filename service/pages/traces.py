"""Who is looked for, and what was tried: a worklist, one line per attempt."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.audit.actions import note_people
from tenants.errors import Conflict, InvalidInput
from tenants.mobility import tracing
from tenants.mobility.untraced import (
    how_many_begun,
    how_many_untraced,
    how_many_with_nothing,
    untraced,
)

traces = Blueprint("traces", __name__)

WAY_WORDS = {
    "phone": _l("打电话"),
    "letter": _l("寄信"),
    "visit": _l("上门"),
    "colleagues": _l("问老同事、老邻居"),
    "former_unit": _l("问原单位或接收单位"),
    "home_branch": _l("问原支部"),
}
OUTCOME_WORDS = {
    "nothing": ("wait", _l("没有结果")),
    "hint": ("warn", _l("有线索")),
    "found": ("good", _l("找到了")),
}


@traces.get("/traces")
@needs("record_movements")
def index() -> str:
    found = untraced(g.scope)
    with saving():
        note_people(g.scope, "read_members", (each.member_id for each in found))
    return render_template(
        "traces/index.html",
        found=found,
        with_nothing=how_many_with_nothing(g.scope),
        total=how_many_untraced(g.scope),
        begun_today=how_many_begun(g.scope, date.today()),
        way_words=WAY_WORDS,
        outcomes=OUTCOME_WORDS,
        today=date.today(),
    )


@traces.post("/traces")
@needs("record_movements")
def begin_all() -> Response:
    with saving():
        count = tracing.begin_traces(g.scope, date.today())
    flash(_("已列入查找 %(num)s 人。", num=count))
    return redirect(url_for("traces.index", tenant=g.scope.slug))


@traces.post("/members/<uuid:member_id>/trace")
@needs("record_movements")
def begin(member_id: UUID) -> Response:
    with saving():
        tracing.begin_trace(g.scope, member_id, date.today())
    flash(_("已列入查找。找到了，在这里记一笔就结束。"))
    return redirect(url_for("traces.index", tenant=g.scope.slug))


@traces.post("/traces/take-back")
@needs("record_movements")
def take_back_all() -> Response:
    with saving():
        count = tracing.take_back_traces(g.scope, date.today())
    flash(_("已撤销 %(num)s 人的查找。", num=count), "success")
    return redirect(url_for("traces.index", tenant=g.scope.slug))


@traces.post("/traces/<uuid:member_id>/take-back")
@needs("record_movements")
def take_back(member_id: UUID) -> Response:
    try:
        with saving():
            tracing.take_back_trace(g.scope, member_id)
    except Conflict as refused:
        flash(told(refused), "error")
    else:
        flash(_("已从查找清单移出，没有留下别的。"), "success")
    return redirect(url_for("traces.index", tenant=g.scope.slug))


@traces.post("/traces/<uuid:member_id>")
@needs("record_movements")
def step(member_id: UUID) -> Response:
    on = None
    with suppress(ValueError):
        on = date.fromisoformat(request.form.get("on", ""))
    way, outcome = request.form.get("way", ""), request.form.get("outcome", "")
    try:
        with saving():
            tracing.keep_step(g.scope, member_id, way, outcome, on, date.today())
    except (Conflict, InvalidInput) as refused:
        flash(told(refused), "error")
    else:
        flash(
            _("找到了，已从查找清单移出。请到本人的资料里补上联系方式。")
            if outcome == "found"
            else _("已记下。"),
            "success",
        )
    return redirect(url_for("traces.index", tenant=g.scope.slug))
