"""First talks: addresses to call at, and what was said there. No person is written down here."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.talks import OUTCOME_WORDS
from service.rights import needs
from service.saving import saving
from service.sentences import told
from service.written import day as written_day
from tenants.arrivals.talks import actions, lookups
from tenants.arrivals.talks.rules import MOST_ATTEMPTS, Following
from tenants.errors import Conflict, InvalidInput
from tenants.places.address_lookups import candidates_of
from tenants.places.buildings_lookups import building

talks = Blueprint("talks", __name__)


@talks.get("/talks")
@needs("register_arrivals")
def index() -> str:
    return _page("")


@talks.post("/talks/find")
@needs("register_arrivals")
def find() -> str:
    """Which building an address means. Posted: where somebody lives stands in no address."""
    return _page(request.form.get("address", "").strip()[: actions.LONGEST_ADDRESS])


def _page(address: str) -> str:
    found, one = candidates_of(g.scope, address) if address else ([], None)
    return render_template(
        "talks/index.html",
        addresses=lookups.addresses(g.scope),
        alone=lookups.addresses(g.scope, state="no_visit"),
        outcome_words=OUTCOME_WORDS,
        address=address,
        candidates=found,
        one=one,
        most=MOST_ATTEMPTS,
        today=date.today(),
    )


@talks.post("/talks")
@needs("register_arrivals")
def add() -> Response:
    chosen, address = request.form.get("building", ""), request.form.get("address", "")
    building_id = building(g.scope, _uuid(chosen)).id if chosen else None
    try:
        with saving():
            actions.put_on_the_list(g.scope, building_id, address, date.today())
    except (Conflict, InvalidInput) as refused:
        flash(told(refused), "error")
    else:
        flash(_("已列入首谈清单。只记地址，不记人。"), "success")
    return redirect(url_for("talks.index", tenant=g.scope.slug))


@talks.post("/talks/<uuid:talk_id>")
@needs("register_arrivals")
def outcome(talk_id: UUID) -> Response | str:
    """From the list of addresses, or from a line of today; there the line says what was kept."""
    said = request.form.get("outcome", "")
    wanted = None
    with suppress(ValueError):
        wanted = date.fromisoformat(request.form.get("next_on", ""))
    with saving():
        next_ = actions.keep_outcome(g.scope, talk_id, said, date.today(), wanted)
    if request.headers.get("HX-Request") and said != "declared":
        return render_template(
            "today/talked.html", talk_id=talk_id, words=_kept(next_), next_=next_
        )
    flash(
        _("这个地址已从清单删去。请登记本人。") if said == "declared" else _kept(next_), "success"
    )
    if said == "declared":
        return _go(url_for("arrivals.new", tenant=g.scope.slug))
    back = "today.show" if request.form.get("back") == "today" else "talks.index"
    return redirect(url_for(back, tenant=g.scope.slug))


def _kept(next_: Following) -> str:
    if next_.over:
        return _("这个地址已从清单删去，没有留下任何人的情况。")
    if next_.no_visit_until:
        return _("到 %(until)s 之前不再上门。", until=written_day(next_.no_visit_until))
    return _("%(day)s 再去。", day=written_day(next_.next_on))


def _go(address: str) -> Response:
    """To another page, also from a button that would only change its own line."""
    answer = redirect(address)
    if request.headers.get("HX-Request"):
        answer = Response(headers={"HX-Redirect": address})
    return answer


@talks.post("/talks/<uuid:talk_id>/again")
@needs("register_arrivals")
def again(talk_id: UUID) -> Response:
    with saving():
        actions.call_again(g.scope, talk_id)
    flash(_("已放回首谈清单。"), "success")
    back = "today.show" if request.form.get("back") == "today" else "talks.index"
    return redirect(url_for(back, tenant=g.scope.slug))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput("请选楼栋，或写下地址。") from error
