"""A tenant below: paused, closed, opened again, moved, limited."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.administration import LimitsForm, MoveForm, ReasonForm
from service.pages.administration.showing import card_page, fault_words
from service.rights import needs
from service.saving import saving
from service.sentences import told
from tenants.administration.moving import move_community
from tenants.errors import WanggeError
from tenants.organisations import states as actions
from tenants.organisations.below import TenantCard, tenant_below, tenants_below
from tenants.organisations.opening import BadBoundary

states = Blueprint("tenant_states", __name__)


@states.post("/administration/<slug>/pause")
@needs("manage_tenants")
def pause(slug: str) -> Response:
    why = _reason()
    return _done(
        slug, lambda card: actions.pause(g.scope, card, why), _("已暂停，现在只能看，不能改。")
    )


@states.post("/administration/<slug>/resume")
@needs("manage_tenants")
def resume(slug: str) -> Response:
    return _done(slug, lambda card: actions.go_on(g.scope, card), _("已恢复。"))


@states.post("/administration/<slug>/close")
@needs("manage_tenants")
def close(slug: str) -> Response:
    why = _reason()
    return _done(
        slug,
        lambda card: actions.close(g.scope, card, why, date.today()),
        _("已关闭。它的管理员在保留期内可以导出数据，您也可以重新开通。"),
    )


@states.post("/administration/<slug>/reopen")
@needs("manage_tenants")
def reopen(slug: str) -> Response:
    return _done(
        slug, lambda card: actions.reopen(g.scope, card, date.today()), _("已重新开通，一切照旧。")
    )


@states.post("/administration/<slug>/move")
@needs("manage_tenants")
def move(slug: str) -> Response:
    townships = [
        (card.area, card.name) for card in tenants_below(g.scope) if card.level == "township"
    ]
    form = MoveForm()
    form.offer(townships)
    township = int(form.township.data) if form.validate() else 0
    return _done(
        slug,
        lambda card: move_community(g.scope, card, township),
        _("已移过去，编号已换，历史照旧。请恢复它。"),
    )


@states.post("/administration/<slug>/limits")
@needs("manage_tenants")
def limits(slug: str) -> Response | tuple[str, int]:
    card = tenant_below(g.scope, slug)
    form = LimitsForm()
    if not form.validate():
        return card_page(g.scope, card, limits=form), 422
    return _done(
        slug,
        lambda card: actions.set_limits(
            g.scope,
            card,
            members=form.most_members.data,
            imports=form.most_imports_an_hour.data,
            megabytes=form.most_megabytes.data,
        ),
        _("限额已保存，马上生效。"),
    )


def _done(slug: str, change: Callable[[TenantCard], object], words: str) -> Response:
    card = tenant_below(g.scope, slug)
    try:
        with saving():
            change(card)
    except BadBoundary as bad:
        flash(" ".join(fault_words(fault) for fault in bad.found), "error")
    except WanggeError as error:
        flash(told(error), "error")
    else:
        flash(words, "success")
    return redirect(url_for("administration.show", tenant=g.scope.slug, slug=slug))


def _reason() -> str:
    form = ReasonForm()
    return (form.reason.data or "") if form.validate() else ""
