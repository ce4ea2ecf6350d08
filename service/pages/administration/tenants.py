"""The tenants below an office: opened, given ground, given their first administrator."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask import Response as Answer
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.forms.administration import BoundaryForm, InviteForm, OpenTenantForm
from service.pages.administration.links import link_to
from service.pages.administration.showing import GroundFault, GroundPage, card_page, ground_page
from service.rights import ROLE_TITLES, needs
from service.saving import saving
from service.sentences import told
from tenants.administration.opening import Administrator, invite_administrator, open_ready
from tenants.errors import WanggeError
from tenants.mobility.pack_files import repository_packs
from tenants.organisations.below import (
    extent_below,
    grounds_below,
    tenant_below,
    tenants_below,
)
from tenants.organisations.opening import BadBoundary, Opening, redraw_boundary
from tenants.people.rules import may_give

administration = Blueprint("administration", __name__)


@administration.get("/administration")
@needs("see_tenants")
def index() -> str:
    """In the order of the area, with what state each is in."""
    return render_template("administration/index.html", tenants=tenants_below(g.scope))


@administration.route("/administration/open", methods=["GET", "POST"])
@needs("manage_tenants")
def start() -> str | tuple[str, int]:
    form = _offered(OpenTenantForm())
    if not form.is_submitted():
        return _form_page(form, None)
    ground = GroundFault.of(form)
    if form.validate() and not ground.faults:
        try:
            with saving():
                opened = open_ready(
                    g.scope,
                    _opening(form, ground),
                    date.today(),
                    pack_id=form.pack.data or "",
                    administrator=_administrator(form),
                )
        except BadBoundary as bad:
            ground = ground.because(bad.found)
        except WanggeError as error:
            flash(told(error), "error")
        else:
            return render_template(
                "administration/opened.html",
                opened=opened.scope,
                link=link_to(opened.token),
                email=form.admin_email.data,
                notices=ground.notices,
            )
    return _form_page(form, ground_page(g.scope, ground)), 422


@administration.get("/administration/around")
@needs("manage_tenants")
def around() -> Response:
    """The boundaries that are there, to draw beside."""
    features = ",".join(
        f'{{"type":"Feature","properties":{{}},"geometry":{shape}}}'
        for shape in grounds_below(g.scope)
    )
    return Answer(
        f'{{"type":"FeatureCollection","features":[{features}]}}',
        content_type="application/geo+json",
    )


@administration.get("/administration/<slug>")
@needs("see_tenants")
def show(slug: str) -> str:
    return card_page(g.scope, tenant_below(g.scope, slug))


@administration.post("/administration/<slug>/boundary")
@needs("manage_tenants")
def draw(slug: str) -> Response | tuple[str, int]:
    card = tenant_below(g.scope, slug)
    form = BoundaryForm()
    ground = GroundFault.of(form)
    if form.validate() and not ground.faults and ground.shape is not None:
        try:
            with saving():
                redraw_boundary(g.scope, card, ground.shape, date.today(), form.system.data)
        except BadBoundary as bad:
            ground = ground.because(bad.found)
        else:
            flash(_("边界已保存。以前的边界仍按日期保留。"), "success")
            return redirect(url_for("administration.show", tenant=g.scope.slug, slug=slug))
    return card_page(g.scope, card, boundary=form, ground=ground), 422


@administration.post("/administration/<slug>/invite")
@needs("manage_tenants")
def invite(slug: str) -> str | tuple[str, int]:
    """One more administrator; whoever else works there is the tenant's own business."""
    card = tenant_below(g.scope, slug)
    form = InviteForm()
    form.offer([(role, ROLE_TITLES[role]) for role in may_give(g.scope.role, card.level)])
    if form.validate():
        with saving():
            token = invite_administrator(
                g.scope, card, Administrator(form.shown_name.data, form.email.data)
            )
        return render_template(
            "administration/opened.html",
            opened=card.scope(g.scope),
            link=link_to(token),
            email=form.email.data,
            notices=(),
        )
    return card_page(g.scope, card, invite=form), 422


def _form_page(form: OpenTenantForm, ground: GroundPage | None) -> str:
    return render_template(
        "administration/open.html", form=form, ground=ground, bounds=extent_below(g.scope)
    )


def _offered(form: OpenTenantForm) -> OpenTenantForm:
    townships = [
        (card.area, card.name)
        for card in tenants_below(g.scope)
        if card.level == "township" and card.state == "open"
    ]
    packs: dict[str, str] = {pack.id: pack.title for pack in repository_packs()}
    form.offer(townships, packs.items())
    return form


def _opening(form: OpenTenantForm, ground: GroundFault) -> Opening:
    said: dict[str, Any] = {"level": form.level.data, "name": form.name.data}
    township = int(form.township.data) if form.township.data else None
    return Opening(
        **said,
        slug=form.slug.data or "",
        township=township,
        shape=ground.shape,
        language=form.language.data,
        system=form.system.data or "wgs84",
    )


def _administrator(form: OpenTenantForm) -> Administrator | None:
    if not form.admin_email.data:
        return None
    return Administrator(form.admin_name.data, form.admin_email.data)
